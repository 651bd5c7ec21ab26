"""Lists about people: customers, what may be one, and what is held apart."""

from dataclasses import dataclass

from flask import request, url_for
from werkzeug.wrappers import Response

from bpm.feedback import people, queries
from bpm.feedback.queries import BlockRow, CustomerRow, HeldRow, ProposalRow
from bpm.feedback.status import Voice
from bpm.foundation.db import Page
from bpm.foundation.texts import _
from bpm.identity import Permission, may
from web.core.paging import SIZE, after
from web.core.rendering import Choice, go_back, here, render, say
from web.core.request_context import actor, work
from web.core.security import needs
from web.customers.blueprint import blueprint, tabs

MOST_STAGES = 8


@dataclass(frozen=True)
class CustomersPage:
    """What customers/customers.html shows."""

    rows: tuple[CustomerRow, ...]
    after: int | None
    tabs: tuple[Choice, ...]
    voices: tuple[Choice, ...]
    stages: tuple[Choice, ...]
    text: str
    filtered: bool


@dataclass(frozen=True)
class ProposalsPage:
    """What customers/proposals.html shows."""

    rows: tuple[ProposalRow, ...]
    after: int | None
    tabs: tuple[Choice, ...]
    states: tuple[Choice, ...]
    settled: bool
    may_decide: bool


@dataclass(frozen=True)
class HeldPage:
    """What customers/held.html shows."""

    rows: tuple[HeldRow, ...]
    after: int | None
    blocked: Page[BlockRow]
    tabs: tuple[Choice, ...]
    may_act: bool


@blueprint.get("")
@needs(Permission.SEE_FEEDBACK)
def customers() -> str:
    text, voice, stage = (request.args.get(name, "") for name in ("text", "voice", "stage"))
    found = queries.list_customers(work(), text=text, voice=voice, stage=stage, after=after(), limit=SIZE)
    counts = queries.count_stages(work())
    known = sorted(counts, key=lambda name: -counts[name])[:MOST_STAGES]
    stages = [Choice(_("any"), here(stage=None, after=None), not stage)]
    stages += [Choice(name, here(stage=name, after=None), name == stage, counts[name]) for name in known]
    voices = [Choice(_("any"), here(voice=None, after=None), not voice)]
    voices += [Choice(each, here(voice=each, after=None), each == voice) for each in Voice]
    return render(
        "customers/customers.html",
        CustomersPage(
            found.rows, found.after, tabs("customers"), tuple(voices), tuple(stages), text, bool(text or voice or stage)
        ),
    )


@blueprint.get("/proposals")
@needs(Permission.SEE_FEEDBACK)
def proposals() -> str:
    settled = request.args.get("state") == "settled"
    found = queries.list_proposals(work(), settled=settled, after=after())
    states = (
        Choice(_("waiting"), here(state=None, after=None), not settled),
        Choice(_("decided"), here(state="settled", after=None), settled),
    )
    return render(
        "customers/proposals.html",
        ProposalsPage(found.rows, found.after, tabs("proposals"), states, settled, may(actor(), Permission.ANSWER)),
    )


@blueprint.post("/proposals/<int:proposal_id>/accept")
@needs(Permission.ANSWER)
def accept(proposal_id: int) -> Response:
    people.accept(work(), proposal_id)
    say(_("They are one now."), undo=_undo(proposal_id))
    return go_back("customers.proposals")


@blueprint.post("/proposals/<int:proposal_id>/decline")
@needs(Permission.ANSWER)
def decline(proposal_id: int) -> Response:
    people.decline(work(), proposal_id)
    say(_("They stay apart, and are not proposed again."), undo=_undo(proposal_id))
    return go_back("customers.proposals")


@blueprint.post("/proposals/<int:proposal_id>/reopen")
@needs(Permission.ANSWER)
def reopen(proposal_id: int) -> Response:
    people.reopen(work(), proposal_id)
    say(_("That is taken back; the proposal waits again."))
    return go_back("customers.proposals")


def _undo(proposal_id: int) -> str:

    return url_for("customers.reopen", proposal_id=proposal_id)


@blueprint.get("/held")
@needs(Permission.SEE_FEEDBACK)
def held() -> str:
    found = queries.list_held(work(), after=after(), limit=SIZE)
    blocked = queries.list_blocked(work(), after=after("blocked_after"), limit=SIZE)
    return render(
        "customers/held.html",
        HeldPage(found.rows, found.after, blocked, tabs("held"), may(actor(), Permission.ANSWER)),
    )


@blueprint.post("/held/<int:item_id>/release")
@needs(Permission.ANSWER)
def release(item_id: int) -> Response:
    people.release_item(work(), item_id)
    say(_("It is in the inbox now."))
    return go_back("customers.held")


@blueprint.post("/held/<int:item_id>")
@needs(Permission.ANSWER)
def hold(item_id: int) -> Response:

    people.hold_item(work(), item_id)
    say(
        _("Held apart as unwanted: it counts nowhere and starts nothing."),
        undo=url_for("customers.release", item_id=item_id),
    )
    return go_back("inbox.items")


@blueprint.post("/blocked/<int:block_id>/lift")
@needs(Permission.ANSWER)
def lift(block_id: int) -> Response:
    count = people.lift_block(work(), block_id)
    say(_("The block is lifted; items let in: %(count)s.") % {"count": count})
    return go_back("customers.held")

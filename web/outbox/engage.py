"""Engage: a person writes to the customer of an item, and reads what the gate says before it goes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from flask import request
from markupsafe import Markup
from werkzeug.datastructures import FileStorage

from bpm import attachments, audit
from bpm.attachments import Place as FilePlace
from bpm.feedback import outbound, portal, queries
from bpm.feedback.items import feedback_item
from bpm.feedback.models import OutboundMessage
from bpm.feedback.outbound import GateError, Place, TemplateRow, Verdict, Wish
from bpm.feedback.outbound.mentoring import Mentor, mentor_of, proposals, proposing
from bpm.feedback.outbound.mentoring.proposals import ProposalRow
from bpm.foundation.errors import InvalidInputError
from bpm.foundation.texts import _
from bpm.foundation.work import Work
from web.core.numbers import key_of
from web.core.rendering import render_part
from web.ui.task_dates import read_moment

MOST_FILES = 10
_NOTHING = Verdict("")
_EMPTY = dict.fromkeys(("text", "subject", "place", "identity", "copies", "template", "send_at"), "")


@dataclass(frozen=True)
class EngagePage:
    """What outbox/engage.html shows."""

    item_id: int
    open: bool
    author: str
    places: tuple[Place, ...]
    place: Place
    identities: tuple[tuple[str, str], ...]
    """(address, how a mail from it is signed)."""
    templates: tuple[TemplateRow, ...]
    written: Mapping[str, str]
    verdict: Verdict
    looked: bool
    """Whether the gate has seen any words."""
    confirmed: frozenset[str]
    errors: Mapping[str, str]
    files: str = ""
    waiting: tuple[ProposalRow, ...] = ()
    """Answers of those who learn that wait for their mentor."""


def engage_block(item_id: int, unit: Work, *, error: InvalidInputError | None = None) -> Markup:
    """The form for an item's page: empty, as it was left, or as it came back with its problem."""
    return render_part("outbox/engage.html", "engage", engage_page(unit, item_id, error=error))


def engage_page(
    unit: Work, item_id: int, *, given: Mapping[str, str] | None = None, error: InvalidInputError | None = None
) -> EngagePage:
    """The form with what is written, and what the gate says of it; `given`: as it was just sent."""
    came_back = given is not None or error is not None
    written = (given or dict(request.form.items())) if came_back else outbound.written_by(unit, item_id)
    wish, problems = _wish_or_problems(item_id, written)
    seen = outbound.look(unit, wish)
    looked = bool(wish.text.strip())
    verdict = error.verdict if isinstance(error, GateError) else seen.verdict
    errors = {} if error is None or isinstance(error, GateError) else dict(error.fields or {"text": error.message})
    return EngagePage(
        item_id=item_id,
        open=came_back or looked or "engage" in request.args,
        author=unit.actor.display_name,
        places=seen.places.all,
        place=seen.place,
        identities=tuple(
            (each.address, each.name_for(unit.actor.display_name)) for each in outbound.identities_of(unit)
        ),
        templates=outbound.usable_templates(unit, queries.topic_of(unit, item_id)),
        written={**_EMPTY, **written},
        verdict=verdict if looked else _NOTHING,
        looked=looked,
        confirmed=wish.confirmed,
        errors=errors | problems,
        waiting=tuple(row for row in proposals.list_proposals(unit, waiting=True, item_id=item_id)),
    )


def _wish_or_problems(item_id: int, given: Mapping[str, str]) -> tuple[Wish, dict[str, str]]:
    try:
        return wish_of(item_id, given), {}
    except InvalidInputError as error:
        return wish_of(item_id, {**given, "send_at": "", "copies": ""}), dict(error.fields)


def wish_of(item_id: int, given: Mapping[str, str], *, files: tuple[int, ...] = ()) -> Wish:
    """What the form says; InvalidInputError with `fields` for a time or an address that is none."""
    try:
        send_at = read_moment(given.get("send_at", "").strip())
    except InvalidInputError as error:
        raise InvalidInputError(error.message, remedy=error.remedy, fields={"send_at": str(error)}) from error
    return Wish(
        item_id,
        given.get("text", "").replace("\r\n", "\n"),
        subject=given.get("subject", ""),
        place=given.get("place", ""),
        identity=given.get("identity", ""),
        copies=outbound.read_copies(given.get("copies", "")),
        files=files,
        template_id=key_of(given.get("template", "")),
        send_at=send_at,
        confirmed=frozenset(request.form.getlist("confirmed")),
    )


def send_from_form(unit: Work, item_id: int, promised: Sequence[tuple[str, datetime]] = ()) -> OutboundMessage | Mentor:
    """Send what the form says, with its files; GateError and InvalidInputError leave nothing behind.

    Of who learns it waits for their mentor, who is given then, with what it promises.
    """
    sent = [each for each in request.files.getlist("file") if each.filename]
    if len(sent) > MOST_FILES:
        problem = _("At most %(number)s files.") % {"number": MOST_FILES}
        raise InvalidInputError(problem, fields={"file": problem})
    files = tuple(_keep(unit, item_id, each) for each in sent)
    wish = wish_of(item_id, request.form, files=files)
    wish = replace(wish, text=portal.put_links(unit, item_id, wish.text))
    mentor = mentor_of(unit, unit.actor.user_id)
    if mentor is None:
        return outbound.send(unit, wish)
    proposing.propose(unit, wish, promised=promised)
    return mentor


def _keep(unit: Work, item_id: int, sent: FileStorage) -> int:
    made = attachments.attach(unit, FilePlace("answer", item_id), sent.filename or "", sent.stream)
    after = {"file": made.name, "size": made.size, "type": made.media_type, "sha256": made.sha256}
    audit.record(unit, "file.attach", feedback_item(item_id), after=after)
    return made.id

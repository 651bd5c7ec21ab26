"""The outbox: what waits, what failed, what perhaps went, each with its reason and what can be done."""

from dataclasses import dataclass

from flask import request
from sqlalchemy import func, select

from bpm.feedback import queries
from bpm.feedback.models import OutboundStep
from bpm.feedback.queries import StepRow
from bpm.feedback.status import FAILED, MessageState
from bpm.foundation.texts import _
from bpm.foundation.work import Work
from bpm.identity import Permission
from web.core.paging import SIZE, after
from web.core.rendering import Choice, here, render
from web.core.request_context import actor, work
from web.core.security import needs
from web.outbox.blueprint import blueprint
from web.outbox.second_ways import SecondWay, second_way
from web.outbox.words import WORDS, Delivery, delivery

NEEDS = frozenset({*FAILED, MessageState.PERHAPS_SENT, MessageState.BY_HAND})
WAITS = frozenset({MessageState.CREATED, MessageState.HELD, MessageState.SENDING})
GONE = frozenset({MessageState.SENT, MessageState.DELIVERED, MessageState.SAID_BY_HAND})
VIEWS = (
    ("needs", _("Needs somebody"), NEEDS),
    ("waits", _("Waits"), WAITS),
    ("gone", _("Sent"), GONE),
    ("all", _("All"), frozenset[MessageState]()),
)


@dataclass(frozen=True)
class OutboxPage:
    """What outbox/outbox.html shows."""

    views: tuple[Choice, ...]
    authors: tuple[Choice, ...]
    rows: tuple[Delivery, ...]
    after: int | None


@dataclass(frozen=True)
class MessagePage:
    """What outbox/message.html shows."""

    message: Delivery
    steps: tuple[StepRow, ...]
    words: dict[MessageState, str]
    second: SecondWay | None
    """What takes over, and where else the person can be reached; None for a message that is in no trouble."""


@blueprint.get("")
@needs(Permission.ANSWER)
def messages() -> str:
    asked = request.args.get("view", "needs")
    view = asked if asked in {key for key, _label, _states in VIEWS} else "needs"
    states = next(states for key, _label, states in VIEWS if key == view)
    mine = request.args.get("by") == "me"
    found = queries.list_messages(
        work(), states=states, author_id=actor().user_id if mine else None, after=after(), limit=SIZE
    )
    counts = queries.count_messages(work())
    choices = tuple(
        Choice(
            label,
            here(view=None if key == "needs" else key),
            key == view,
            sum(counts.get(each, 0) for each in of) if key in ("needs", "waits") else None,
        )
        for key, label, of in VIEWS
    )
    authors = (Choice(_("everybody"), here(by=None), not mine), Choice(_("me"), here(by="me"), mine))
    page = OutboxPage(choices, authors, tuple(delivery(row) for row in found.rows), found.after)
    return render("outbox/outbox.html", page)


@blueprint.get("/messages/<int:message_id>")
@needs(Permission.ANSWER)
def message(message_id: int) -> str:
    """One message with all that became of it."""
    row = queries.get_message_row(work(), message_id)
    words = {state: word for state, (word, _tone) in WORDS.items()}
    steps = queries.steps_of(work(), message_id)
    return render("outbox/message.html", MessagePage(delivery(row), steps, words, second_way(work(), row)))


def fingerprint(unit: Work) -> str:
    """The newest step of any message."""
    return str(unit.session.scalar(select(func.max(OutboundStep.id))) or 0)

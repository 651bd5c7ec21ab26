"""The promises to one customer as they stand on the page of the customer, of an item and of a task."""

from dataclasses import dataclass

from bpm.feedback import promises
from bpm.feedback.promises import PromiseRow, Proposed, ProposedOfReply
from bpm.identity import Permission, may
from web.core.request_context import actor, work
from web.ui.formats import reader_zone
from web.ui.task_dates import local_input


@dataclass(frozen=True)
class PromisesPanel:
    """What promises/_panel.html shows."""

    rows: tuple[PromiseRow, ...]
    proposed: tuple[tuple[ProposedOfReply, str], ...]
    """What our replies promise and nobody made a promise of, with its time as a field holds it."""
    customer_id: int | None
    item_id: int | None
    may_answer: bool


@dataclass(frozen=True)
class Tick:
    """A sentence of a reply that is being written, for its author to make a promise of."""

    number: int
    proposed: Proposed
    until: str
    is_ticked: bool


def panel_of(
    customer_id: int | None, *, item_id: int | None = None, conversation_id: int | None = None
) -> PromisesPanel:
    """The promises to a customer, or about an item whose customer nobody knows."""
    proposed: tuple[tuple[ProposedOfReply, str], ...] = ()
    if conversation_id is not None and may(actor(), Permission.ANSWER):
        found = promises.proposed_in_replies(work(), conversation_id, reader_zone())
        proposed = tuple((each, local_input(each.proposed.until)) for each in found)
    return PromisesPanel(
        rows=promises.promises_to(work(), customer_id, item_id=item_id),
        proposed=proposed,
        customer_id=customer_id,
        item_id=item_id,
        may_answer=may(actor(), Permission.ANSWER),
    )

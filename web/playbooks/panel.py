"""What the page of an item shows of playbooks: those that it is worked on by, and those that fit it."""

from dataclasses import dataclass

from bpm.feedback import playbooks
from bpm.feedback.playbooks import PlaybookRow, Situation, Use
from bpm.feedback.queries import ItemRow
from bpm.identity import Permission, may
from web.core.request_context import actor, work


@dataclass(frozen=True)
class PlaybookPanel:
    """What playbooks/_panel.html shows."""

    item_id: int
    uses: tuple[Use, ...]
    offered: tuple[PlaybookRow, ...]
    may_work: bool
    errors: dict[str, str]
    whys: dict[str, str]


def playbook_panel(
    row: ItemRow, *, errors: dict[str, str] | None = None, whys: dict[str, str] | None = None
) -> PlaybookPanel:
    """Nothing is offered that was begun already, or once the item is decided."""
    uses = playbooks.uses_on(work(), row.first_id)
    may_work = may(actor(), Permission.ANSWER)
    found = playbooks.offered(work(), Situation(row.topic, row.primary, row.sentiment)) if may_work else ()
    begun = {(use.playbook_id, use.number) for use in uses}
    return PlaybookPanel(
        item_id=row.id,
        uses=uses,
        offered=tuple(each for each in found if (each.id, each.number) not in begun and row.decision is None),
        may_work=may_work,
        errors=errors or {},
        whys=whys or {},
    )

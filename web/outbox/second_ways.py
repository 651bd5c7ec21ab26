"""What there is where a message does not get through: a second mail server, or the other ways to the same person."""

from dataclasses import dataclass

from bpm.feedback.items import get_current
from bpm.feedback.outbound import places_of
from bpm.feedback.queries import MessageRow
from bpm.feedback.status import FAILED, Channel, MessageState
from bpm.foundation.errors import EarshotError
from bpm.foundation.texts import _
from bpm.foundation.work import Work


@dataclass(frozen=True)
class SecondWay:
    """What takes over by itself, or that nothing does; and where else the person can be reached."""

    says: str
    others: tuple[str, ...]


def second_way(work: Work, row: MessageRow) -> SecondWay | None:
    """None for a message that is not in trouble."""
    if row.state not in FAILED | {MessageState.PERHAPS_SENT}:
        return None
    return SecondWay(_takes_over(work, row), _others(work, row))


def _takes_over(work: Work, row: MessageRow) -> str:
    if row.channel != Channel.EMAIL:
        return _("This channel has one provider alone, its own: no second one takes over when it fails.")
    if work.settings.smtp_second:
        return _("Where the mail server cannot be reached, the second one takes over by itself.")
    return _("There is no second mail server that would take over (EARSHOT_SMTP_SECOND).")


def _others(work: Work, row: MessageRow) -> tuple[str, ...]:
    """The other places of the item, by hand last; none where it is gone."""
    if row.item_id is None:
        return ()
    try:
        places = places_of(work, get_current(work, row.item_id)).all
    except EarshotError:
        return ()
    return tuple(each.label for each in places if (each.way, each.to) != (row.way, row.to))

"""Due dates and priorities as people write and read them: moments in the reader's zone, priorities in words."""

from datetime import UTC, datetime

from bpm.engine.models import NORMAL_PRIORITY
from bpm.foundation.errors import InvalidInputError
from bpm.foundation.texts import _
from web.ui.formats import reader_zone

URGENT = 90
"""Priority from which on a task is urgent."""
PRIORITIES = ((25, _("low")), (NORMAL_PRIORITY, _("normal")), (75, _("high")), (100, _("urgent")))
"""(number, word) of those that are offered."""


def priority_word(priority: int) -> str:
    """low, normal, high or urgent, whatever number the model has written."""
    if priority == NORMAL_PRIORITY:
        return _("normal")
    if priority < NORMAL_PRIORITY:
        return _("low")
    return _("urgent") if priority >= URGENT else _("high")


def priority_choices(priority: int) -> tuple[tuple[int, str, bool], ...]:
    """[(number, word, whether it is the one now)]; the task's own number stands for its word."""
    now = priority_word(priority)
    return tuple((priority if word == now else number, word, word == now) for number, word in PRIORITIES)


def local_input(moment: datetime | None) -> str:
    """A moment as a browser's field for date and time holds it, in the reader's zone."""
    return "" if moment is None else f"{moment.astimezone(reader_zone()):%Y-%m-%dT%H:%M}"


def read_moment(text: str) -> datetime | None:
    """A moment as a browser's field writes it, in the reader's zone, or with a distance to UTC of its own; None: none.

    Raises InvalidInputError.
    """
    try:
        moment = datetime.fromisoformat(text) if text else None
        if moment is None:
            return None
        return (moment if moment.tzinfo else moment.replace(tzinfo=reader_zone())).astimezone(UTC)
    except (ValueError, OverflowError):
        raise InvalidInputError(
            _("%(text)s is no date.") % {"text": text}, remedy=_("Write for example 2026-03-31T12:00.")
        ) from None

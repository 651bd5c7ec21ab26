"""What a date in a file can mean: the instant, how its column writes dates, or why there is none."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo

from bpm.feedback.channels.values.clock import Clock


@dataclass(frozen=True)
class Habit:
    """How one column writes its dates.

    `order` (`dmy`, `mdy`, `ymd`, empty: nothing tells) settles 03/04/2026, `zone` a time without zone, `serial` says
    that bare numbers count days as Excel does, from a day that lies `first_day` days after Excel's usual one.
    """

    order: str = ""
    zone: tzinfo | None = None
    serial: bool = False
    first_day: int = 0


class DateError(ValueError):
    """Why a written date says no instant; the message is a sentence for people."""


class TwoDatesError(DateError):
    """It can be two dates and nothing tells which."""


@dataclass(frozen=True)
class WrittenDate:
    """An instant in UTC; `zoned`: its zone was told, `timed`: it names a time of day, `doubt`: what is not sure."""

    instant: datetime
    zoned: bool = True
    timed: bool = True
    doubt: str = ""


def moment_at(day: tuple[int, int, int], clock: Clock, habit: Habit, *, timed: bool) -> WrittenDate:
    """The instant of (year, month, day) and a time of day; ValueError when the calendar has none."""
    midnight = clock.hour == 24 and not clock.minute and not clock.second
    hour = 0 if midnight else clock.hour
    zone = clock.zone or habit.zone
    moment = datetime(*day, hour, clock.minute, clock.second, clock.micro, tzinfo=zone or UTC)
    instant = (moment + timedelta(days=midnight)).astimezone(UTC)
    return WrittenDate(instant, zoned=zone is not None, timed=timed, doubt=clock.doubt)

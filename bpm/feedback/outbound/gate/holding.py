"""Until when a message is held: quiet hours of the company, or the hours that the customer named. Pure."""

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from bpm.feedback.outbound.gate.facts import Facts
from bpm.feedback.outbound.gate.quiet import Hours, next_allowed
from bpm.feedback.outbound.gate.verdict import Remark
from bpm.foundation.texts import _

AT_ALL_HOURS = frozenset({"portal_code"})
"""Kinds that somebody asked for this very moment."""


def held(facts: Facts) -> tuple[datetime | None, Remark | None]:
    """Until when it waits, and why; by hand a person sees what hour it is."""
    start = max(facts.now, facts.send_at) if facts.send_at is not None else facts.now
    if not facts.leaves or facts.kind in AT_ALL_HOURS or (facts.is_waiting and facts.send_at is None):
        return None, None
    allowed = next_allowed(start, facts.zones, facts.quiet)
    if allowed <= start:
        return None, None
    return allowed, Remark(*_why_held(facts, start, allowed))


def _why_held(facts: Facts, start: datetime, allowed: datetime) -> tuple[str, str]:
    zone = (*facts.zones, "UTC")[0]
    told = {"at": f"{start.astimezone(ZoneInfo(zone)):%H:%M}", "zone": zone, "then": f"{allowed:%d %b, %H:%M}"}
    if not facts.are_their_hours or facts.quiet is None:
        said = _("It is %(at)s where they are (%(zone)s), within quiet hours: it goes on %(then)s UTC.")
        return "quiet_hours", said % told
    said = _(
        "They like to be spoken to from %(from)s to %(until)s, and it is %(at)s where they are (%(zone)s): "
        "it goes on %(then)s UTC."
    )
    return "their_hours", said % (told | _their_hours(facts.quiet))


def _their_hours(quiet: Hours) -> dict[str, str]:
    return {"from": f"{quiet[1]:%H:%M}", "until": f"{quiet[0]:%H:%M}"}


def at_another_hour(facts: Facts) -> Iterator[Remark]:
    """What is said by hand is not held: whoever says it knows at what hour the customer likes it."""
    if not facts.are_their_hours or facts.quiet is None or facts.leaves or facts.is_waiting:
        return
    if next_allowed(facts.now, facts.zones, facts.quiet) > facts.now:
        said = _("They like to be spoken to from %(from)s to %(until)s.") % _their_hours(facts.quiet)
        yield Remark("their_hours", said, _("Say it then."))

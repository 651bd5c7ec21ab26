"""What a picture is of: a version of a process of ours, or a process elsewhere; its period, and the other pictures."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import request, url_for

from bpm.engine import queries as engine_queries
from bpm.engine.queries import VersionRow
from bpm.engine.status import VersionStatus
from bpm.foundation.errors import NotFoundError
from bpm.foundation.texts import _
from bpm.foundation.work import Work
from bpm.processes import outside, paths
from bpm.processes.paths import Trace
from web.core.numbers import key_of
from web.core.rendering import Choice, here
from web.designer.processes import Head, head_of
from web.measures.periods import asked_period, choices

PICTURES = (
    ("pictures.cost", "", _("Cost")),
    ("pictures.variants", "pictures.variants_elsewhere", _("Variants")),
    ("pictures.ways", "pictures.ways_elsewhere", _("Ways")),
    ("pictures.hand_overs", "pictures.hand_overs_elsewhere", _("Hand-overs")),
    ("pictures.side_by_side", "", _("Versions side by side")),
)
"""(endpoint of a process of ours, of one elsewhere, label)"""
DAYS = (30, 90, 365)


@dataclass(frozen=True)
class Pictured:
    """`version` is the number, 0 for a process elsewhere; `about` says version and period in one line."""

    key: str
    name: str
    head: Head | None
    version: int
    version_id: int
    since: datetime
    until: datetime
    periods: tuple[Choice, ...]
    versions: tuple[Choice, ...]
    pictures: tuple[Choice, ...]
    about: str

    def traces(self, unit: Work) -> Iterator[Trace]:
        """Its cases."""
        if self.head is None:
            return paths.read_outside(unit, self.version_id, since=self.since, until=self.until)
        return paths.read_traces(unit, self.key, self.version_id, since=self.since, until=self.until)


def of_ours(unit: Work, key: str) -> Pictured:
    """The version of ?version=, else the live one, else the newest; cases that were started in the period."""
    period, versions = asked_period(unit.now()), engine_queries.list_versions(unit, key)
    version = asked_version(key, versions)
    head = head_of(key, versions)
    return Pictured(
        key=key,
        name=head.name,
        head=head,
        version=version.number,
        version_id=version.id,
        since=period.since,
        until=period.until,
        periods=choices(period),
        versions=tuple(Choice(str(each.number), here(version=each.number), each is version) for each in versions),
        pictures=_pictures(key, elsewhere=False, version=version.number, days=period.days),
        about=_("version %(number)s, cases started from %(period)s")
        % {"number": version.number, "period": period.label},
    )


def asked_version(key: str, versions: list[VersionRow]) -> VersionRow:
    """The version of ?version= (its number), else the live one, else the newest; NotFoundError."""
    number = request.args.get("version", "")
    live = [each for each in versions if each.status == VersionStatus.LIVE]
    wanted = [each for each in versions if str(each.number) == number] if number else live or versions
    if not wanted:
        raise NotFoundError(_("The process “%(key)s” has no such version.") % {"key": key})
    return wanted[0]


def elsewhere(unit: Work, key: str) -> Pictured:
    """A process whose log was imported; the period ends with the log."""
    row = outside.get_outside(unit, key)
    days = key_of(request.args.get("days", ""))
    until = row.last_at + timedelta(seconds=1) if row.last_at else unit.now()
    since = until - timedelta(days=days) if days else row.first_at or until
    spans = tuple(Choice(_("last %(n)s days") % {"n": each}, here(days=each), each == days) for each in DAYS)
    return Pictured(
        key=key,
        name=row.name,
        head=None,
        version=0,
        version_id=row.id,
        since=since,
        until=until,
        periods=(Choice(_("all"), here(days=None), not days), *spans),
        versions=(),
        pictures=_pictures(key, elsewhere=True, days=days),
        about=_("by its log, %(since)s to %(until)s") % {"since": f"{since:%Y-%m-%d}", "until": f"{until:%Y-%m-%d}"},
    )


def _pictures(key: str, *, elsewhere: bool, **asked: Any) -> tuple[Choice, ...]:
    ends = [(other if elsewhere else ours, label) for ours, other, label in PICTURES]
    return tuple(Choice(label, url_for(end, key=key, **asked), request.endpoint == end) for end, label in ends if end)

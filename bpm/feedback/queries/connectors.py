"""Connections as screens show them: their state, when they are asked next, and which have fallen silent."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from bpm.feedback.connectors import Ability, Kind, abilities_of, get_kind
from bpm.feedback.models import Connector, FeedbackItem, WebForm, WebhookSource
from bpm.foundation.errors import NotFoundError
from bpm.foundation.texts import _
from bpm.foundation.work import Work

LOOKED_AT = 50
"""The latest items of a source by which its usual gap is told."""
FEWEST_GAPS = 3
"""With fewer gaps nobody knows what is usual."""
SILENT_AFTER = 3
"""Usual gaps without an item after which a source counts as silent."""


@dataclass(frozen=True)
class ConnectorRow:
    """One connection."""

    id: int
    kind: Kind
    name: str
    source: str
    channel: str
    settings: dict[str, str]
    every_seconds: int
    next_at: datetime
    last_polled_at: datetime | None
    last_success_at: datetime | None
    last_error: str
    failures: int
    paused: bool

    @property
    def state(self) -> str:
        """paused | failing | waiting (never asked yet) | working"""
        if self.paused:
            return "paused"
        if self.failures:
            return "failing"
        return "working" if self.last_success_at else "waiting"

    @property
    def values(self) -> dict[str, str]:
        """What its form is filled in with."""
        return {**self.settings, "name": self.name, "channel": self.channel, "every": str(self.every_seconds)}


@dataclass(frozen=True)
class SourceCoverage:
    """How a source that should bring items does; `usual_gap` is None while too little is known."""

    name: str
    source: str
    channel: str
    last_item_at: datetime | None
    usual_gap: timedelta | None
    state: str
    """heard | silent | failing | paused | nothing yet"""
    why: str = ""

    @property
    def is_stale(self) -> bool:
        return self.state in {"silent", "failing", "paused"}


def list_connectors(work: Work) -> list[ConnectorRow]:
    """All connections by name."""
    return [_row(each) for each in work.session.scalars(select(Connector).order_by(Connector.name))]


def find_connector(work: Work, connector_id: int) -> ConnectorRow:
    """One connection, or NotFoundError."""
    row = work.session.get(Connector, connector_id)
    if row is None:
        raise NotFoundError(_("There is no source %(id)s.") % {"id": connector_id})
    return _row(row)


def _row(row: Connector) -> ConnectorRow:
    return ConnectorRow(
        row.id,
        get_kind(row.kind),
        row.name,
        row.source,
        row.channel,
        {name: str(value) for name, value in row.settings.items()},
        row.every_seconds,
        row.next_at,
        row.last_polled_at,
        row.last_success_at,
        row.last_error,
        row.failures,
        row.paused,
    )


@dataclass(frozen=True)
class ChannelScore:
    """How far a channel is joined to the house: what the sources in use for it can do together."""

    channel: str
    abilities: frozenset[Ability]
    sources: tuple[str, ...]

    @property
    def score(self) -> int:
        """How many of all abilities."""
        return len(self.abilities)

    @property
    def missing(self) -> frozenset[Ability]:
        return frozenset(Ability) - self.abilities


def list_channel_scores(work: Work) -> list[ChannelScore]:
    """Each channel for which a source is in use, told from what kinds of sources can do; nothing is typed in."""
    told = [(row.channel, row.kind.name, row.name) for row in list_connectors(work) if not row.paused]
    for table in (WebhookSource, WebForm):
        active = select(table.channel, table.name).where(table.active).order_by(table.name)
        told += [(channel, "", name) for channel, name in work.session.execute(active) if channel]
    able: dict[str, set[Ability]] = {}
    names: dict[str, list[str]] = {}
    for channel, kind, name in told:
        able.setdefault(channel, set()).update(abilities_of(work, kind, channel))
        names.setdefault(channel, []).append(name)
    return [ChannelScore(each, frozenset(able[each]), tuple(names[each])) for each in sorted(able)]


def list_source_coverage(work: Work) -> list[SourceCoverage]:
    """Every connection and webhook with whether it is heard, those that are not first.

    A source is silent once nothing came for SILENT_AFTER times its usual gap: the mean one between its latest items,
    by when they were said, so that many at once and long nights count as they are.
    """
    found = [_covered(work, each.name, each.source, each.channel, _trouble(each)) for each in list_connectors(work)]
    hooks = work.session.scalars(select(WebhookSource).order_by(WebhookSource.name))
    for hook in hooks:
        off = ("", "") if hook.active else ("paused", _("It is switched off."))
        found.append(_covered(work, hook.name, hook.source, hook.channel, off))
    return sorted(found, key=lambda each: (not each.is_stale, each.name.casefold()))


def _trouble(row: ConnectorRow) -> tuple[str, str]:
    if row.state == "failing":
        return "failing", row.last_error
    return ("paused", _("It is paused.")) if row.state == "paused" else ("", "")


def _covered(work: Work, name: str, source: str, channel: str, trouble: tuple[str, str]) -> SourceCoverage:
    last, gap = usual_gap(work, source)
    state, why = trouble
    if not state:
        state = "heard" if last else "nothing yet"
        if last is not None and gap is not None and work.now() - last > SILENT_AFTER * gap:
            state, why = "silent", _("Nothing came for more than three times its usual gap.")
    return SourceCoverage(name, source, channel, last, gap, state, why)


def usual_gap(work: Work, source: str) -> tuple[datetime | None, timedelta | None]:
    """(when its latest item was said, the mean gap between the latest ones); None for what is not known."""
    of_source = (FeedbackItem.source == source, FeedbackItem.current)
    query = select(FeedbackItem.placed_at).where(*of_source).order_by(FeedbackItem.placed_at.desc()).limit(LOOKED_AT)
    latest = work.session.scalars(query).all()
    if len(latest) <= FEWEST_GAPS:
        return (latest[0] if latest else None), None
    return latest[0], max((latest[0] - latest[-1]) / (len(latest) - 1), timedelta(minutes=1))

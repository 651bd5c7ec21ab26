"""New, changed or already known: what each item of a batch is beside the versions that are stored.

Numbered, because sources repeat themselves, reuse ids and send late what is old:
1. Versions of runs that were undone do not stand. An item without a standing version is new (or shown again).
2. The newest version is the one that its source changed last; one without a time of change is the original, and of
   two without, the one that came last.
3. The same content as the newest is known already; so is that of an older one, unless the source changed it back.
4. Other content under a key that plainly belongs to something else (see `keys`) becomes an item of its own.
5. What is older than the newest comes late: it is kept as a version, and never current.
6. Other content else is a change; so is another author, to whom the words then move.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Literal, cast

from sqlalchemy import Table, bindparam, select

from bpm.feedback.conversations.board import Placement
from bpm.feedback.customers import Address, Recognised, addresses_of, points_of
from bpm.feedback.intake.keys import Known, key_apart, other_author, reused, weakly_reused
from bpm.feedback.intake.normalise import content_hash
from bpm.feedback.models import FeedbackItem, ImportHeld, ImportRun
from bpm.feedback.raw_item import RawItem
from bpm.feedback.status import ImportStatus, Voice
from bpm.foundation.db import among
from bpm.foundation.work import Work

ITEM, RUN = (cast("Table", each.__table__) for each in (FeedbackItem, ImportRun))

Outcome = Literal["new", "changed", "skipped"]

FEWEST_REUSED = 3
"""So many rows under known keys, and half of a batch, must tell other things before keys count as reused."""

_LONG_AGO = datetime(1, 1, 2, tzinfo=UTC)


@dataclass(eq=False)
class Version:
    """One stored or coming version of an item."""

    id: int | None
    natural_key: str
    content_hash: str
    number: int
    first: "Version | None"
    current: bool
    revised_at: datetime | None
    customer_id: int | None = None
    conversation_id: int | None = None
    episode_id: int | None = None
    said_at: datetime | None = None
    placed_at: datetime | None = None
    run_id: int | None = None
    standing: bool = True
    """False when every run that brought it was undone."""
    author_name: str = ""
    text: str = ""
    addresses: tuple[Address, ...] = ()
    """Contact points of whoever said it."""
    held_because: str = ""
    voice: Voice = Voice.CUSTOMER

    @property
    def rank(self) -> tuple[datetime, int]:
        return self.revised_at or _LONG_AGO, self.number

    @property
    def known(self) -> Known:
        return Known(self.text, self.author_name, self.said_at, self.addresses)


@dataclass(eq=False)
class Plan:
    """What to do with one raw item of the batch."""

    raw: RawItem
    said_at: datetime | None
    placed_at: datetime
    version: Version
    outcome: Outcome
    before: Version | None = None
    """The version that this one supersedes."""
    restored: bool = False
    late: bool = False
    """It is older than what is here: kept as a version, never current."""
    moved: bool = False
    """Its words go to another author than those of the version before."""
    warning: str = ""
    recognised: Recognised | None = None
    joined: Placement | None = None
    held_because: str = ""
    voice: Voice = Voice.CUSTOMER


_Versions = dict[tuple[str, str], list[Version]]


@dataclass
class _Batch:
    """What is known of the keys of one batch; coming versions are noted, so that a repetition finds them."""

    known: _Versions
    run_id: int | None
    now: datetime
    reused: bool = False
    """Half of it tells other things under keys that are known: the keys are not of these things."""
    held: set[int] = field(default_factory=set)
    """Items that this batch has found again by the key that an older release gave them."""


def plan_all(work: Work, raws: Sequence[RawItem], now: datetime, *, run_id: int | None = None) -> list[Plan]:
    """What to do with each (already normalised) item, in order. Writes nothing."""
    batch = _Batch(_versions(work, raws), run_id, now)
    _learn_authors(work, batch.known, raws)
    batch.reused = _are_reused(batch, raws)
    batch.held = _held_under_old_keys(work, batch, raws)
    return [_plan_one(raw, batch) for raw in raws]


_STORED = (
    select(
        ITEM.c.id, ITEM.c.natural_key, ITEM.c.content_hash, ITEM.c.version, ITEM.c.current, ITEM.c.revised_at,
        ITEM.c.customer_id, ITEM.c.conversation_id, ITEM.c.episode_id, ITEM.c.said_at, ITEM.c.placed_at,
        ITEM.c.import_run_id, ITEM.c.author_name, RUN.c.status, ITEM.c.held_because, ITEM.c.voice,
    )
    .outerjoin(RUN, RUN.c.id == ITEM.c.import_run_id)
    .where(ITEM.c.source == bindparam("of_source"), among(ITEM.c.natural_key, "keys"))
    .order_by(ITEM.c.version)
)  # fmt: skip


def _versions(work: Work, raws: Sequence[RawItem]) -> _Versions:
    known: _Versions = {}
    for source, group in _by_source(raws).items():
        keys = {key for raw in group for key in (raw.natural_key, key_apart(raw), raw.former_key) if key}
        for row in work.session.execute(_STORED, {"of_source": source, "keys": sorted(keys)}):
            versions = known.setdefault((source, row.natural_key), [])
            versions.append(
                Version(
                    row.id, row.natural_key, row.content_hash, row.version, versions[0] if versions else None,
                    row.current, row.revised_at, row.customer_id, row.conversation_id, row.episode_id, row.said_at,
                    row.placed_at, row.import_run_id, row.current or row.status != ImportStatus.UNDONE,
                    row.author_name, held_because=row.held_because, voice=row.voice,
                )
            )  # fmt: skip
    return known


def _learn_authors(work: Work, known: _Versions, raws: Sequence[RawItem]) -> None:
    """Who said what is known already, and the words of those that differ: only what the decision needs is read."""
    newest = {key: version for key, versions in known.items() if (version := _newest(versions)) is not None}
    points = points_of(work, {version.customer_id for version in newest.values() if version.customer_id is not None})
    for version in newest.values():
        version.addresses = tuple(points.get(version.customer_id or 0, ()))
    differing = [
        version
        for raw in raws
        if (version := newest.get((raw.source, raw.natural_key))) is not None
        and version.content_hash != content_hash(raw)
    ]
    for start in range(0, len(differing), 500):
        part = {version.id: version for version in differing[start : start + 500]}
        for item_id, text in work.session.execute(
            select(FeedbackItem.id, FeedbackItem.text).where(FeedbackItem.id.in_(part))
        ):
            part[item_id].text = text


def _are_reused(batch: _Batch, raws: Sequence[RawItem]) -> bool:
    """Whether at least half of what has a known key tells other things than what is known under it."""
    told = [(raw, _newest(batch.known.get((raw.source, raw.natural_key), []))) for raw in raws]
    both = [(raw, version) for raw, version in told if version is not None and version.run_id != batch.run_id]
    other = sum(
        version.content_hash != content_hash(raw) and version.revised_at is None and weakly_reused(raw, version.known)
        for raw, version in both
    )
    return other >= FEWEST_REUSED and 2 * other >= len(both)


def _held_under_old_keys(work: Work, batch: _Batch, raws: Sequence[RawItem]) -> set[int]:
    """Items that the run has found again already, in an earlier batch, by keys of an older release."""
    old = [v.id for raw in raws if raw.former_key for v in batch.known.get((raw.source, raw.former_key), []) if v.id]
    if not old or batch.run_id is None:
        return set()
    held = select(ImportHeld.item_id).where(ImportHeld.run_id == batch.run_id, ImportHeld.item_id.in_(old))
    return set(work.session.scalars(held))


def _plan_one(raw: RawItem, batch: _Batch) -> Plan:
    """Decide on one item and note the coming version."""
    apart = batch.known.get((raw.source, key_apart(raw)), [])
    if any(version.standing and version.content_hash == content_hash(raw) for version in apart):
        raw = replace(raw, natural_key=key_apart(raw))
    versions = _versions_of(raw, batch)
    if versions and versions[0].natural_key != raw.natural_key:
        raw = replace(raw, natural_key=versions[0].natural_key)
    newest = _newest(versions)
    if newest is None:
        return _shown_again(raw, versions, batch) or _fresh(raw, versions, batch)
    other = other_author(raw, newest.known)
    if _is_something_else(raw, newest, batch):
        told = f"Its id {raw.natural_key[:80]!r} belongs to something else already, so it is an item of its own."
        return replace(_plan_one(replace(raw, natural_key=key_apart(raw)), batch), warning=told)
    return _beside(raw, versions, newest, batch, moved=other is True)


def _versions_of(raw: RawItem, batch: _Batch) -> list[Version]:
    """By its key, or by the one that a release before gave to rows without a key, once a file."""
    versions = batch.known.setdefault((raw.source, raw.natural_key), [])
    if versions or not raw.former_key:
        return versions
    old = batch.known.get((raw.source, raw.former_key), [])
    newest = _newest(old)
    if newest is None or newest.id is None or newest.id in batch.held or newest.run_id == batch.run_id is not None:
        return versions
    if newest.content_hash != content_hash(raw):
        return versions
    batch.held.add(newest.id)
    return old


def _is_something_else(raw: RawItem, newest: Version, batch: _Batch) -> bool:
    if raw.revised_at is not None or raw.natural_key == key_apart(raw) or raw.former_key:
        return False
    same_words = newest.content_hash == content_hash(raw)
    same_file = batch.run_id is not None and newest.run_id == batch.run_id
    if reused(raw, newest.known, same_words=same_words, same_file=same_file):
        return True
    return batch.reused and not same_words and newest.revised_at is None and weakly_reused(raw, newest.known)


def _beside(raw: RawItem, versions: list[Version], newest: Version, batch: _Batch, *, moved: bool) -> Plan:
    """What an item is beside the newest version of the same thing."""
    content = content_hash(raw)
    later = raw.revised_at is not None and (newest.revised_at is None or raw.revised_at > newest.revised_at)
    late = newest.revised_at is not None and (raw.revised_at is None or raw.revised_at < newest.revised_at)
    same = next((v for v in reversed(versions) if v.standing and v.content_hash == content), None)
    if newest.content_hash == content and not (moved and not late):
        return _plan(raw, newest, "skipped", batch)
    if same is not None and same is not newest and not later:
        return _plan(raw, same, "skipped", batch)
    version = _coming(raw, versions, batch, current=not late)
    if late:
        version.customer_id, version.conversation_id = newest.customer_id, newest.conversation_id
        version.episode_id = newest.episode_id
        return replace(_plan(raw, version, "skipped", batch), late=True)
    newest.current = False
    return replace(_plan(raw, version, "changed", batch), before=newest, moved=moved)


def _shown_again(raw: RawItem, versions: list[Version], batch: _Batch) -> Plan | None:
    """An item whose runs were undone and that comes again with the same content."""
    same = next((version for version in reversed(versions) if version.content_hash == content_hash(raw)), None)
    if same is None:
        return None
    same.current = same.standing = True
    same.run_id, same.addresses, same.text = batch.run_id, tuple(addresses_of(raw)), raw.text
    return replace(_plan(raw, same, "new", batch), restored=True)


def _fresh(raw: RawItem, versions: list[Version], batch: _Batch) -> Plan:
    return _plan(raw, _coming(raw, versions, batch, current=True), "new", batch)


def _coming(raw: RawItem, versions: list[Version], batch: _Batch, *, current: bool) -> Version:
    plan = _plan(raw, None, "new", batch, versions)
    version = Version(
        None, raw.natural_key, content_hash(raw), versions[-1].number + 1 if versions else 1,
        versions[0] if versions else None, current=current, revised_at=raw.revised_at, said_at=plan.said_at,
        placed_at=plan.placed_at, run_id=batch.run_id, author_name=raw.author_name, text=raw.text,
        addresses=tuple(addresses_of(raw)),
    )  # fmt: skip
    versions.append(version)
    return version


def _plan(
    raw: RawItem, version: Version | None, outcome: Outcome, batch: _Batch, versions: Iterable[Version] = ()
) -> Plan:
    """A plan with the dates of the item: its own, else those of what is known of it."""
    before = version or next((each for each in versions if each.standing), None)
    said_at = raw.said_at or (before.said_at if before else None)
    placed_at = said_at or (before.placed_at if before else None) or batch.now
    return Plan(raw, said_at, placed_at, version or _NONE, outcome)


_NONE = Version(None, "", "", 0, None, current=False, revised_at=None)


def _newest(versions: Sequence[Version]) -> Version | None:
    return max((version for version in versions if version.standing), key=lambda version: version.rank, default=None)


def _by_source(raws: Sequence[RawItem]) -> dict[str, list[RawItem]]:
    grouped: dict[str, list[RawItem]] = defaultdict(list)
    for raw in raws:
        grouped[raw.source].append(raw)
    return grouped

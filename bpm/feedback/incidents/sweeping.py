"""The worker's part: it feeds reports to the detector, proposes and fills incidents, and reminds of promised words.

1. A watch keeps the detector in its process. At first it learns from the last weeks in the order in which things were
   said; from then on it is fed what was classified since, and no row is read twice.
2. What was said long ago and came in late (an import, a new source) is history: it is no news of this hour.
3. A theme has one incident under way at most. One that people dismissed is left alone for half a day.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import Select, Table, and_, exists, func, select, update

from bpm import identity, notices
from bpm.feedback.incidents.acting import find_open_by_theme
from bpm.feedback.incidents.bursts import ALL, KINDS, Detector, calmer
from bpm.feedback.incidents.linking import add_links
from bpm.feedback.incidents.records import note
from bpm.feedback.models import Classification, FeedbackItem, Incident, IncidentItem
from bpm.feedback.status import KNOWN_INCIDENTS, UNDER_WAY_INCIDENTS, IncidentStatus
from bpm.foundation.texts import _
from bpm.foundation.work import Transactions, Work, affected
from bpm.identity import Permission
from bpm.statistics.bursts import Burst, Report

ITEM = cast("Table", FeedbackItem.__table__)
CLAIM = cast("Table", Classification.__table__)
LINK = cast("Table", IncidentItem.__table__)
INCIDENT = cast("Table", Incident.__table__)

LEARNS_FROM = timedelta(days=45)
MOST_LEARNT = 200_000
AT_ONCE = 2_000
NEWS_FOR = timedelta(hours=6)
"""What was said longer ago when it is classified tells nothing of now."""
LEFT_ALONE_FOR = timedelta(hours=12)
ONE_TOPIC_FROM = 0.6
"""Share of a burst's items that has to have one topic to be named after it."""


class IncidentWatch:
    """Looks what was classified since it last looked; `make_detector` gives a detector that knows nothing yet."""

    def __init__(self, make_detector: Callable[[], Detector]) -> None:
        self._detector = make_detector()
        self._seen: int | None = None
        self._last_at: datetime | None = None

    def __call__(self, unit_of_work: Transactions) -> int:
        """Feed the detector, act on its bursts, let new reports join; gives how many reports were new."""
        with unit_of_work.reading() as work:
            first, now = self._seen is None, work.now()
            rows = _history(work) if first else _news(work, self._seen or 0)
            newest = work.session.scalar(select(func.max(CLAIM.c.id))) if first else None
        bursts = [burst for row in rows for burst in self._feed(row, now=now)]
        if first:
            self._seen = newest or 0
        elif rows:
            self._seen = max(row.claim for row in rows)
        fresh = [burst for burst in bursts if burst.at > now - NEWS_FOR]
        if fresh or rows:
            with unit_of_work() as work:
                for burst in fresh:
                    _take(work, burst)
                _let_join(work, {row.topic or "" for row in rows})
        return 0 if first else len(rows)

    def _feed(self, row: Any, *, now: datetime) -> Iterable[Burst]:
        if self._seen is not None and row.placed_at < now - NEWS_FOR:
            return ()
        at = min(row.placed_at, now)
        self._last_at = at if self._last_at is None else max(at, self._last_at)
        person = f"customer {row.customer_id}" if row.customer_id else row.author_handle or f"item {row.id}"
        return self._detector.feed(Report(self._last_at, str(row.id), person, row.source, row.topic or ""))


def _reports() -> Select[Any]:
    columns = (ITEM.c[name] for name in ("id", "placed_at", "customer_id", "author_handle", "source"))
    return (
        select(*columns, CLAIM.c.topic, CLAIM.c.id.label("claim"))
        .join(CLAIM, and_(CLAIM.c.item_id == ITEM.c.id, CLAIM.c.current))
        .where(ITEM.c.current, CLAIM.c.primary.in_(KINDS))
    )


def _history(work: Work) -> Sequence[Any]:
    since = work.now() - LEARNS_FROM
    found = _reports().where(ITEM.c.placed_at >= since, ITEM.c.placed_at <= work.now())
    return work.session.execute(found.order_by(ITEM.c.placed_at, ITEM.c.id).limit(MOST_LEARNT)).all()


def _news(work: Work, seen: int) -> Sequence[Any]:
    """What was classified after `seen`, in the order in which it was said; the claims of one look are its whole."""
    found = _reports().where(CLAIM.c.id > seen).order_by(CLAIM.c.id).limit(AT_ONCE)
    return sorted(work.session.execute(found).all(), key=lambda row: (row.placed_at, row.id))


def _take(work: Work, burst: Burst) -> None:
    """Make an incident of a burst, or make the one that it belongs to more than possible."""
    ids = [int(each) for each in burst.items]
    theme = burst.theme or _topic_of(work, ids)
    known = find_open_by_theme(work, theme)
    if known is None and _was_dismissed(work, theme):
        return
    incident = known or _new(work, burst, theme=theme, ids=ids)
    incident.expected, incident.observed = burst.expected, burst.observed
    add_links(work, incident, ids)
    if burst.level == "proposed" and incident.proposed_at is None:
        incident.status, incident.proposed_at = IncidentStatus.PROPOSED, work.now()
        note(work, incident, "proposed", _said(burst), at=burst.at)
        tell_people(work, incident, _("An incident is proposed: %(title)s") % {"title": incident.title})


def _new(work: Work, burst: Burst, *, theme: str, ids: Sequence[int]) -> Incident:
    topic = _("several topics") if theme == ALL else theme
    began = work.session.scalar(select(func.min(ITEM.c.placed_at)).where(ITEM.c.id.in_(ids[:500])))
    row = Incident(
        title=_("Many people report trouble: %(topic)s") % {"topic": topic},
        theme=theme,
        status=IncidentStatus.POSSIBLE,
        began_at=began or burst.at,
        noticed_at=work.now(),
    )
    work.session.add(row)
    work.session.flush()
    if burst.level == "possible":
        note(work, row, "possible", _said(burst), at=burst.at)
    return row


def _said(burst: Burst) -> str:
    return _("%(observed)s people reported it where %(expected)s were to be expected") % {
        "observed": burst.observed, "expected": f"{burst.expected:.1f}",
    }  # fmt: skip


def _topic_of(work: Work, ids: Sequence[int]) -> str:
    """What most of these items are about, else that they have nothing in common."""
    rows = work.session.scalars(select(CLAIM.c.topic).where(CLAIM.c.item_id.in_(ids[:500]), CLAIM.c.current))
    topics = Counter(rows)
    topic, count = topics.most_common(1)[0] if topics else (None, 0)
    return topic if topic and count >= ONE_TOPIC_FROM * topics.total() else ALL


def _was_dismissed(work: Work, theme: str) -> bool:
    lately = INCIDENT.c.resolved_at > work.now() - LEFT_ALONE_FOR
    there = exists().where(INCIDENT.c.theme == theme, INCIDENT.c.status == IncidentStatus.DISMISSED, lately)
    return bool(work.session.scalar(select(there)))


def _let_join(work: Work, topics: set[str]) -> None:
    """What was reported about the theme of an incident since it began belongs to it, unless a person took it out."""
    for incident in work.session.scalars(
        select(Incident).where(Incident.status.in_(UNDER_WAY_INCIDENTS), Incident.theme != "")
    ):
        if incident.theme != ALL and incident.theme not in topics:
            continue
        about = CLAIM.c.primary == "outage_report" if incident.theme == ALL else CLAIM.c.topic == incident.theme
        known = exists().where(LINK.c.incident_id == incident.id, LINK.c.item_id == ITEM.c.id)
        found = _reports().where(ITEM.c.placed_at >= incident.began_at, about, ~known).limit(AT_ONCE)
        add_links(work, incident, [row.id for row in work.session.execute(found)])


def sweep_incidents(unit_of_work: Transactions) -> int:
    """Look whether incidents calm down; gives how many turned."""
    with unit_of_work.reading() as work:
        turned = {
            incident.id: because
            for incident in work.session.scalars(select(Incident).where(Incident.status.in_(KNOWN_INCIDENTS)))
            if (because := _calmer(work, incident)) != incident.calmer_because
        }
    if turned:
        with unit_of_work() as work:
            for incident_id, because in turned.items():
                row = work.session.get_one(Incident, incident_id)
                row.calmer_because, row.calmer_at = because, work.now() if because else None
                if because:
                    note(work, row, "calmer", because)
    return len(turned)


def _calmer(work: Work, incident: Incident) -> str:
    linked = select(ITEM.c.placed_at).join(LINK, LINK.c.item_id == ITEM.c.id)
    times = work.session.scalars(linked.where(LINK.c.incident_id == incident.id, LINK.c.removed_at.is_(None))).all()
    thanks = (
        select(func.count(func.distinct(func.coalesce(ITEM.c.customer_id, -ITEM.c.id))))
        .join(CLAIM, and_(CLAIM.c.item_id == ITEM.c.id, CLAIM.c.current))
        .where(
            ITEM.c.current,
            ITEM.c.placed_at > max(work.now() - timedelta(hours=1), incident.acknowledged_at or incident.began_at),
            CLAIM.c.primary == "praise",
            *([] if incident.theme in ("", ALL) else [CLAIM.c.topic == incident.theme]),
        )
    )
    return calmer(times, work.session.scalar(thanks) or 0, now=work.now())


def sweep_due_updates(unit_of_work: Transactions) -> int:
    """Remind people of the word that was promised for now; gives how many incidents wait for one."""
    with unit_of_work.reading() as work:
        due = (
            INCIDENT.c.status.in_(KNOWN_INCIDENTS),
            INCIDENT.c.next_update_at <= work.now(),
            INCIDENT.c.due_told_at.is_(None),
        )
        ids = work.session.scalars(select(INCIDENT.c.id).where(*due)).all()
    for incident_id in ids:
        with unit_of_work() as work:
            first = update(INCIDENT).where(INCIDENT.c.id == incident_id, INCIDENT.c.due_told_at.is_(None))
            if affected(work, first.values(due_told_at=work.now())):
                row = work.session.get_one(Incident, incident_id)
                note(work, row, "due", _("The promised update is due"))
                tell_people(work, row, _("The promised update is due: %(title)s") % {"title": row.title})
    return len(ids)


def tell_people(work: Work, incident: Incident, subject: str) -> None:
    """Raise a notice for everybody who may answer customers."""
    people = (user for user in identity.list_users(work) if user.active)
    who = [user.id for user in people if identity.may(identity.actor_of(user), Permission.ANSWER)]
    notices.raise_for(
        work, who, "incident", subject, f"/incidents/{incident.id}", about=("incident", incident.id),
        key=f"incident:{incident.id}",
    )  # fmt: skip

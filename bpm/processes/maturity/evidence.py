"""The figures that the checks of maturity ask for, each a count or a share of what the system holds."""

from collections.abc import Callable, Mapping
from datetime import timedelta

from sqlalchemy import Select, func, select

from bpm.engine.models import ProcessDefinition
from bpm.feedback.models import AnswerTarget, Consent, FeedbackItem, Reply, Theme
from bpm.foundation.work import Work
from bpm.processes.alarms import AlarmStatus
from bpm.processes.alarms.models import Alarm, ChartBaseline
from bpm.processes.measures.listening import follow_up
from bpm.processes.models import Improvement, TriggerFiring
from bpm.processes.ownership import list_owners
from bpm.processes.status import ImprovementStatus

LATELY = timedelta(days=30)
SEEN_TO = timedelta(days=14)

Figure = Callable[[Work], float]


def _count(work: Work, query: Select[int]) -> float:
    return float(work.session.scalar(query) or 0)


def _heard(work: Work) -> float:
    since = work.now() - LATELY
    return _count(work, select(func.count()).where(FeedbackItem.current, FeedbackItem.received_at >= since))


def _answered(work: Work) -> float:
    return _count(work, select(func.count()).where(Reply.approved_at >= work.now() - LATELY))


def _channels(work: Work) -> float:
    since = work.now() - LATELY
    query = select(func.count(FeedbackItem.channel.distinct()))
    return _count(work, query.where(FeedbackItem.current, FeedbackItem.received_at >= since))


def _followed(work: Work) -> float:
    """Share of what was heard in thirty days; 0 while it is not shown."""
    rate = follow_up(work, since=work.now() - LATELY, until=work.now()).rate
    return (rate.value or 0.0) if rate.shown else 0.0


def _targets(work: Work) -> float:
    return _count(work, select(func.count()).select_from(AnswerTarget))


def _known_on_two(work: Work) -> float:
    """Customers who were heard on two channels or more."""
    several = (
        select(FeedbackItem.customer_id)
        .where(FeedbackItem.customer_id.is_not(None), FeedbackItem.current)
        .group_by(FeedbackItem.customer_id)
        .having(func.count(FeedbackItem.channel.distinct()) > 1)
        .subquery()
    )
    return _count(work, select(func.count()).select_from(several))


def _fired(work: Work) -> float:
    return _count(work, select(func.count()).where(TriggerFiring.fired_at >= work.now() - LATELY))


def _told(work: Work) -> float:
    return _count(work, select(func.count()).where(Theme.told_at.is_not(None)))


def _consents(work: Work) -> float:
    return _count(work, select(func.count()).where(Consent.withdrawn_at.is_(None)))


def _live(work: Work) -> float:
    return _count(work, select(func.count()).where(ProcessDefinition.live_version_id.is_not(None)))


def _owned(work: Work) -> float:
    """Share of live processes that people of two functions own, with a voice of the customers."""
    live = select(ProcessDefinition.key).where(ProcessDefinition.live_version_id.is_not(None))
    keys = list(work.session.scalars(live))
    owned = [each for each in list_owners(work, keys) if not each.missing]
    return len(owned) / len(keys) if keys else 0.0


def _concluded(work: Work) -> float:
    return _count(work, select(func.count()).where(Improvement.status == ImprovementStatus.CONCLUDED))


def _frozen(work: Work) -> float:
    return _count(work, select(func.count()).where(ChartBaseline.frozen_at.is_not(None)))


def _unseen(work: Work) -> float:
    """Alarms that nobody acknowledged within two weeks."""
    late = Alarm.raised_at < work.now() - SEEN_TO
    return _count(work, select(func.count()).where(Alarm.status == AlarmStatus.RAISED, late))


FIGURES: Mapping[str, Figure] = {
    "heard": _heard,
    "answered": _answered,
    "channels": _channels,
    "followed": _followed,
    "targets": _targets,
    "known_on_two": _known_on_two,
    "fired": _fired,
    "told": _told,
    "consents": _consents,
    "live": _live,
    "owned": _owned,
    "concluded": _concluded,
    "frozen": _frozen,
    "unseen": _unseen,
}
"""Name -> how it is worked out."""

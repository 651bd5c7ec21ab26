"""What of a suspended instance is held, so that no sweep has to ask whether an instance moves."""

from typing import cast

from sqlalchemy import Table, or_, update

from bpm.engine.instances.service_clock import pause_clocks, resume_clocks
from bpm.engine.models import EventSubscription, Job
from bpm.engine.status import JobKind, JobStatus, SubscriptionKind, SubscriptionStatus
from bpm.foundation.work import Work

JOB = cast("Table", Job.__table__)
SUBSCRIPTION = cast("Table", EventSubscription.__table__)

_ITS_OWN = or_(JOB.c.kind != JobKind.DELIVER, JOB.c.uid != "")
"""What it has sent on its way before (a delivery without uid) goes on."""


def suspend_waiting(work: Work, instance_id: int) -> None:
    """Let no job and no timer be taken. A job in hand is fenced out, and that attempt does not count."""
    jobs = (JOB.c.instance_id == instance_id, _ITS_OWN)
    held = {"status": JobStatus.HELD, "lease_owner": None, "lease_until": None}
    in_hand = update(JOB).where(*jobs, JOB.c.status == JobStatus.LEASED).values(**held, retries=JOB.c.retries + 1)
    work.session.execute(in_hand)
    work.session.execute(update(JOB).where(*jobs, JOB.c.status == JobStatus.READY).values(held))
    _turn_timers(work, instance_id, before=SubscriptionStatus.OPEN, after=SubscriptionStatus.HELD)
    pause_clocks(work, instance_id)


def resume_waiting(work: Work, instance_id: int) -> None:
    """Let what was held be taken again."""
    held = (JOB.c.instance_id == instance_id, JOB.c.status == JobStatus.HELD)
    work.session.execute(update(JOB).where(*held).values(status=JobStatus.READY))
    _turn_timers(work, instance_id, before=SubscriptionStatus.HELD, after=SubscriptionStatus.OPEN)
    resume_clocks(work, instance_id)
    work.nudge("jobs", instance_id)
    work.nudge("timers")


def _turn_timers(work: Work, instance_id: int, *, before: SubscriptionStatus, after: SubscriptionStatus) -> None:
    timers = (SUBSCRIPTION.c.instance_id == instance_id, SUBSCRIPTION.c.kind == SubscriptionKind.TIMER)
    work.session.execute(update(SUBSCRIPTION).where(*timers, SUBSCRIPTION.c.status == before).values(status=after))

"""What of a suspended instance is held, so that no sweep has to ask whether an instance moves."""

from typing import cast

from sqlalchemy import Table, or_, update

from bpm.engine.models import EventSubscription, Job
from bpm.foundation.work import Work

JOB = cast("Table", Job.__table__)
SUBSCRIPTION = cast("Table", EventSubscription.__table__)

_ITS_OWN = or_(JOB.c.kind != "deliver", JOB.c.uid != "")
"""What it has sent on its way before (a delivery without uid) goes on."""


def suspend_waiting(work: Work, instance_id: int) -> None:
    """Let no job and no timer be taken. A job in hand is fenced out, and that attempt does not count."""
    jobs = (JOB.c.instance_id == instance_id, _ITS_OWN)
    held = {"status": "held", "lease_owner": None, "lease_until": None}
    in_hand = update(JOB).where(*jobs, JOB.c.status == "leased").values(**held, retries=JOB.c.retries + 1)
    work.session.execute(in_hand)
    work.session.execute(update(JOB).where(*jobs, JOB.c.status == "ready").values(held))
    _turn_timers(work, instance_id, before="open", after="held")


def resume_waiting(work: Work, instance_id: int) -> None:
    """Let what was held be taken again."""
    held = (JOB.c.instance_id == instance_id, JOB.c.status == "held")
    work.session.execute(update(JOB).where(*held).values(status="ready"))
    _turn_timers(work, instance_id, before="held", after="open")
    work.nudge("jobs", instance_id)
    work.nudge("timers")


def _turn_timers(work: Work, instance_id: int, *, before: str, after: str) -> None:
    timers = (SUBSCRIPTION.c.instance_id == instance_id, SUBSCRIPTION.c.kind == "timer")
    work.session.execute(update(SUBSCRIPTION).where(*timers, SUBSCRIPTION.c.status == before).values(status=after))

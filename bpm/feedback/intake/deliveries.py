"""What a webhook source delivers on one day, as an import run: listed with the files, and undone like one.

A delivery only looks the run up: its figures are counted from the items when somebody looks, so that deliveries do
not queue behind one row.
"""

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from bpm.feedback.channels import Context
from bpm.feedback.models import ImportRun
from bpm.feedback.status import ImportStatus
from bpm.foundation.work import Work

FORMAT = "webhook"
"""Format of such a run."""
WEB_FORM = "web form"
"""Format of the run that gathers a form's answers of a day."""
COUNTED_LATER = (FORMAT, WEB_FORM)
"""Formats of runs whose figures are counted from their items."""


def run_of_day(work: Work, key: str, context: Context, *, format_name: str = FORMAT) -> int:
    """The run of the source with that key today (UTC), made by its first delivery; one that was undone is followed.

    `format_name`: what its deliveries are read as; those of webhooks are of FORMAT.
    """
    now = work.now()
    day_key = f"{key} {now:%Y-%m-%d}"
    found = work.session.scalar(select(ImportRun.id).where(ImportRun.day_key == day_key))
    if found is not None:
        return found
    run = ImportRun(
        file_name=f"{context.source}, {now:%Y-%m-%d}",
        format=format_name,
        channel=context.channel,
        source=context.source,
        mapping={},
        status=ImportStatus.DONE,
        day_key=day_key,
        created_at=now,
        finished_at=now,
    )
    try:
        with work.session.begin_nested():
            work.session.add(run)
            work.session.flush()
    except IntegrityError:  # another delivery of the day was first
        return work.session.scalars(select(ImportRun.id).where(ImportRun.day_key == day_key)).one()
    work.nudge("imports")
    return run.id

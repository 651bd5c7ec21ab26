"""When the inbox should look again."""

from sqlalchemy import func, select

from bpm.feedback.models import Classification, Decision, Distribution, FeedbackItem, ImportRun, OutboundStep, Reply
from bpm.foundation.work import Work


def fingerprint(work: Work) -> str:
    """Newest item, claim, act and return of what was handed over: seven index lookups."""
    tables = (FeedbackItem, Classification, Decision, Distribution, Reply, OutboundStep)
    columns = (*(table.id for table in tables), Distribution.ended_at)
    newest = work.session.execute(select(*(select(func.max(column)).scalar_subquery() for column in columns))).one()
    return "-".join(str(each or 0) for each in newest)


def imports_fingerprint(work: Work) -> str:
    """How many runs there are and how far they are."""
    row = work.session.execute(select(func.max(ImportRun.id), func.sum(ImportRun.done_rows))).one()
    return f"{row[0] or 0}-{row[1] or 0}"

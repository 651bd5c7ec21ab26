"""When the inbox should look again."""

from sqlalchemy import func, select

from bpm.feedback.models import Classification, Decision, Distribution, FeedbackItem, ImportRun, OutboundStep, Reply
from bpm.foundation.work import Work


def fingerprint(work: Work) -> str:
    """Newest item, claim and act: six index lookups."""
    tables = (FeedbackItem, Classification, Decision, Distribution, Reply, OutboundStep)
    newest = work.session.execute(select(*(select(func.max(table.id)).scalar_subquery() for table in tables))).one()
    return "-".join(str(each or 0) for each in newest)


def imports_fingerprint(work: Work) -> str:
    """How many runs there are and how far they are."""
    row = work.session.execute(select(func.max(ImportRun.id), func.sum(ImportRun.done_rows))).one()
    return f"{row[0] or 0}-{row[1] or 0}"

"""Imports and bulk actions that ended: who began them is told."""

from sqlalchemy import func, select

from bpm import notices
from bpm.engine.events import BatchEnded
from bpm.engine.models import Batch, BatchItem
from bpm.engine.status import BatchItemStatus
from bpm.feedback.events import ImportEnded
from bpm.feedback.models import ImportRun
from bpm.feedback.status import ImportStatus
from bpm.foundation.texts import _
from bpm.foundation.work import Work


def on_import_ended(work: Work, event: ImportEnded) -> None:
    """Tell of the import, whether it went well or not."""
    run = work.session.get_one(ImportRun, event.run_id)
    if run.created_by is None:
        return
    words = {"file": run.file_name, "new": run.new, "failed": run.failed}
    text = _("Import of %(file)s: %(new)s new, %(failed)s not read")
    if run.status == ImportStatus.FAILED:
        text = _("Import of %(file)s stopped; %(new)s are kept")
    notices.raise_for(
        work, [run.created_by], "import", text % words, f"/inbox/imports/{run.id}",
        about=("import", run.id), key=f"import:{run.id}",
    )  # fmt: skip


def on_batch_ended(work: Work, event: BatchEnded) -> None:
    """Tell of the bulk action, with how many were refused."""
    batch = work.session.get_one(Batch, event.batch_id, populate_existing=True)
    if batch.created_by is None:
        return
    refused = work.session.scalar(
        select(func.count()).where(BatchItem.batch_id == batch.id, BatchItem.status == BatchItemStatus.REFUSED)
    )
    words = {"number": batch.total, "refused": refused}
    notices.raise_for(
        work, [batch.created_by], "batch", _("Bulk action ended: %(number)s in all, %(refused)s refused") % words,
        f"/operations/batches/{batch.id}", about=("batch", batch.id), key=f"batch:{batch.id}",
    )  # fmt: skip

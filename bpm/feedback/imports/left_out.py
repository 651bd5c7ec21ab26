"""Takes in what an import left out, when a person wants it all the same."""

from sqlalchemy import select
from sqlalchemy.orm import undefer

from bpm import audit
from bpm.feedback.imports.runs import get_run, import_run
from bpm.feedback.intake.reader import raw_item
from bpm.feedback.intake.receive import Received, keep_all
from bpm.feedback.models import ImportRowError
from bpm.feedback.status import ImportStatus, RowErrorKind
from bpm.foundation.errors import ConflictError, InvalidInputError, NotFoundError
from bpm.foundation.texts import _
from bpm.foundation.work import Work


def take_left_out(work: Work, run_id: int, row: int) -> Received:
    """Take in row `row` of a run, as its report counts rows; it belongs to the run and is undone with it.

    NotFoundError when the run left out no such row, ConflictError when it is in already or the run was undone,
    InvalidInputError when nothing is kept of it (it was there twice, or is one of very many).
    """
    run = get_run(work, run_id)
    told = work.session.scalar(
        select(ImportRowError)
        .options(undefer(ImportRowError.item))
        .where(ImportRowError.run_id == run_id, ImportRowError.row == row, ImportRowError.kind == RowErrorKind.IGNORED)
        .order_by(ImportRowError.id)
        .limit(1)
    )
    if told is None:
        raise NotFoundError(_("Import %(run)s left out no row %(row)s.") % {"run": run_id, "row": row})
    if told.taken_item_id is not None or run.status == ImportStatus.UNDONE:
        raise ConflictError(
            _("This row was taken in already, or its import was undone."), remedy=_("Look at the import again.")
        )
    if told.item is None:
        raise InvalidInputError(
            _("Nothing is kept of this row: %(reason)s") % {"reason": told.reason},
            remedy=_("Take it into a file of its own, or write it down."),
        )
    [received] = keep_all(work, [raw_item(told.item)], run_id=run_id)
    told.taken_item_id = received.item_id
    if received.outcome != "skipped":
        run.skipped -= 1
        run.new += received.outcome == "new"
        run.changed += received.outcome == "changed"
    audit.record(work, "import.take", import_run(run), after={"row": row, "item": received.item_id})
    work.nudge("imports")
    return received

"""One classifier over both arms: what another one read is put up to be read again, before the next look."""

from collections import Counter

from sqlalchemy import select

from bpm import feedback
from bpm.feedback import classification
from bpm.feedback.models import Classification, FeedbackItem
from bpm.foundation.errors import ConflictError, ForbiddenError
from bpm.foundation.texts import _
from bpm.foundation.work import Work
from bpm.processes.models import Attribution
from bpm.processes.verdicts.arms import arm_cases
from bpm.processes.verdicts.models import VerdictPlan
from bpm.processes.verdicts.plans import get_plan_row, note_amendment
from bpm.processes.verdicts.status import PlanState

AT_ONCE = 500
PERSON = "human:"


def read_by(work: Work, row: VerdictPlan) -> Counter[str]:
    """{classifier: how many items of the cases of both arms it read}; what people read is none of them."""
    return Counter(model for _item, model in _items(work, row))


def rescore(work: Work, plan_id: int) -> int:
    """Let everything that the classifier in service did not read be read again by it; how many items.

    Both arms are read alike then. ConflictError after the last look.
    """
    row = get_plan_row(work, plan_id)
    if not work.actor.is_person:
        raise ForbiddenError(_("Only a person can have the words read again."), remedy=_("Sign in."))
    if row.state not in (PlanState.REGISTERED, PlanState.RUNNING):
        raise ConflictError(_("Its last look is done."), remedy=_("Register a new question."))
    model = classification.find_model_in_service(work.settings)
    version = model.version if model else ""
    found = _items(work, row)
    others = sorted({item for item, name in found if name != version})
    again = feedback.read_once_more(work, others)
    before = ", ".join(sorted({name for _item, name in found}))
    reason = _("%(n)s items are read again, so that one classifier reads both arms.") % {"n": again}
    note_amendment(work, row, "classifier", before, version, reason)
    return again


def _items(work: Work, row: VerdictPlan) -> set[tuple[int, str]]:
    """(item, classifier) of all that is linked to the cases of both arms and was not read by a person."""
    cases = [each.instance_id for each in arm_cases(work, row, until=work.now())]
    found: set[tuple[int, str]] = set()
    for start in range(0, len(cases), AT_ONCE):
        rows = work.session.execute(
            select(Classification.item_id, Classification.model_version)
            .join(FeedbackItem, FeedbackItem.id == Classification.item_id)
            .join(Attribution, Attribution.item_id == FeedbackItem.id)
            .where(
                Attribution.instance_id.in_(cases[start : start + AT_ONCE]), Attribution.valid_to.is_(None),
                FeedbackItem.current, Classification.current,
            )
        )  # fmt: skip
        found |= {(item, model) for item, model in rows if not model.startswith(PERSON)}
    return found

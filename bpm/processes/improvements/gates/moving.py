"""Through a gate when its evidence is there, and back with a reason; both stand in the history with what was there."""

from bpm import audit
from bpm.foundation.errors import ConflictError, ForbiddenError, InvalidInputError
from bpm.foundation.texts import _
from bpm.foundation.work import Work
from bpm.processes.improvements.changing import set_status
from bpm.processes.improvements.gates.checks import STAGES, next_stage
from bpm.processes.improvements.gates.standing import Standing, of_stage, standings
from bpm.processes.improvements.records import get_row, note, sheet_of, thing
from bpm.processes.models import Improvement
from bpm.processes.models.register_lists import Stage
from bpm.processes.status import ImprovementStatus


class GateShutError(ConflictError):
    """The gate asks for more than is there; `missing` says for what."""

    def __init__(self, message: str, *, remedy: str, missing: tuple[str, ...]) -> None:
        super().__init__(message, remedy=remedy)
        self.missing = missing


def pass_gate(work: Work, improvement_id: int) -> Stage:
    """Take it to the next stage; the stage it is in then.

    Behind the first gate it counts as approved, behind the last one as concluded. ForbiddenError unless a person acts,
    GateShutError with everything that is missing, ConflictError for one that was declined or is through.
    """
    if not work.actor.is_person:
        raise ForbiddenError(_("Only a person takes it through a gate."), remedy=_("Sign in."))
    row = get_row(work, improvement_id)
    sheet = sheet_of(work, row)
    stage, to = sheet.stage, next_stage(sheet.stage)
    if to is None or row.status is ImprovementStatus.DECLINED:
        raise ConflictError(
            _("It is declined.") if to else _("It is through all gates."), remedy=_("Take it up again first.")
        )
    found = of_stage(standings(work, row), stage)
    missing = tuple(f"{_(each.check.label)}: {each.missing}" for each in found if each.check.needed and not each.met)
    if missing:
        raise GateShutError(_("The gate is shut."), remedy=" ".join(missing), missing=missing)
    sheet.stage = to
    evidence = {each.check.key: each.told[:1000] for each in found if each.told}
    note(work, row, "gate", before=stage, after=to, evidence=evidence)
    audit.record(work, "improvement.gate", thing(row), before={"stage": stage}, after={"stage": to, **evidence})
    _follow(work, row, to, found)
    return to


def _follow(work: Work, row: Improvement, to: Stage, found: tuple[Standing, ...]) -> None:
    """The status that the gate stands for."""
    if to is not Stage.DONE:
        if row.status is ImprovementStatus.PROPOSED:
            set_status(work, row.id, ImprovementStatus.APPROVED, reason=_("It passed the gate of Define."))
        return
    if row.status is ImprovementStatus.PROPOSED:
        set_status(work, row.id, ImprovementStatus.APPROVED, reason=_("It passed all gates."))
    if row.status is ImprovementStatus.APPROVED:
        verdict = next((each.told for each in found if each.check.key == "verdict"), "")
        version = next((each.ref for each in standings(work, row) if each.check.key == "version"), "")
        number = int(version) if version.isdecimal() else None
        set_status(work, row.id, ImprovementStatus.CONCLUDED, reason=verdict, version_number=number)


def go_back(work: Work, improvement_id: int, to: str, *, reason: str) -> Stage:
    """Take it back to an earlier stage; its evidence stays. InvalidInputError without a reason (field `reason`)."""
    row = get_row(work, improvement_id)
    sheet = sheet_of(work, row)
    wanted = next((each for each in STAGES if each == to), None)
    if wanted is None or STAGES.index(wanted) >= STAGES.index(sheet.stage):
        raise ConflictError(_("It is not beyond that stage."), remedy=_("Look at the board again."))
    why = reason.strip()[:5_000]
    if not why:
        problem = _("Say why.")
        raise InvalidInputError(_("It was not taken back."), remedy=problem, fields={"reason": problem})
    before, sheet.stage = sheet.stage, wanted
    note(work, row, "gate", before=before, after=wanted, reason=why)
    audit.record(
        work, "improvement.gate", thing(row), before={"stage": before}, after={"stage": wanted}, reason=why
    )  # fmt: skip
    if row.status is ImprovementStatus.CONCLUDED:
        set_status(work, row.id, ImprovementStatus.APPROVED, reason=why)
    return wanted

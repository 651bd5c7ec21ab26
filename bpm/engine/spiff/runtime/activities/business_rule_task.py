"""Tasks that decide by rules of their own version: inside the step, pure, within a budget."""

from functools import cached_property
from typing import TYPE_CHECKING, Any

from bpm.engine import decisions
from bpm.engine.decisions import Decision, Outcome
from bpm.engine.expressions.language import Budget
from bpm.engine.spiff.runtime.activities import data_flow, element_settings
from bpm.engine.spiff.runtime.activities.activities import Activity
from bpm.engine.spiff.runtime.record import MOST_NOTES
from bpm.engine.spiff.runtime.token_state import Token
from bpm.engine.spiff.step import Fired, Note, Variables
from bpm.foundation.errors import ExpressionError

if TYPE_CHECKING:
    from bpm.engine.spiff.runtime.workflow import EarshotWorkflow

STEPS_PER_RUN = 500
"""Steps of a decision that cost as much of a step's budget as one element."""


class DecisionTask(Activity):
    """Decides and goes on."""

    @cached_property
    def decisions(self) -> dict[str, Decision]:
        """The rules of the version; read once for all instances that share the spec."""
        return {name: decisions.from_plain(plain) for name, plain in (self.model.details.rules or {}).items()}

    def perform(self, run: "EarshotWorkflow", task: Token) -> bool | None:
        budget = Budget(decisions.STEPS)
        identity = element_settings.text_setting(run, task, self.model.details.decision) or ""
        outcome = decisions.decide(self.decisions, identity, run.visible(task), now=run.now, budget=budget)
        run.runs += (decisions.STEPS - budget.steps) // STEPS_PER_RUN
        decision = self.decisions[outcome.decision]
        if outcome.matched and len(run.record.fired) < MOST_NOTES:
            run.record.fired.append(Fired(task.task_spec.bpmn_id or "", decision.name, outcome.matched))
        room = MOST_NOTES - len(run.record.notes)
        at = task.task_spec.bpmn_id or ""
        run.record.notes += [Note(at, f"{decision.name}: {note}") for note in outcome.notes[: max(room, 0)]]
        if self.model.details.needs_hit and not outcome.rows:
            raise ExpressionError(
                f"No rule of {decision.name!r} holds, and the model asks for one.",
                remedy="Add a rule for these values.",
            )
        mapped = result_of(outcome, self.model.details.map_result)
        # Under these names output mappings of Camunda 7 read the result; they end with the task.
        task.data["decisionResult"] = [dict(row) for row in outcome.rows]
        task.data["decisionRow"] = {**dict.fromkeys(decision.outputs), **(outcome.rows[0] if outcome.rows else {})}
        name = self.model.details.result_variable
        if name or not self._is_mapped():
            data_flow.receive(run, task, {name: mapped} if name else as_variables(outcome, decision))
        return True

    def _is_mapped(self) -> bool:
        """Whether output mappings take the result, so that nothing else becomes a variable."""
        return any("decisionR" in (item.expression or "") for item in self.model.details.outputs)


def result_of(outcome: Outcome, mapping: str) -> Any:
    """The result in the shape that the model asks for; "" is a value, a row, or a list where the policy collects.

    Source of the four names: Camunda 7, "Map Decision Result". Raises ExpressionError where several rules hold and one
    is asked for, or several outputs and a single entry.
    """
    if not mapping:
        return outcome.value
    rows = [dict(row) for row in outcome.rows]
    if mapping == "resultList":
        return rows
    if mapping == "collectEntries":
        return [_only(row) for row in rows]
    if len(rows) > 1:
        raise ExpressionError(
            f"{len(rows)} rules answer, and the result is mapped as {mapping}.",
            remedy="Map it as resultList, or let one rule hold.",
        )
    if not rows:
        return None
    return rows[0] if mapping == "singleResult" else _only(rows[0])


def _only(row: dict[str, Any]) -> Any:
    if len(row) != 1:
        raise ExpressionError(
            f"The decision answers {', '.join(row)}, and a single entry is asked for.",
            remedy="Map it as singleResult or resultList.",
        )
    return next(iter(row.values()))


def as_variables(outcome: Outcome, decision: Decision) -> Variables:
    """Without a result variable every output is one; what collects is one list under the decision's id."""
    if outcome.collects:
        return {decision.id: outcome.value}
    if outcome.rows:
        return dict(outcome.rows[0])
    return dict.fromkeys(decision.outputs)

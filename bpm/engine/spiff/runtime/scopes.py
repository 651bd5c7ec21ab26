"""The scopes of variables in an instance: what is seen from where, where it is written, and what an expression says."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow

from bpm.engine.expressions import tagged
from bpm.engine.plain_values import storable
from bpm.engine.spiff.runtime.record import MOST_NOTES, Record
from bpm.engine.spiff.runtime.token_state import Token
from bpm.engine.spiff.specs.watched_changes import Changes
from bpm.engine.spiff.step import Note, Variables
from bpm.foundation.errors import EngineError


class Sandbox(PythonScriptEngine):  # type: ignore[misc]  # the library has no types
    """The library's door to evaluation, leading to our own expression language instead of `eval`."""

    def evaluate(self, task: Token, expression: str, external_context: Any = None) -> Any:
        return task.workflow.evaluate_in(expression, task.workflow.visible(task))

    def execute(self, task: Token, script: str, external_context: Any = None) -> bool:
        raise EngineError("Scripts run as Jobs, never inside a step.")

    def call_service(self, task: Token, **kwargs: Any) -> Any:
        raise EngineError("Services run as Jobs, never inside a step.")


class ScopedWorkflow(BpmnWorkflow):  # type: ignore[misc]  # the library has no types
    """A workflow whose variables live in the scopes of its tokens."""

    now: datetime
    record: Record
    changed: bool
    """Whether variables changed since the conditional events were last looked at."""
    happened: Changes
    """What happened to which of them."""

    def chain(self, task: Token | None) -> Iterator[Token]:
        """`task` and its enclosing scopes up to the next border of variables (process or called process)."""
        while task is not None:
            yield task
            if task.internal_data.border is not None:
                return
            task = task.parent

    def visible(self, task: Token) -> Variables:
        """All variables that `task` sees, inner scopes first. Not to be changed."""
        layers = [scope.data for scope in self.chain(task) if scope.data]
        if len(layers) == 1:
            return layers[0]  # type: ignore[no-any-return]  # the library has no types
        merged: Variables = {}
        for layer in reversed(layers):
            merged.update(layer)
        return merged

    def write(self, task: Token, values: Mapping[str, Any]) -> None:
        """Set variables where they are defined, new ones in the outermost scope, as Camunda's setVariable does."""
        if not values:
            return
        storable(values)
        scopes = list(self.chain(task))
        for name, value in values.items():
            home = next((scope for scope in scopes if name in scope.data), scopes[-1])
            self.happened.setdefault(name, set()).add("update" if name in home.data else "create")
            home.data[name] = value
        self.changed = True

    def erase(self, task: Token, names: Iterable[str]) -> None:
        """Remove variables where they are defined."""
        for name in names:
            home = next((scope for scope in self.chain(task) if name in scope.data), None)
            if home is not None:
                del home.data[name]
                self.happened.setdefault(name, set()).add("delete")
                self.changed = True

    def evaluate(self, text: str, task: Token) -> Any:
        """The value of an expression as seen from `task`; raises ExpressionError."""
        return self.script_engine.evaluate(task, text)

    def evaluate_in(self, text: str, variables: Variables) -> Any:
        """The value of an expression over these variables alone; raises ExpressionError."""
        return tagged.evaluate(text, variables, now=self.now)

    def holds(self, text: str, task: Token, *, at: str = "") -> bool:
        """Whether a condition holds as seen from `task`; `at` is the id of the flow that asks, if one does."""
        return self.holds_in(text, self.visible(task), at=at or task.task_spec.bpmn_id)

    def holds_in(self, text: str, variables: Variables, *, at: str) -> bool:
        """Whether a condition holds over these variables alone; FEEL's null does not, and the history says so.

        It says so, too, where a time that the condition reads counts nanoseconds. `at` is the element or flow that
        asks. Raises ExpressionError where it is neither true nor false.
        """
        verdict = tagged.holds(text, variables, now=self.now)
        said = list(tagged.cut_times(text, variables))
        if verdict is None:
            said.append(f"the condition {tagged.shown(text)} came to nothing (null), which is not true")
        room = max(MOST_NOTES - len(self.record.notes), 0)
        self.record.notes += [Note(at, each) for each in said[:room]]
        return verdict is True

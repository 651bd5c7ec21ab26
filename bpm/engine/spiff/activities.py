"""Activities: what they have in common (mappings, boundary events, rounds), people's tasks, jobs and plain tasks."""

# ruff: noqa: SLF001 - the library's extension points are named with an underscore

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from bpm.engine.spiff import arming, compensation, rounds
from bpm.engine.spiff.elements import Element, Flow
from bpm.engine.spiff.run import storable
from bpm.engine.spiff.step import NewJob, NewWorkItem, Variables
from bpm.errors import ExpressionError

if TYPE_CHECKING:
    from bpm.engine.spiff.run import Run


class Activity(Element):
    """Anything with boundary events, mappings and markers. Subclasses say in `perform` what it does."""

    def arrive(self, run: "Run", task: Task) -> bool:
        wanted = self.model.details.get("startQuantity", 1)
        if wanted < 2 or "via" not in task.internal_data:
            return True
        task._set_state(TaskState.WAITING)
        here = [other for other in run.tokens(task.parent) if _waits_at(other, task)]
        if len(here) >= wanted:
            for other in here[1:wanted]:
                run.drop(other)
            here[0]._ready()
        return False

    def choose(self, run: "Run", task: Task) -> tuple[Flow, ...]:
        times: int = self.model.details.get("completionQuantity", 1)
        return super().choose(run, task) * times

    def enter(self, run: "Run", task: Task) -> bool | None:
        if "loop" in self.model.details and "round" not in task.internal_data:
            return rounds.begin(run, task)
        run.open(task)
        task.internal_data.setdefault("began", run.tick())
        inputs = self.mapped_in(run, task)
        storable(inputs)
        task.data.update(inputs)
        if "round" not in task.internal_data:
            arming.arm_boundary(run, task)
        return self.perform(run, task)

    def perform(self, run: "Run", task: Task) -> bool | None:
        """Do the activity's own thing. True: done at once; None: it goes on until `finish` is called."""
        raise NotImplementedError

    def finish(self, run: "Run", task: Task, result: Variables) -> None:
        """What the activity waited for is there: `result` becomes variables, and the token goes on."""
        task.internal_data["stage"] = "finish"
        run.write(task, self._named(result))
        task.complete()

    def _on_complete(self, my_task: Task) -> None:
        run: Run = my_task.workflow
        once = "round" not in my_task.internal_data
        skipped = "skipped" in my_task.internal_data
        outputs = {} if skipped or "rounds" in my_task.internal_data else self.mapped_out(run, my_task)
        gathered = None if once or skipped else rounds.output_of(run, my_task)
        flows = self.choose(run, my_task) if once else ()
        run.write(my_task.parent, outputs)
        for armed in run.armed(my_task):
            run.cancel_task(armed)
        if not skipped or my_task.internal_data.get("done"):
            compensation.remember(run, my_task)
        run.close(my_task, "completed")
        if not once:
            rounds.ended(run, my_task, gathered)
        elif "undoes" in my_task.internal_data:
            compensation.undone(run, my_task)
        else:
            run.take(flows, my_task)

    def settled(self, run: "Run", task: Task) -> None:
        if "rounds" in task.internal_data:
            rounds.settled(run, task)

    def _named(self, result: Variables) -> Variables:
        """Jobs of a model with a result variable hand their whole result to it."""
        name = self.model.details.get("resultVariable")
        if not name or not result:
            return result
        return {name: result["result"] if set(result) == {"result"} else dict(result)} if name not in result else result

    def mapped_in(self, run: "Run", task: Task) -> Variables:
        return {item["name"]: run.evaluate(item["expression"], task) for item in self.model.details.get("inputs", ())}

    def mapped_out(self, run: "Run", task: Task) -> Variables:
        return {item["name"]: run.evaluate(item["expression"], task) for item in self.model.details.get("outputs", ())}

    def said(self, run: "Run", task: Task, what: str) -> str | None:
        """An attribute of the model that may be literal or an expression (assignee, group, due)."""
        details = self.model.details
        if f"{what}Expression" in details:
            value = run.evaluate(details[f"{what}Expression"], task)
            return None if value is None else str(value)
        literal: str | None = details.get(what)
        return literal


def _waits_at(other: Task, task: Task) -> bool:
    """Whether `other` is a token that waits with `task` for more to come (startQuantity)."""
    return (
        other.task_spec is task.task_spec and other.has_state(TaskState.WAITING) and not other.internal_data.get("open")
    )


class PlainTask(Activity):
    """A task of no type: nothing to do, the token goes on."""

    def perform(self, run: "Run", task: Task) -> bool | None:
        return True


class ValueTask(Activity):
    """A script that is one expression: it is worked out inside the step, and its value becomes a variable."""

    def perform(self, run: "Run", task: Task) -> bool | None:
        found = run.evaluate(self.model.details["valueExpression"], task)
        name = self.model.details.get("resultVariable")
        value = {name: found} if name else {}
        if self.model.details.get("outputs"):
            # The value is the task's own; what its mappings take from it goes on.
            storable(value)
            task.data.update(value)
        else:
            run.write(task, value)
        return True


class PersonTask(Activity):
    """User and manual tasks: wait for people."""

    def perform(self, run: "Run", task: Task) -> bool | None:
        item = NewWorkItem(
            uid=task.id.hex,
            element=self.bpmn_id,
            name=self._name(run, task),
            lane=self.model.lane,
            group=self.said(run, task, "group") or self.model.lane,
            assignee=self.said(run, task, "assignee"),
            form=self.model.details.get("form"),
            variables=dict(run.visible(task)),
            due_in=self.said(run, task, "due"),
            kind="manualTask" if self.model.kind == "manualTask" else "userTask",
            process=self._wf_spec.name,
        )
        run.record.work_items.append(item)
        task.internal_data["wait"] = {"kind": "person"}
        return None

    def _name(self, run: "Run", task: Task) -> str:
        """What people call it, with the values of variables in it; one that is not there leaves the text as written."""
        with suppress(ExpressionError):
            return self.said(run, task, "name") or self.bpmn_name
        return self.bpmn_name


_JOB_KINDS = {"scriptTask": "script", "businessRuleTask": "decision", "sendTask": "send"}


class JobTask(Activity):
    """Service, script, business rule and send tasks: work for a worker, never done inside a step."""

    def perform(self, run: "Run", task: Task) -> bool | None:
        run.count_job(task)
        details, payload = self.model.details, dict(run.visible(task))
        kind: Any = _JOB_KINDS.get(self.model.kind, "service")
        if kind == "script":
            payload["__script__"] = details.get("script", "")
        if kind == "decision":
            payload["__decision__"] = details.get("decision") or self.bpmn_id
        run.record.jobs.append(
            NewJob(
                uid=task.id.hex,
                element=self.bpmn_id,
                name=self.bpmn_name,
                kind=kind,
                topic=details.get("topic") or ("script" if kind == "script" else self.bpmn_id),
                payload=payload,
                retries=_whole(details["retries"], "retries") if "retries" in details else None,
                retry_in=details.get("retryIn"),
            )
        )
        task.internal_data["wait"] = {"kind": "job"}
        return None


def _whole(value: Any, what: str) -> int:
    try:
        return int(value)
    except (TypeError, ValueError):
        raise ExpressionError(f"{what} must be a whole number, not {value!r}.") from None


def redo(run: "Run", task: Task) -> None:
    """Run a failed activity or element again from where it failed."""
    stage = task.internal_data.pop("stage", "enter")
    task.internal_data.pop("failed", None)
    if stage == "finish":
        task.complete()
        return
    if stage == "stuck":
        task._set_state(TaskState.WAITING)
        return
    if stage == "go on":
        task._set_state(TaskState.STARTED)
        rounds.go_on(run, task)
        return
    task._set_state(TaskState.FUTURE)
    task._ready()

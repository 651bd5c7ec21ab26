"""Activities: what they have in common (mappings, boundary events, rounds), people's tasks, jobs and plain tasks."""

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from SpiffWorkflow.util.task import TaskState

from bpm.engine.plain_values import storable
from bpm.engine.spiff import library
from bpm.engine.spiff.runtime.activities import data_flow, element_settings, multi_instance, scripts_around
from bpm.engine.spiff.runtime.events import compensation, subscriptions
from bpm.engine.spiff.runtime.node import Node
from bpm.engine.spiff.runtime.token_state import Token
from bpm.engine.spiff.specs.model import Flow
from bpm.engine.spiff.step import NewJob, NewWorkItem, Variables
from bpm.foundation.errors import ExpressionError

if TYPE_CHECKING:
    from bpm.engine.spiff.runtime.workflow import EarshotWorkflow


class Activity(Node):
    """Anything with boundary events, mappings and markers. Subclasses say in `perform` what it does."""

    def arrive(self, run: "EarshotWorkflow", task: Token) -> bool:
        wanted = self.model.details.start_quantity or 1
        if wanted < 2 or task.internal_data.via is None:
            return True
        library.set_state(task, TaskState.WAITING)
        here = [other for other in run.tokens(task.parent) if _waits_at(other, task)]
        if len(here) >= wanted:
            for other in here[1:wanted]:
                run.drop(other)
            library.ready(here[0])
        return False

    def choose(self, run: "EarshotWorkflow", task: Token) -> tuple[Flow, ...]:
        times: int = self.model.details.completion_quantity or 1
        return super().choose(run, task) * times

    def enter(self, run: "EarshotWorkflow", task: Token) -> bool | None:
        if self.model.details.loop and task.internal_data.round is None:
            return multi_instance.begin(run, task)
        run.open(task)
        began = run.tick()
        if task.internal_data.began is None:
            task.internal_data.began = began
        data_flow.take_in(run, task)
        if task.internal_data.round is None:
            subscriptions.arm_boundary(run, task)
        return None if scripts_around.begin(run, task, "before") else self._do(run, task)

    def _do(self, run: "EarshotWorkflow", task: Token) -> bool | None:
        data_flow.take_in_late(run, task)
        done = self.perform(run, task)
        return None if done and scripts_around.begin(run, task, "after") else done

    def perform(self, run: "EarshotWorkflow", task: Token) -> bool | None:
        """Do the activity's own thing. True: done at once; None: it goes on until `finish` is called."""
        raise NotImplementedError

    def finish(self, run: "EarshotWorkflow", task: Token, result: Variables) -> None:
        """What the activity waited for is there: `result` becomes variables, and the token goes on."""
        script = scripts_around.end(task)
        if script:
            # A called process has gone by the time of the script after it: what that sets is its caller's.
            run.write(task.parent if task.internal_data.border is not None else task, result)
        if script == "before":
            if self._do(run, task):
                task.complete()
            return
        task.internal_data.stage = "finish"
        if not script:
            data_flow.receive(run, task, self._named(result))
        self.end(run, task)

    def end(self, run: "EarshotWorkflow", task: Token) -> None:
        """Let the token go on, once the script after the activity has run."""
        if scripts_around.begin(run, task, "after"):
            task.internal_data.stage = None
        else:
            task.complete()

    def _on_complete(self, my_task: Token) -> None:
        run: EarshotWorkflow = my_task.workflow
        once = my_task.internal_data.round is None
        skipped = my_task.internal_data.skipped is not None
        outputs = {} if my_task.internal_data.rounds is not None else data_flow.mapped_out(run, my_task)
        gathered = None if once or skipped else multi_instance.output_of(run, my_task, outputs)
        flows = self.choose(run, my_task) if once else ()
        data_flow.write_out(run, my_task, outputs)
        for armed in run.armed(my_task):
            run.cancel_task(armed)
        if not skipped or my_task.internal_data.done:
            compensation.remember(run, my_task)
        run.close(my_task, "completed")
        if not once:
            multi_instance.ended(run, my_task, gathered)
        elif my_task.internal_data.undoes is not None:
            compensation.undone(run, my_task)
        else:
            run.take(flows, my_task)

    def settled(self, run: "EarshotWorkflow", task: Token) -> None:
        if task.internal_data.rounds is not None:
            multi_instance.settled(run, task)

    def _named(self, result: Variables) -> Variables:
        """Jobs of a model with a result variable hand their whole result to it."""
        name = self.model.details.result_variable
        if not name or not result:
            return result
        return {name: result["result"] if set(result) == {"result"} else dict(result)} if name not in result else result


def _waits_at(other: Token, task: Token) -> bool:
    """Whether `other` is a token that waits with `task` for more to come (startQuantity)."""
    return other.task_spec is task.task_spec and other.has_state(TaskState.WAITING) and not other.internal_data.open


class PlainTask(Activity):
    """A task of no type: nothing to do, the token goes on."""

    def perform(self, run: "EarshotWorkflow", task: Token) -> bool | None:
        return True


class ValueTask(Activity):
    """A script that is one expression: it is worked out inside the step, and its value becomes a variable."""

    def perform(self, run: "EarshotWorkflow", task: Token) -> bool | None:
        found = run.evaluate(self.model.details.value_expression or "", task)
        name = self.model.details.result_variable
        value = {name: found} if name else {}
        if self.model.details.outputs:
            # The value is the task's own; what its mappings take from it goes on.
            storable(value)
            task.data.update(value)
        else:
            data_flow.write(run, task, value)
        return True


class PersonTask(Activity):
    """User and manual tasks: wait for people."""

    def perform(self, run: "EarshotWorkflow", task: Token) -> bool | None:
        item = NewWorkItem(
            uid=task.id.hex,
            element=self.bpmn_id,
            name=self._name(run, task),
            lane=self.model.lane,
            group=element_settings.group_setting(run, task) or self.model.lane,
            assignee=element_settings.text_setting(run, task, self.model.details.assignee),
            form=element_settings.form_setting(run, task),
            variables=dict(run.visible(task)),
            due_in=element_settings.due_setting(run, task),
            follow_up_in=element_settings.follow_up_setting(run, task),
            priority=element_settings.priority_setting(run, task),
            kind="manualTask" if self.model.kind == "manualTask" else "userTask",
            process=self.process.name,
        )
        run.record.work_items.append(item)
        task.internal_data.wait = {"kind": "person"}
        return None

    def _name(self, run: "EarshotWorkflow", task: Token) -> str:
        """What people call it, with the values of variables in it; one that is not there leaves the text as written."""
        with suppress(ExpressionError):
            return element_settings.shown_setting(run, task, self.model.details.name) or self.bpmn_name
        return self.bpmn_name


_JOB_KINDS = {"scriptTask": "script", "businessRuleTask": "decision", "sendTask": "send"}


class JobTask(Activity):
    """Service, script, business rule and send tasks: work for a worker, never done inside a step."""

    def perform(self, run: "EarshotWorkflow", task: Token) -> bool | None:
        run.count_job(task)
        details, payload = self.model.details, dict(run.visible(task))
        kind: Any = _JOB_KINDS.get(self.model.kind, "service")
        if kind == "script":
            payload["__script__"] = details.script or ""
        if kind == "decision":
            payload["__decision__"] = details.decision.text or self.bpmn_id
        run.record.jobs.append(
            NewJob(
                uid=task.id.hex,
                element=self.bpmn_id,
                name=self.bpmn_name,
                kind=kind,
                topic=element_settings.topic_setting(run, task) or ("script" if kind == "script" else self.bpmn_id),
                payload=payload,
                retries=element_settings.whole_setting(run, task, details.retries),
                retry_in=details.retry_in,
            )
        )
        task.internal_data.wait = {"kind": "job"}
        return None


def redo(run: "EarshotWorkflow", task: Token) -> None:
    """Run a failed activity or element again from where it failed."""
    internal = task.internal_data
    stage, internal.stage, internal.failed = internal.stage, None, None
    if stage == "finish":
        task.internal_data.stage = stage
        task.task_spec.end(run, task) if isinstance(task.task_spec, Activity) else task.complete()
        return
    if stage == "stuck":
        library.set_state(task, TaskState.WAITING)
        return
    if stage == "go on":
        library.set_state(task, TaskState.STARTED)
        multi_instance.go_on(run, task)
        return
    library.set_state(task, TaskState.FUTURE)
    library.ready(task)

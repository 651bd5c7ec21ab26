"""Scripts that run before and after an activity, as jobs of its own visit (SpiffWorkflow "Pre- and post-scripts").

The visit opens, its mappings are in and its boundary events watch; then the script before it runs in the sandbox, then
the activity does its own thing, then the script after it, then its mappings hand out. Each round of a multi-instance
has its own. What a script sets becomes variables as any result does. A script that fails is a failure of its job.
"""

from typing import TYPE_CHECKING, Literal

from bpm.engine.spiff.runtime.token_state import Token
from bpm.engine.spiff.step import NewJob

if TYPE_CHECKING:
    from bpm.engine.spiff.runtime.workflow import EarshotWorkflow

Stage = Literal["before", "after"]


def begin(run: "EarshotWorkflow", task: Token, stage: Stage) -> bool:
    """Leave the script of that stage to a worker, once for each visit. Whether there is anything to wait for."""
    if not task.task_spec.model.details.script_around(stage) or task.internal_data.script_done(stage):
        return False
    run.count_job(task, what=stage)
    task.internal_data.script, task.internal_data.wait = stage, {"kind": "job"}
    run.record.jobs.append(job_of(run, task, stage))
    return True


def end(task: Token) -> Stage | None:
    """The stage whose script is done now; None when the activity waited for something else."""
    stage, task.internal_data.script = task.internal_data.script, None
    if stage:
        task.internal_data.note_script(stage)
    return stage


def job_of(run: "EarshotWorkflow", task: Token, stage: Stage) -> NewJob:
    """The script as a job; its variables are read anew when it runs."""
    element = task.task_spec
    return NewJob(
        uid=task.id.hex,
        element=element.bpmn_id,
        name=element.bpmn_name,
        kind="script",
        topic="script",
        payload={**run.visible(task), "__script__": element.model.details.script_around(stage)},
    )

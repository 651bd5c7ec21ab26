"""Normalisation: scripts that ProcessMaker and Flows for APEX keep outside of the standard's element are jobs.

The job of a ProcessMaker script is `script:processmaker-<number>`, for the script lies in its database; PL/SQL in the
file goes to the job `script:plsql` as its input `script`.
"""

from bpm.engine.bpmn.document import BpmnDocument, Element, child, label, local, own, tag, text_of
from bpm.engine.bpmn.normalise.foreign.external_code import SCRIPT, script_as_job
from bpm.engine.bpmn.normalise.foreign.vendor_extensions import vendor


def read_foreign_scripts(document: BpmnDocument) -> None:
    """Without it a script task that holds nothing of the standard's would be passed as empty."""
    for task in document.all("scriptTask", "serviceTask", "businessRuleTask"):
        # Older releases wrote it beside the extension elements.
        code = next((text_of(part) for part in task.iter() if local(part.tag) == "plsqlCode"), "")
        if code:
            script_as_job(document, task, code, "plsql")
        elif tag("scriptTask") == task.tag and not text_of(child(task, "script")) and vendor(task, "scriptRef"):
            _script_elsewhere(document, task, vendor(task, "scriptRef"))


def _script_elsewhere(document: BpmnDocument, task: Element, reference: str) -> None:
    topic = f"{SCRIPT}processmaker-{reference}"
    task.tag = tag("serviceTask")
    task.set(own("topic"), topic)
    document.note(
        "script-needs-worker",
        "warning",
        task,
        f"The script {reference!r} of {label(task)!r} lies in ProcessMaker: it is a job of the topic {topic!r}; without"
        " a worker for it, it is a Failure.",
        f"Register a worker for the topic {topic!r}, or write the script in Python.",
        before=reference,
        after=topic,
    )

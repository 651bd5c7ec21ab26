"""What states of a case, kinds of steps and acts are called; templates know them as filters."""

from collections.abc import Mapping

from bpm.foundation.texts import _

STATES: Mapping[str, tuple[str, str]] = {
    "active": (_("running"), "info"),
    "suspended": (_("suspended"), "warn"),
    "failed": (_("failed"), "bad"),
    "completed": (_("completed"), "good"),
    "cancelled": (_("cancelled"), "plain"),
    "open": (_("open"), "info"),
}
"""State of a case or of a visit -> its word and the tone of its badge."""
KINDS: Mapping[str, str] = {
    "userTask": _("task"), "manualTask": _("task by hand"), "task": _("task"), "serviceTask": _("automatic task"),
    "scriptTask": _("script"), "businessRuleTask": _("decision"), "sendTask": _("sends a message"),
    "receiveTask": _("waits for a message"), "exclusiveGateway": _("choice"),
    "inclusiveGateway": _("choice of several"),
    "parallelGateway": _("parallel branches"), "eventBasedGateway": _("waits for the first event"),
    "complexGateway": _("choice"), "startEvent": _("start"), "endEvent": _("end"),
    "intermediateCatchEvent": _("waits for an event"), "intermediateThrowEvent": _("throws an event"),
    "boundaryEvent": _("event at a step"), "subProcess": _("subprocess"), "transaction": _("transaction"),
    "adHocSubProcess": _("subprocess"), "callActivity": _("other process"),
}  # fmt: skip
"""BPMN element -> what a person calls it."""
COMMANDS: Mapping[str, str] = {
    "start": _("started"), "complete": _("task completed"), "job": _("automatic task done"),
    "job_error": _("automatic task failed"), "timers": _("time came"), "deliver": _("message arrived"),
    "set_variables": _("values changed"), "retry": _("tried again"), "cancel": _("cancelled"),
    "skip": _("step skipped"),
    "move": _("moved to another step"), "suspend": _("suspended"), "resume": _("resumed"),
    "migrate": _("moved to another version"), "restart": _("restarted from another case"),
}  # fmt: skip
"""Command of the record -> what happened, in words."""


def case_state(status: str) -> str:
    """The state as people say it."""
    return STATES[status][0] if status in STATES else status.replace("_", " ")


def case_tone(status: str) -> str:
    """The tone of the state's badge."""
    return STATES[status][1] if status in STATES else "plain"


def step_kind(kind: str) -> str:
    """What a person calls an element of that kind."""
    return KINDS.get(kind, _("step"))


def happened(command: str) -> str:
    """What a command of the record did, in words."""
    return COMMANDS.get(command, command.replace("_", " "))

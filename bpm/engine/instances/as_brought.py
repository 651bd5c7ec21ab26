"""What a command brings into an instance from outside, as it is kept on record to be replayed."""

from typing import Any

from bpm.engine.spiff.step import Command, FireTimers, JobDone, JobError


def as_brought(command: Command) -> dict[str, Any]:
    """{"act", and what is given of "uid", "variables", "deleted", "code", "message", "escalation"}, as JSON."""
    brought: dict[str, Any] = {"act": type(command).__name__}
    if isinstance(command, FireTimers):
        return brought
    for name in ("uid", "to"):
        if value := getattr(command, name, None):
            brought[name] = value
    variables = getattr(command, "variables", None) or getattr(command, "payload", None)
    if variables:
        brought["variables"] = dict(variables)
    if isinstance(command, JobDone) and command.deleted:
        brought["deleted"] = sorted(command.deleted)
    if isinstance(command, JobError):
        brought |= {"code": command.code, "message": command.message, "escalation": command.escalation}
    return brought

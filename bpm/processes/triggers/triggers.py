"""Triggers: when such feedback arrives, start or correlate such a process. Nothing else starts one from feedback."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import select

from bpm import audit
from bpm.engine.models import ProcessDefinition, ProcessVersion
from bpm.foundation.errors import InvalidInputError, NotFoundError
from bpm.foundation.texts import _
from bpm.foundation.work import Work
from bpm.processes.models import Trigger
from bpm.processes.status import TriggerAction, WhileRunning
from bpm.processes.triggers.conditions import Conditions, conditions_of
from bpm.processes.triggers.item_fields import SOURCES, USUAL, check_fields

ACTIVE = "active triggers"
"""Where a transaction keeps the active triggers it has read: a batch of a thousand items reads them once."""


@dataclass(frozen=True)
class TriggerDraft:
    """What a designer fills in."""

    definition_key: str
    """Key under which the file of its process is deployed."""
    conditions: Conditions = field(default_factory=Conditions)
    fields: Mapping[str, str] = field(default_factory=lambda: dict(USUAL))
    name: str = ""
    action: str = TriggerAction.START
    message: str = ""
    key_field: str = ""
    while_running: str = WhileRunning.JOIN
    process_id: str = ""
    """The process of that file that it starts; "" for the one that the file is about."""


def save_trigger(work: Work, draft: TriggerDraft, *, trigger_id: int | None = None) -> Trigger:
    """A new trigger, switched off, or the one of that id changed; InvalidInputError names what does not fit."""
    _check(work, draft)
    trigger = get_trigger(work, trigger_id) if trigger_id is not None else None
    before = _told(trigger) if trigger is not None else None
    if trigger is None:
        trigger = Trigger(active=False, created_by=work.actor.user_id, created_at=work.now())
        work.session.add(trigger)
    trigger.name = draft.name.strip() or f"{draft.process_id or draft.definition_key} from feedback"
    trigger.definition_key, trigger.process_id = draft.definition_key, draft.process_id
    trigger.action = TriggerAction(draft.action)
    trigger.message = draft.message.strip() if draft.action == TriggerAction.CORRELATE else ""
    trigger.key_field = draft.key_field if draft.action == TriggerAction.CORRELATE else ""
    trigger.while_running = WhileRunning(draft.while_running)
    trigger.conditions = draft.conditions.as_dict()
    trigger.fields = check_fields(draft.fields)
    work.session.flush()
    work.session.info.pop(ACTIVE, None)
    audit.record(work, "trigger.save", _thing(trigger), before=before, after=_told(trigger))
    return trigger


def _thing(trigger: Trigger) -> audit.Thing:
    return audit.Thing("trigger", trigger.id, trigger.name)


def _told(trigger: Trigger) -> dict[str, object]:
    names = (
        "name", "definition_key", "process_id", "action", "message", "key_field", "while_running", "conditions",
        "fields",
    )  # fmt: skip
    return {name: getattr(trigger, name) for name in names}


def _switch(work: Work, trigger: Trigger, *, on: bool) -> None:
    """Put on the trail what is about to be done to it."""
    audit.record(work, "trigger.switch", _thing(trigger), before={"on": trigger.active}, after={"on": on})


def _check(work: Work, draft: TriggerDraft) -> None:
    problems = {}
    known = work.session.scalar(select(ProcessDefinition.id).where(ProcessDefinition.key == draft.definition_key))
    if known is None:
        problems["definition_key"] = f"There is no process “{draft.definition_key}”; deploy it first."
    elif draft.process_id and draft.process_id not in _offered(work, known):
        problems["process"] = _("The file of “%(file)s” has no process “%(process)s” to start.") % {
            "file": draft.definition_key,
            "process": draft.process_id,
        }
    if draft.action not in tuple(TriggerAction):
        problems["action"] = "Choose start or correlate."
    if draft.while_running not in tuple(WhileRunning):
        problems["while_running"] = "Choose join or start."
    if draft.action == TriggerAction.CORRELATE and not draft.message.strip():
        problems["message"] = "Name the message that the process waits for."
    if draft.key_field and draft.key_field not in SOURCES:
        problems["key_field"] = f"There is no field “{draft.key_field}”; choose from {', '.join(SOURCES)}."
    if problems:
        raise InvalidInputError("The trigger was not saved.", remedy=" ".join(problems.values()), fields=problems)


def _offered(work: Work, definition_id: int) -> set[str]:
    """Ids of the processes that any version of the definition lets be started."""
    versions = work.session.scalars(
        select(ProcessVersion.processes).where(ProcessVersion.definition_id == definition_id)
    )
    return {each["id"] for processes in versions for each in processes if each.get("offered", True)}


def switch_on(work: Work, trigger_id: int) -> Trigger:
    """From now on each newly classified item is held against it; what was classified before stays as it is.

    InvalidInputError when there is no live version that it could start.
    """
    trigger = get_trigger(work, trigger_id)
    if trigger.action == TriggerAction.START:
        _check_startable(work, trigger.definition_key, trigger.process_id)
    if not trigger.active:
        _switch(work, trigger, on=True)
        trigger.active, trigger.active_since = True, work.now()
    work.session.info.pop(ACTIVE, None)
    return trigger


def _check_startable(work: Work, key: str, process_id: str) -> None:
    processes = work.session.execute(
        select(ProcessVersion.processes, ProcessVersion.primary)
        .join(ProcessDefinition, ProcessDefinition.live_version_id == ProcessVersion.id)
        .where(ProcessDefinition.key == key)
    ).first()
    if processes is None:
        raise InvalidInputError(
            f"The process “{key}” has no live version that a trigger could start.",
            remedy="Put a version live, then switch the trigger on.",
        )
    meant = next((each for each in processes[0] if each["id"] == (process_id or processes[1])), None)
    if process_id and (meant is None or not meant.get("offered", True)):
        raise InvalidInputError(
            _("The live version of “%(file)s” has no process “%(process)s” that a trigger could start.")
            % {"file": key, "process": process_id},
            remedy=_("Put a version live that has it, or let the trigger start another process."),
        )
    if meant is not None and not meant["plain_start"]:
        raise InvalidInputError(
            f"The process “{process_id or key}” starts with an event only.",
            remedy="Let the trigger correlate its message, or draw a plain start event.",
        )


def switch_off(work: Work, trigger_id: int) -> Trigger:
    """It fires no more; cases it started go on."""
    trigger = get_trigger(work, trigger_id)
    _switch(work, trigger, on=False)
    trigger.active, trigger.active_since = False, None
    work.session.info.pop(ACTIVE, None)
    return trigger


def get_trigger(work: Work, trigger_id: int) -> Trigger:
    """The trigger of that id, or NotFoundError."""
    trigger = work.session.get(Trigger, trigger_id)
    if trigger is None:
        raise NotFoundError(f"There is no trigger {trigger_id}.")
    return trigger


def active_triggers(work: Work) -> list[Trigger]:
    """Those switched on, in the order in which they fire; read once a transaction."""
    if ACTIVE not in work.session.info:
        query = select(Trigger).where(Trigger.active)
        work.session.info[ACTIVE] = sorted(work.session.scalars(query), key=_turn)
    triggers: list[Trigger] = work.session.info[ACTIVE]
    return triggers


def _turn(trigger: Trigger) -> tuple[bool, int, int]:
    """Messages go to the cases that run already, before a start trigger makes a new one of the same item.

    Of two that open cases the one that asks for more comes first, and its case leads (`opened_cases`).
    """
    return trigger.action != "correlate", -conditions_of(trigger.conditions).number, trigger.id

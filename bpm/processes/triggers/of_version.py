"""Triggers that come with a version, as entries of its triggers.json: checked at upload, made when it goes live."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from typing import Any

from sqlalchemy import ColumnElement, select

from bpm.engine.events import VersionWentLive
from bpm.engine.findings import Finding
from bpm.engine.models import ProcessDefinition, ProcessVersion
from bpm.foundation.errors import InvalidInputError
from bpm.foundation.texts import _
from bpm.foundation.work import Work
from bpm.processes.models import Trigger
from bpm.processes.status import TriggerAction, WhileRunning
from bpm.processes.triggers.conditions import conditions_of
from bpm.processes.triggers.item_fields import USUAL, check_fields
from bpm.processes.triggers.triggers import TriggerDraft, save_trigger, switch_off, switch_on

KEYS = (
    "name", "process", "action", "message", "key_field", "while_running", "conditions", "fields", "active",
    "description",
)  # fmt: skip
_PLACE = "triggers.json"


def draft_of(key: str, values: Mapping[str, Any]) -> TriggerDraft:
    """One entry of a triggers.json as a draft."""
    return TriggerDraft(
        definition_key=key,
        process_id=str(values.get("process", "")),
        name=name_of(key, values),
        action=str(values.get("action", TriggerAction.START)),
        message=str(values.get("message", "")),
        key_field=str(values.get("key_field", "")),
        while_running=str(values.get("while_running", WhileRunning.JOIN)),
        conditions=conditions_of(values.get("conditions") or {}),
        fields=dict(values.get("fields") or USUAL),
    )


def name_of(key: str, values: Mapping[str, Any]) -> str:
    """The name of the trigger that an entry makes."""
    return str(values.get("name") or f"{values.get('process') or key} from feedback")


def check_triggers(entries: Iterable[Mapping[str, Any]], processes: Collection[str]) -> tuple[Finding, ...]:
    """Everything in the entries that would keep them from being made, or that nothing would look at; errors.

    `processes` are the ids of those that the file lets be started; with none of them known, no id is questioned.
    """
    numbered = [(str(entry.get("name") or number), entry) for number, entry in enumerate(entries, 1)]
    found = [finding for name, entry in numbered for finding in _problems(name, entry)]
    return (*found, *(finding for name, entry in numbered for finding in _unknown_process(name, entry, processes)))


def _unknown_process(name: str, entry: Mapping[str, Any], processes: Collection[str]) -> Iterator[Finding]:
    wanted = str(entry.get("process", ""))
    if wanted and processes and wanted not in processes:
        message = _("The trigger %(name)r starts %(process)r, which is no process of the file.") % {
            "name": name, "process": wanted[:100],
        }  # fmt: skip
        remedy = _("Processes of it are: %(known)s.") % {"known": ", ".join(sorted(processes))}
        yield _finding("trigger-process-unknown", name, message, remedy)


def _problems(name: str, entry: Mapping[str, Any]) -> Iterator[Finding]:
    for key in entry:
        if key not in KEYS:
            near = get_close_matches(key, KEYS, n=1, cutoff=0.5)
            message = _("The trigger %(name)r says %(key)r, which is not known.") % {"name": name, "key": key[:100]}
            remedy = _("Write %(near)s if that is meant.") % {"near": near[0]} if near else ""
            known = _("Known are: %(known)s.") % {"known": ", ".join(KEYS)}
            yield _finding("trigger-key-unknown", name, message, f"{remedy} {known}".strip())
    try:
        draft = draft_of("", entry)
        check_fields(draft.fields)
    except InvalidInputError as error:
        message = _("The trigger %(name)r: %(problem)s") % {"name": name, "problem": error.message}
        yield _finding("trigger-unfit", name, message, error.remedy)
    except (TypeError, ValueError, AttributeError):
        message = _("The trigger %(name)r has a condition or field of the wrong kind.") % {"name": name}
        yield _finding("trigger-unfit", name, message, _("Write conditions and fields as objects."))


def _finding(code: str, name: str, message: str, remedy: str) -> Finding:
    return Finding(code, "error", message, remedy or _("Mend it in triggers.json."), element=_PLACE, name=name)


def on_version_went_live(work: Work, event: VersionWentLive) -> None:
    """In the transaction that puts it live: what came with the version and is not there is made, the rest follows it.

    A trigger that is still as the version before had it becomes as the new one has it, and one that the new one has no
    more is switched off; what people changed since stays as they left it.
    """
    entries = _entries(work, ProcessVersion.id == event.version_id)
    earlier = (
        select(ProcessVersion.id)
        .join(ProcessDefinition, ProcessDefinition.id == ProcessVersion.definition_id)
        .where(ProcessDefinition.key == event.key, ProcessVersion.id != event.version_id)
        .where(ProcessVersion.live_at.is_not(None))
        .order_by(ProcessVersion.live_at.desc(), ProcessVersion.id.desc())
        .limit(1)
    )
    before = {name_of(event.key, entry): entry for entry in _entries(work, ProcessVersion.id.in_(earlier))}
    after = {name_of(event.key, entry): entry for entry in entries}
    ensure_triggers(work, event.key, entries)
    for trigger in work.session.scalars(select(Trigger).where(Trigger.definition_key == event.key)).all():
        old, new = before.get(trigger.name), after.get(trigger.name)
        if old is None or old == new or not _is_as(trigger, draft_of(event.key, old)):
            continue
        if new is None:
            switch_off(work, trigger.id)
        else:
            save_trigger(work, draft_of(event.key, new), trigger_id=trigger.id)


def _entries(work: Work, which: ColumnElement[bool]) -> list[dict[str, Any]]:
    return work.session.scalar(select(ProcessVersion.triggers).where(which)) or []


def _is_as(trigger: Trigger, draft: TriggerDraft) -> bool:
    """Whether nobody changed the trigger since it was made from the entry."""
    names = ("process_id", "action", "message", "key_field", "while_running")
    same = all(getattr(trigger, name) == getattr(draft, name) for name in names)
    return same and trigger.fields == dict(draft.fields) and trigger.conditions == draft.conditions.as_dict()


def ensure_triggers(work: Work, key: str, entries: Sequence[Mapping[str, Any]]) -> int:
    """Make the triggers that are not there by name; what people changed or switched off stays so. Gives how many."""
    known = set(work.session.scalars(select(Trigger.name).where(Trigger.definition_key == key)))
    made = 0
    for values in entries:
        draft = draft_of(key, values)
        if draft.name in known:
            continue
        trigger = save_trigger(work, draft)
        if values.get("active", False):
            switch_on(work, trigger.id)
        made += 1
    return made

"""feedback.distribute: hands the item to the group, person or process that can do something about it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from bpm import feedback
from bpm.engine.api import BpmnError, JobCall
from bpm.feedback import Taker
from bpm.foundation.errors import NotFoundError
from bpm.foundation.work import Work
from bpm.identity import actor_of, find_user
from bpm.processes.handing_over import Order, hand_over_for_process, hand_over_without_item, is_with
from bpm.processes.service_tasks.inputs import BAD_INPUT, find_item, person_behind, read_text
from bpm.processes.triggers.item_fields import USUAL


def distribute(work: Work, call: JobCall) -> Mapping[str, Any]:
    """In: group_key (or person, or process), note, due. Out: distributed_to, handed_over_key. Twice it hands over once.

    Who waits for the message `handed_over_returned` with that key gets its `outcome` and `result`. With `only_note`
    true it is written down and nobody gets a task: the process itself goes on with it.
    """
    taker, name = _taker(work, call.payload)
    due_at = _due(call.payload)
    item, person = find_item(work, call), person_behind(work, call)
    acting = replace(work, actor=actor_of(person)) if person else work
    note = read_text(call.payload, "note", default="")
    only_note = call.payload.get("only_note") in (True, "true")
    key = str(item.id) if item is not None else f"case-{call.instance_id}"
    told = {"distributed_to": name, "handed_over_key": key}
    if item is None:
        if not only_note:
            facts = {each: call.payload[each] for each in USUAL if each in call.payload}
            hand_over_without_item(acting, Order((taker,), note=note, due_at=due_at), key=key, facts=facts)
    elif only_note:
        if item.distributed_to != name:
            feedback.distribute(
                acting, item.id, group_key=taker.group_key, user_id=taker.user_id, process_key=taker.process_key,
                note=note,
            )  # fmt: skip
    elif not is_with(work, item.id, taker):
        hand_over_for_process(acting, item.id, Order((taker,), note=note, due_at=due_at, existing="beside"))
    return told


def _taker(work: Work, payload: Mapping[str, Any]) -> tuple[Taker, str]:
    """Who gets it, and by which name the process knows them."""
    person, process = (read_text(payload, name, default="") for name in ("person", "process"))
    if person:
        try:
            return Taker(user_id=find_user(work, person).id), f"@{person}"
        except NotFoundError as error:
            raise BpmnError(BAD_INPUT, str(error)) from None
    if process:
        return Taker(process_key=process), process
    group = read_text(payload, "group_key")
    return Taker(group_key=group), group


def _due(payload: Mapping[str, Any]) -> datetime | None:
    text = read_text(payload, "due", default="")
    if not text:
        return None
    try:
        due_at = datetime.fromisoformat(text)
    except ValueError:
        raise BpmnError(BAD_INPUT, f"“{text}” is no instant; write it as 2026-03-02T17:00:00+01:00.") from None
    return due_at if due_at.tzinfo else due_at.replace(tzinfo=UTC)

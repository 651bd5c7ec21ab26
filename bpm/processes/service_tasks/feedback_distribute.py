"""feedback.distribute: hands the item to the group that can do something about it."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bpm import feedback
from bpm.engine.api import JobCall
from bpm.foundation.work import Work
from bpm.identity import actor_of
from bpm.processes.service_tasks.inputs import find_item, person_behind, read_text


def distribute(work: Work, call: JobCall) -> Mapping[str, Any]:
    """In: group_key, note. Out: distributed_to. Done twice it writes once."""
    group_key = read_text(call.payload, "group_key")
    item, person = find_item(work, call), person_behind(work, call)
    if item is not None and item.distributed_to != group_key:
        acting = replace(work, actor=actor_of(person)) if person else work
        feedback.distribute(acting, item.id, group_key=group_key, note=read_text(call.payload, "note", default=""))
    return {"distributed_to": group_key}

"""Many tasks at once: claimed, given, dated; what was left as it was is said, and one undo takes all back."""

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import UTC
from typing import Any

from flask import request, url_for
from werkzeug.wrappers import Response

from bpm import identity
from bpm.engine import api as engine
from bpm.engine import queries, teamwork
from bpm.foundation.errors import EarshotError, InvalidInputError
from bpm.foundation.texts import _, ngettext
from bpm.foundation.work import Work
from bpm.identity import Permission
from web.core.numbers import key_of
from web.core.rendering import go_back, say
from web.core.request_context import work
from web.core.security import needs
from web.tasks.blueprint import blueprint
from web.tasks.hand_over import MOST, recipient
from web.ui.task_dates import read_moment

Was = str
"""What a task was before, short enough for the address of the undo."""


@blueprint.post("/many")
@needs(Permission.WORK)
def many() -> Response:
    """Do one thing to each of the chosen tasks."""
    verb, value = request.form.get("verb", ""), request.form.get(request.form.get("verb", ""), "")
    ids = [key for key in map(key_of, request.form.getlist("task")) if key is not None][:MOST]
    if verb not in VERBS:
        raise InvalidInputError(_("Nothing was chosen to be done."), remedy=_("Choose what to do."))
    if not ids:
        raise InvalidInputError(_("No task was chosen."), remedy=_("Tick the tasks first."))
    done, problems = _each(ids, lambda item_id: VERBS[verb](work(), item_id, value))
    told = ngettext("%(num)s task changed.", "%(num)s tasks changed.", len(done)) % {"num": len(done)}
    for problem, times in Counter(problems).most_common(3):
        told += " " + (_("%(number)s left as it was: %(why)s") % {"number": times, "why": problem})
    was = ";".join(f"{item_id}:{before}" for item_id, before in done)
    say(told, undo=url_for("tasks.undo_many", verb=verb, was=was) if done else "")
    return go_back("tasks.tasks")


@blueprint.post("/many/undo")
@needs(Permission.WORK)
def undo_many() -> Response:
    """Put back what `many` has changed; whoever lost the right to it meanwhile reads so."""
    verb = request.args.get("verb", "")
    pairs = [part.partition(":") for part in request.args.get("was", "").split(";")[:MOST]]
    before = {key: was for raw, _colon, was in pairs if (key := key_of(raw)) is not None}
    if verb not in VERBS:
        raise InvalidInputError(_("There is nothing to undo."), remedy=_("Look at the list."))
    back = VERBS[verb] if verb in _DATED else _take_back if verb == "assign" else _give_back
    done, problems = _each(before, lambda item_id: back(work(), item_id, before[item_id]))
    told = ngettext("%(num)s task is as before.", "%(num)s tasks are as before.", len(done)) % {"num": len(done)}
    say(" ".join([told, *dict.fromkeys(problems)]))
    return go_back("tasks.tasks")


def _each(ids: Iterable[int], act: Callable[[int], Was | None]) -> tuple[list[tuple[int, Was]], list[str]]:
    """([(id, what it was)] of the changed ones, the problems of the others). Each act decides before it writes."""
    done, problems = [], []
    for item_id in dict.fromkeys(ids):
        try:
            was = act(item_id)
        except EarshotError as error:
            problems.append(error.message)
            continue
        if was is not None:
            done.append((item_id, was))
    return done, problems


def _claim(unit: Work, item_id: int, _value: str) -> Was | None:
    before = queries.get_work_item(unit, item_id).row.assignee_id
    if before == unit.actor.user_id:
        return None
    if before is not None and teamwork.stands_in_for(unit, before):
        teamwork.take_as_deputy(unit, item_id)
        return str(before)
    engine.claim(unit, item_id)
    return ""


def _release(unit: Work, item_id: int, _value: str) -> Was:
    before = queries.get_work_item(unit, item_id).row.assignee_id
    engine.release(unit, item_id)
    return str(before or "")


def _assign(unit: Work, item_id: int, value: str) -> Was:
    """The id of the hand-over, by which it is undone."""
    to, _name = recipient(unit, item_id, value)
    return str(teamwork.hand_over(unit, item_id, to, text=request.form.get("note", "")))


def _take_back(unit: Work, _item_id: int, was: Was) -> Was:
    return str(teamwork.undo_hand_over(unit, key_of(was) or 0))


def _give_back(unit: Work, item_id: int, value: str) -> Was:
    before = key_of(value) if value else None
    if before is None:
        engine.release(unit, item_id)
    elif before == unit.actor.user_id or before in {each.id for each in identity.list_users(unit)}:
        engine.assign(unit, item_id, before)
    return ""


def _date(name: str) -> Callable[[Work, int, str], Was]:
    def act(unit: Work, item_id: int, value: str) -> Was:
        before = engine.schedule(unit, item_id, {name: read_moment(value)})[name]
        return "" if before is None else before.astimezone(UTC).isoformat(timespec="seconds")

    return act


def _priority(unit: Work, item_id: int, value: str) -> Was:
    try:
        priority = int(value)
    except ValueError:
        raise InvalidInputError(_("The priority has to be a number."), remedy=_("Write for example 50.")) from None
    return str(engine.schedule(unit, item_id, {"priority": priority})["priority"])


VERBS: dict[str, Callable[[Work, int, str], Any]] = {
    "claim": _claim, "release": _release, "assign": _assign,
    "due": _date("due_at"), "follow_up": _date("follow_up_at"), "priority": _priority,
}  # fmt: skip
_DATED = ("due", "follow_up", "priority")

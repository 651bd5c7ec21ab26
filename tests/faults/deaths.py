"""Places around a commit where a process kills itself as SIGKILL does; put in from outside, the product knows none."""

import os
import signal
import sys
import threading
from collections import Counter
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Engine, event

LEASED = "after the lease is committed"
TASK = "in the service task"
STATEMENT = "before a statement"
SAID = "between saying something outside and writing down that it was said"
COMMIT = "before the final commit"
COMMITTED = "after the final commit"
NUDGE = "before the nudge"
ANSWER = "between the commit and the answer"
AROUND_A_JOB = (LEASED, TASK, COMMIT, COMMITTED, NUDGE)


@dataclass(frozen=True)
class Death:
    """Where a process dies, and at which passing of that place (from 1)."""

    point: str
    passing: int = 1


_passed: Counter[str] = Counter()
_of_this_thread = threading.local()
_planned: list[Death] = []


def plan(death: Death | None) -> None:
    """Let this process die there."""
    _passed.clear()
    _planned[:] = [death] if death else []


def passing(point: str) -> None:
    """The process is at `point`; if that is where it is to die, nothing after this line runs."""
    _passed[point] += 1
    if any(death.point == point and death.passing == _passed[point] for death in _planned):
        os.kill(os.getpid(), signal.SIGKILL)


def watch(engine: Engine) -> None:
    """Notice statements and commits of `engine`. What a transaction does to a job tells which commit it is."""
    commit = engine.dialect.do_commit

    def do_commit(connection: Any) -> None:
        mark, _of_this_thread.mark = getattr(_of_this_thread, "mark", ""), ""
        if mark == "end":
            passing(COMMIT)
        commit(connection)
        _of_this_thread.just_ended = mark == "end"
        if mark:
            passing({"lease": LEASED, "end": COMMITTED, "form": ANSWER}[mark])

    engine.dialect.do_commit = do_commit  # type: ignore[method-assign]  # the point of it: the method is another one
    event.listen(engine, "before_cursor_execute", _before_statement)
    event.listen(engine, "rollback", lambda _connection: setattr(_of_this_thread, "mark", ""))


def _before_statement(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_rest: Any) -> None:
    passing(STATEMENT)
    table = statement[:40].lower()
    values = parameters.values() if isinstance(parameters, dict) else parameters
    if table.startswith("update job set"):
        if "done" in values:
            _of_this_thread.mark = "end"
        elif "attempts=" in statement.partition(" WHERE ")[0]:
            _of_this_thread.mark = "lease"
    elif table.startswith("insert into received_command") or (
        "update work_item set" in table and "completed" in values
    ):
        _of_this_thread.mark = "form"


def watch_nudges() -> None:
    """Notice the nudge that follows the end of a job, whichever queue gives it."""
    for name, module in list(sys.modules.items()):
        if name == "bpm.queue" or name.startswith("bpm.queue."):
            for kind in vars(module).values():
                if isinstance(kind, type) and "nudge" in vars(kind):
                    kind.nudge = _passing_before(vars(kind)["nudge"])  # type: ignore[attr-defined]  # the point of it: the method is another one


def _passing_before(nudge: Any) -> Any:
    def nudged(*args: Any, **options: Any) -> Any:
        ended, _of_this_thread.just_ended = getattr(_of_this_thread, "just_ended", False), False
        if ended:
            passing(NUDGE)
        return nudge(*args, **options)

    return nudged

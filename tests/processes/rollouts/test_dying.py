"""A process that is killed anywhere in a start leaves a case with its arm, or neither; doctor reads it back."""

import os
import signal
from typing import Any

from sqlalchemy import delete, event, func, select, update

from bpm.app import App, build
from bpm.engine.models import ProcessInstance
from bpm.foundation.clock import FixedClock
from bpm.foundation.settings import Settings
from bpm.processes import rollouts
from bpm.processes.rollouts import Arm, RolloutCase
from tests.conftest import MONDAY
from tests.processes.rollouts.conftest import Begin, start_case


def dies_before(statement: int, settings: Settings) -> bool:
    """Whether a child that starts a case was killed before that SQL statement of its own; False: it came to the end."""
    child = os.fork()
    if child == 0:
        seen = 0

        def count(*_args: Any) -> None:
            nonlocal seen
            seen += 1
            if seen == statement:
                os.kill(os.getpid(), signal.SIGKILL)

        app = build(settings, clock=FixedClock(MONDAY))
        event.listen(app.database, "before_cursor_execute", count)
        start_case(app, f"order-{statement}")
        os._exit(0)
    _child, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status)


def test_a_start_that_is_killed_leaves_no_case_without_its_arm(app: App, settings: Settings, roll_out: Begin) -> None:
    roll_out(steps=(1.0,))
    app.database.dispose()
    deaths = 0
    while dies_before(deaths + 1, settings):
        deaths += 1
        with app.unit_of_work.reading() as work:
            assert work.session.scalar(select(func.count(ProcessInstance.id))) == 0
            assert work.session.scalar(select(func.count(RolloutCase.id))) == 0
        app.database.dispose()
    assert deaths >= 8
    with app.unit_of_work.reading() as work:
        assert work.session.scalar(select(func.count(RolloutCase.id))) == 1
        assert rollouts.what_is_broken(work) == []


def test_what_must_never_be_is_named(app: App, roll_out: Begin) -> None:
    roll_out(steps=(1.0,))
    case = start_case(app)
    with app.unit_of_work() as work:
        work.session.execute(update(RolloutCase).values(arm=Arm.CONTROL))
        assert rollouts.what_is_broken(work) == [f"Case {case} did not begin on its arm's version."]
        work.session.execute(delete(RolloutCase))
        assert rollouts.what_is_broken(work) == [f"Case {case} runs a version on trial, but has no arm."]

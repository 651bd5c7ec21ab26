"""A company whose truth is known, run through the product: it finds what hurts, and tells a real change from a fake."""

import random
from collections.abc import Callable
from datetime import timedelta

import pytest

from bpm import processes
from bpm.app import App
from bpm.engine import api as engine
from bpm.foundation.clock import FixedClock
from bpm.foundation.work import Actor
from bpm.processes import Conditions, rollouts, verdicts
from bpm.processes.measures.asking import Question, ask
from bpm.processes.rollouts import starting
from bpm.processes.verdicts import Plan
from tests.processes.conftest import GoLive, make_person
from tests.processes.planted import Company, model

QUIET, HURTS = 0.04, {"bill": 0.7, "ship": 0.3}
RATES = {"pack": QUIET, "call": QUIET, **HURTS}
MENDED = {**RATES, "bill": 0.03}
RULE = {"improved": "keep_new", "worse": "back_to_old", "no difference": "back_to_old", "not shown": "go_on"}
LOT = "0123456789abcdef"
CASES, WINDOW = 76, timedelta(days=2)


def test_the_two_activities_that_hurt_are_found_and_the_real_change_alone_is_called_improved(
    app: App, clock: FixedClock, go_live: GoLive, trigger: Callable[..., int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The lot is given, so that chance has no say in the test: one lot in twenty gives a version too few customers."""
    monkeypatch.setattr(starting.secrets, "token_hex", lambda _bytes: LOT)
    staff, manager = make_person(app, "stella", "staff", "service"), make_person(app, "mona", "manager")
    real, fake = _two_versions(app, go_live, "order"), _two_versions(app, go_live, "loan")
    for key, truth, versions in (("order", MENDED, real), ("loan", RATES, fake)):
        switch = trigger(key, conditions=Conditions(kinds=("request",)), name=f"Begin {key}")
        plan = _try_out(app, clock, manager, key, versions)
        company = Company(
            app, clock, staff, key, {versions[0]: RATES, versions[1]: truth}, random.Random(7)
        )  # fmt: skip
        company.run(CASES)
        _find_what_hurts(app, clock, key)
        clock.advance(WINDOW + timedelta(days=20))
        verdicts.sweep_verdicts(app.unit_of_work)
        with app.unit_of_work.reading() as work:
            found = verdicts.get_plan(work, plan)
            said = [(look.verdict, look.sentence, look.threats) for look in found.looks]
        expected = {"improved"} if key == "order" else {"not shown", "no difference"}
        assert said, "the looks that were planned happened"
        assert {each[0] for each in said} <= expected, said
        with app.unit_of_work() as work:
            processes.switch_off(work, switch)


def _two_versions(app: App, go_live: GoLive, key: str) -> tuple[int, int]:
    old = go_live(model(key), key)
    prepared = engine.check(model(key, {"bill": "Write the bill", "pack": "Pack it"}), f"{key}.bpmn")
    with app.unit_of_work() as work:
        new = engine.deploy(work, prepared, key=key).id
        for department in work.settings.sign_offs:
            engine.sign(work, new, department, method="console")
    return old, new


def _try_out(app: App, clock: FixedClock, manager: Actor, key: str, versions: tuple[int, int]) -> int:
    """Half of the customers get the new version; what is to be read is laid down before."""
    start = clock.now() + timedelta(minutes=1)
    with app.unit_of_work() as work:
        rollout = rollouts.start(work, key, versions[1], unit="customer", share=0.5)
    with app.unit_of_work(manager) as work:
        plan = Plan(
            key, "The bill says what for", "negative_share", "lower", 0.15, WINDOW / timedelta(days=1), "randomised",
            CASES // 2 - 8, *versions, start - timedelta(days=90), start, (start + timedelta(days=60)).date(), RULE,
            rollout_id=rollout, element="bill",
        )  # fmt: skip
        registered = verdicts.register(work, plan)
    clock.set(start + timedelta(minutes=1))
    return registered


def _find_what_hurts(app: App, clock: FixedClock, key: str) -> None:
    """Of the old version, whose customers were hurt at both: what was lived is highest where it was planted."""
    with app.unit_of_work.reading() as work:
        rows = ask(work, Question(key, "complaints_per_100", "activity", version=1, until=clock.now()))
    shown = sorted((row for row in rows if row.value is not None), key=lambda row: -(row.value or 0))
    assert {row.group for row in shown[:2]} == set(HURTS), [(row.group, row.value, row.n) for row in rows]

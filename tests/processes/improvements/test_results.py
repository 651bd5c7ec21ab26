"""What an improvement came to: worth that is never a made-up zero, cards that refuse to claim, instants on record."""

from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import cast

import pytest

from bpm.app import App
from bpm.engine import api as engine
from bpm.foundation.clock import FixedClock
from bpm.foundation.errors import InvalidInputError
from bpm.foundation.work import Actor, Work
from bpm.processes import improvements
from bpm.processes.improvements import ImprovementDraft, OpenedFrom, Origin, lead_times, wins, worth
from bpm.processes.improvements.verdict_reader import VerdictRead
from bpm.processes.improvements.worth import ValueDraft
from bpm.processes.verdicts.models import VerdictLook, VerdictPlan
from bpm.processes.verdicts.status import Better, LookKind, PlanDesign, PlanState, Said
from tests.processes.conftest import GoLive, Say
from tests.processes.models import CARE


@pytest.fixture
def care(go_live: GoLive) -> int:
    return go_live(CARE, "care")


def test_what_nobody_measured_or_asked_is_no_zero(app: App, care: int, advocate: Actor) -> None:
    with app.unit_of_work(advocate) as work:
        number = improvements.propose_improvement(work, ImprovementDraft("care", "Quicker"))
        assert [cell.amount for cell in worth.values_of(work, number)] == [None] * 6
        assert [cell.score for cell in worth.views_of(work, number)] == [None] * 4
        for wrong, field in (
            (ValueDraft("customer", "time", "much", "hours", "asked"), "amount"),
            (ValueDraft("customer", "time", "2", "", "asked"), "unit"),
            (ValueDraft("customer", "time", "2", "hours", " "), "how"),
        ):
            with pytest.raises(InvalidInputError) as refused:
                worth.set_value(work, number, wrong)
            assert list(refused.value.fields) == [field]
        worth.set_value(
            work, number, ValueDraft("customer", "time", "2,5", "days a case", "Cases of May", measured=True)
        )
        worth.set_value(work, number, ValueDraft("company", "money", "0", "EUR a year", "No licence"))
        found = {f"{cell.side} {cell.kind}": cell for cell in worth.values_of(work, number)}
        assert (found["customer time"].amount, found["customer time"].measured) == (2.5, True)
        assert found["company money"].amount == 0
        worth.set_value(work, number, ValueDraft("company", "money", "", "", ""))
        assert [cell.amount for cell in worth.values_of(work, number)].count(None) == 5
        with pytest.raises(InvalidInputError):
            worth.set_view(work, number, "suppliers", score="3", words="They said so.")
        worth.set_view(work, number, "suppliers", score="0", words="It is all the same to them.")
        views = {cell.perspective: cell.score for cell in worth.views_of(work, number)}
        assert views == {"customers": None, "employees": None, "partners": None, "suppliers": 0}


@pytest.mark.parametrize(
    ("verdict", "answered", "refused"),
    [
        (None, False, "no verdict was registered"),
        ("not shown", True, "none was shown"),
        ("not shown", False, "not answered yet"),
        ("worse", True, "says “worse”"),
        ("no difference", True, "says “no difference”"),
        ("improved", True, ""),
    ],
)
def test_a_card_claims_an_effect_only_where_it_is_shown(verdict: str | None, answered: bool, refused: str) -> None:
    read = None if verdict is None else SimpleNamespace(verdict=verdict, shown=verdict != "not shown")
    said = wins.refusal_of(cast("VerdictRead | None", read), answered=answered)
    assert refused in said
    assert bool(said) == bool(refused)


def read_verdict(work: Work, improvement_id: int, version_id: int, at: datetime, said: Said) -> None:
    plan = VerdictPlan(
        improvement_id=improvement_id, definition_key="care", title="Quicker", measure="waiting",
        design=PlanDesign.RANDOMISED, direction=Better.LOWER, smallest=1, window_days=7, looks=1, per_arm=10,
        old_version_id=version_id, new_version_id=version_id, baseline_from=at, starts_at=at, ends_on=at.date(),
        rule="Keep it.", foreseen={}, registered_at=at, hash=f"{improvement_id}", state=PlanState.READ, state_at=at,
    )  # fmt: skip
    work.session.add(plan)
    work.session.flush()
    work.session.add(
        VerdictLook(
            plan_id=plan.id, kind=LookKind.PLANNED, number=1, at=at, verdict=said, stage="said",
            sentence="Waiting fell from 30 to 20 hours.", n_old=300, n_new=300, threats=[], facts={}, inputs={},
            inputs_hash="0",
        )
    )  # fmt: skip
    work.session.flush()


def test_four_instants_of_each_improvement_come_from_records(
    app: App, care: int, say: Say, advocate: Actor, clock: FixedClock
) -> None:
    begun = clock.now()
    numbers = []
    for place in range(5):
        item = say(f"Where is parcel {place}?", said_at=begun)
        with app.unit_of_work(advocate) as work:
            opened = OpenedFrom(Origin.ITEM, str(item))
            numbers.append(improvements.propose(work, ImprovementDraft("care", f"Quicker {place}"), opened_from=opened))
    for place, number in enumerate(numbers):
        clock.set(begun + timedelta(days=2 + place))
        with app.unit_of_work(advocate) as work:
            improvements.set_status(work, number, "approved", reason="Worth it.")
    clock.set(begun + timedelta(days=10))
    prepared = engine.check(CARE.replace(b"Mend what broke", b"Mend it"), "care.bpmn")
    with app.unit_of_work() as work:
        version = engine.deploy(work, prepared, key="care")
        for department in work.settings.sign_offs:
            engine.sign(work, version.id, department, method="console")
        engine.go_live(work, version.id)
        newest, live = version.id, version.number
    clock.set(begun + timedelta(days=20))
    with app.unit_of_work(advocate) as work:
        for number in numbers[1:]:
            said = Said.IMPROVED if number != numbers[-1] else Said.NOT_SHOWN
            read_verdict(work, number, newest, clock.now(), said)
        for number in numbers:
            improvements.set_status(work, number, "concluded", reason="Done.", version_number=live)
        rows = {row.id: row for row in lead_times.list_lead_times(work)}
        assert [(rows[number].decision, rows[number].version) for number in numbers] == [
            (begun + timedelta(days=2 + place), begun + timedelta(days=10)) for place in range(5)
        ]
        assert {rows[number].signal for number in numbers} == {begun}
        assert [rows[number].effect is not None for number in numbers] == [False, True, True, True, False]
        decision, version_, effect, whole = lead_times.stretches(tuple(rows.values()))
        assert (decision.n, decision.percentiles) == (5, pytest.approx((3, 4, 5, 5.6)))
        assert (version_.n, version_.percentiles[1]) == (5, pytest.approx(6))
        assert (effect.n, effect.percentiles) == (whole.n, whole.percentiles) == (3, ())
        cards = wins.list_wins(work)
        assert [card.claims for card in cards] == [True, True, True, False, False]
        first = wins.win_of(work, numbers[1])
        assert (first.voices, first.version, first.effect) == (1, str(live), "Waiting fell from 30 to 20 hours.")
        assert "none was shown" in wins.win_of(work, numbers[-1]).refusal

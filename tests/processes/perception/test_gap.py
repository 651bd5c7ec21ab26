"""The gap between what staff and customers rank: the pattern of 2010 on a fixture, one person once, lines named."""

import random

import pytest

from bpm.app import App
from bpm.foundation.bounded_child import Sent
from bpm.foundation.errors import ConflictError, InvalidInputError
from bpm.foundation.work import Actor
from bpm.processes import perception
from bpm.statistics.ranks import agreement, kendall_tau
from tests.processes.conftest import make_person

REASONS = ("discount", "purchase", "reviews", "exclusive news", "feel connected", "be part of a community")
CUSTOMERS = (1, 2, 3, 4, 5, 6)
"""As the seed tells of 2010: discount and purchase first, connected and community last."""
STAFF = (6, 5, 3, 4, 1, 2)


def noisy(order: tuple[int, ...], draw: random.Random) -> list[int]:
    """A person's own order: the usual one with some neighbours changed."""
    scores = [place + draw.gauss(0, 1.2) for place in order]
    ranked = sorted(range(len(order)), key=lambda item: scores[item])
    return [ranked.index(item) + 1 for item in range(len(order))]


def table(rounds: str = "2026", people: int = 40) -> str:
    draw = random.Random(2010)
    lines = [",".join(("person", "side", "round", *REASONS))]
    for number in range(people):
        for side, order in (("staff", STAFF), ("customers", CUSTOMERS)):
            places = ",".join(map(str, noisy(order, draw)))
            lines.append(f"{side}{number}@example.org,{side},{rounds},{places}")
    return "\n".join(lines)


def sent(text: str) -> Sent:
    return Sent("r.csv", text.encode(), 2_000_000)


@pytest.fixture
def mona(app: App) -> Actor:
    return make_person(app, "mona", "manager")


@pytest.fixture
def study(app: App, mona: Actor) -> int:
    with app.unit_of_work(mona) as work:
        return perception.make_study(work, title="Why they follow us", question="Why?", items=REASONS)


def test_tau_by_hand_and_the_references() -> None:
    assert kendall_tau([1, 2, 3, 4], [1, 2, 4, 3]) == pytest.approx(4 / 6)
    assert kendall_tau([1, 1, 2], [1, 2, 3]) == pytest.approx(2 / (2 * 3) ** 0.5)
    assert kendall_tau([1, 1], [1, 2]) == 0
    assert perception.IBM.tau == pytest.approx(-4 / 6)
    assert (perception.BAIN.companies, perception.BAIN.customers, perception.BAIN.n) == (0.8, 0.08, 362)


def test_the_pattern_of_2010_is_seen_with_intervals(app: App, mona: Actor, study: int) -> None:
    with app.unit_of_work(mona) as work:
        assert perception.import_rankings(work, study, sent(table()), round_name="") == 80
        assert perception.import_rankings(work, study, sent(table("2025", 9)), round_name="") == 18
    with app.unit_of_work.reading() as work:
        newest, older = perception.results_of(work, study)
    assert (newest.name, newest.staff, newest.customers) == ("2026", 40, 40)
    assert (older.name, older.agreement) == ("2025", None)
    assert newest.agreement is not None
    assert newest.agreement.low <= newest.agreement.tau <= newest.agreement.high < 0
    gaps = {each.item: each.figures for each in newest.gaps}
    for item in ("feel connected", "be part of a community"):
        assert gaps[item].low > 1.5
    for item in ("discount", "purchase"):
        assert gaps[item].high < -1.5
    assert gaps["exclusive news"].low < 0 < gaps["exclusive news"].high


def test_intervals_hold_what_was_planted_and_stay_the_same() -> None:
    draw = random.Random(3)
    held = 0
    for _round in range(20):
        first = [noisy(STAFF, draw) for _person in range(25)]
        second = [noisy(CUSTOMERS, draw) for _person in range(25)]
        found = agreement(first, second)
        held += found.low <= -11 / 15 <= found.high
        assert agreement(first, second) == found
        if _round == 0:
            assert all(each.low <= each.gap <= each.high for each in found.gaps)
    assert held >= 17


def test_a_person_counts_once_and_lines_that_do_not_fit_are_named(app: App, mona: Actor, study: int) -> None:
    order = [1, 2, 3, 4, 5, 6]
    with app.unit_of_work(mona) as work:
        perception.answer(work, study, order, round_name="")
        perception.enter(work, study, "customers", "Jo@Example.org", order, round_name="")
    with app.unit_of_work(mona) as work, pytest.raises(ConflictError, match="already"):
        perception.answer(work, study, order, round_name="")
    with app.unit_of_work(mona) as work, pytest.raises(InvalidInputError, match="its own place"):
        perception.enter(work, study, "customers", "x", [1, 1, 2, 3, 4, 5], round_name="")
    wrong = "\n".join(
        [
            ",".join(("person", "side", *REASONS)),
            "jo@example.org,customers,1,2,3,4,5,6",
            "ed@example.org,partners,1,2,3,4,5,6",
            "di@example.org,staff,1,2,3,4,5,7",
            "di@example.org,staff,1,2,3,4,5,6",
        ]
    )
    with app.unit_of_work(mona) as work, pytest.raises(InvalidInputError) as told:
        perception.import_rankings(work, study, sent(wrong), round_name="")
    said = told.value.message.splitlines()
    assert said[0].startswith("r.csv, line 2: the person stands in the study already.")
    assert "line 3: side “partners” is unknown. Write staff or customers." in said[1]
    assert "line 4: the places are 1, 2, 3, 4, 5, 7." in said[2]
    assert "line 5: the person stands on line 4 already." in said[3]
    with app.unit_of_work(mona) as work:
        with pytest.raises(InvalidInputError, match="cannot be kept"):
            perception.make_study(work, title="x", question="y", items=["a", "A", "b"])
        perception.close_study(work, study, closed=True)
    with app.unit_of_work(mona) as work, pytest.raises(ConflictError, match="closed"):
        perception.answer(work, study, order, round_name="2027")

"""Variants, ways and hand-overs of drawn cases, counted by hand."""

from datetime import UTC, datetime, timedelta

import pytest

from bpm.engine.queries import FlowRow
from bpm.processes import paths
from bpm.processes.paths import Step, Trace, branches_of, hand_overs_of, variants_of, ways_of_log

NINE = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
TYPES = {"split": "exclusiveGateway", "fork": "inclusiveGateway"}
FLOWS = (
    FlowRow("f0", "", "ask", "split"),
    FlowRow("f1", "yes", "split", "mend"),
    FlowRow("f2", "no", "split", "refuse"),
    FlowRow("f3", "", "fork", "mend"),
    FlowRow("f4", "", "fork", "tell"),
)
NAMES = {"split": "Ours?", "mend": "Mend", "tell": "Tell"}


def case(number: int, way: str, *, groups: str = "", ended: bool = True, negative: int = 0) -> Trace:
    """One visit an hour, each of half an hour; `way` names the elements, `groups` a letter for each."""
    elements = way.split()
    steps = tuple(
        Step(
            element, element, TYPES.get(element, "userTask"), groups[place] if groups else "",
            NINE + timedelta(hours=place), NINE + timedelta(hours=place, minutes=30),
        )
        for place, element in enumerate(elements)
    )  # fmt: skip
    return Trace(str(number), number, steps, ended, negative, 1)


def test_variants_are_sequences_of_visits_without_gateways_the_most_frequent_first() -> None:
    cases = [case(n, "ask split mend", negative=1) for n in range(12)] + [case(n, "ask split refuse") for n in (20, 21)]
    cases += [case(30, "ask", ended=False)]

    found = variants_of(cases)

    assert [(row.steps, row.cases) for row in found.rows] == [
        ((("ask", "ask"), ("mend", "mend")), 12),
        ((("ask", "ask"), ("refuse", "refuse")), 2),
        ((("ask", "ask"),), 1),
    ]
    first = found.rows[0]
    assert (first.part.hits, first.part.n, first.took.median) == (12, 15, timedelta(hours=2, minutes=30))
    assert first.negative.verdict.startswith("100 %")
    assert first.examples == tuple((n, str(n)) for n in range(5))
    assert (found.rows[2].took.n, found.rows[2].took.running) == (0, 1)
    assert len(variants_of(cases, examples=20, only=first.key).rows[0].examples) == 12


def test_ever_new_ways_take_no_more_memory_and_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bpm.processes.paths.variants.MOST_VARIANTS", 10)

    found = variants_of(case(n, f"ask thing-{n % 30}") for n in range(60))

    assert (len(found.rows), found.cases, found.others) == (10, 60, 40)
    assert sum(row.cases for row in found.rows) == 20


def test_a_branch_gives_each_way_its_share_of_the_visits_that_went_on() -> None:
    cases = [case(n, "ask split mend") for n in range(9)] + [case(50, "ask split refuse ask split mend")]
    cases += [case(60, "ask split", ended=False)]

    [split] = branches_of(cases, FLOWS, NAMES)

    assert (split.name, split.visits, split.stayed) == ("Ours?", 12, 1)
    mend, refuse = split.ways
    assert (mend.label, mend.part.hits, refuse.part.hits, mend.part.n) == ("yes", 10, 1, 11)
    assert mend.part.low < 10 / 11 < mend.part.high
    assert (mend.rest.n, mend.rest.median) == (10, timedelta(hours=1, minutes=30))
    assert refuse.rest.median == timedelta(hours=4, minutes=30)


def test_where_several_ways_are_taken_at_once_each_of_them_counts() -> None:
    [fork] = branches_of([case(1, "fork mend tell"), case(2, "fork tell")], FLOWS, NAMES)

    assert [(way.label, way.part.hits, way.part.n) for way in fork.ways] == [("Mend", 1, 2), ("Tell", 2, 2)]


def test_a_log_without_flows_tells_what_came_after_what() -> None:
    found = ways_of_log([case(1, "a b"), case(2, "a c"), case(3, "a"), case(4, "b c")])

    a = next(each for each in found if each.element == "a")
    assert (a.visits, a.stayed, [(way.target, way.part.hits) for way in a.ways]) == (3, 1, [("b", 1), ("c", 1)])


def test_the_funnel_counts_cases_by_their_hand_overs_and_how_long_they_lay() -> None:
    cases = [case(n, "a b c", groups="SSO") for n in range(8)] + [case(9, "a b c", groups="SOS"), case(10, "a")]

    found = hand_overs_of(cases)

    assert (found.cases, found.without) == (9, 1)
    assert [(each.hand_overs, each.part.hits) for each in found.stages] == [(0, 9), (1, 9), (2, 1)]
    assert found.stages[1].arrived == (("O", 9),)
    there, back = found.passings
    assert (there.before, there.after, there.times, there.cases) == ("S", "O", 9, 9)
    assert there.waited.median == timedelta(minutes=30)
    assert (back.before, back.after, back.times) == ("O", "S", 1)
    assert paths.hand_overs_of([]).stages == ()

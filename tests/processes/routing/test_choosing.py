"""Who gets an item by itself: trained, here, with the least to do; reach is no input of anything that routes."""

from dataclasses import fields
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from bpm.processes.routing.choosing import Candidate, Choice, Need, choose
from bpm.processes.routing.skills import Training, asked_skill, trained, untrained_because, upwards
from bpm.processes.routing.table import Facts
from bpm.processes.triggers.item_fields import SOURCES

REACH = ("reach", "follower", "influence", "klout", "audience")
TODAY = date(2026, 3, 2)


def test_the_least_loaded_who_is_here_gets_it() -> None:
    away = Candidate(2, "Ben", 1, is_away=True)
    people = [
        Candidate(1, "Ann", 3),
        away,
        Candidate(3, "Cem", 2),
        Candidate(4, "Di", 2),
    ]
    assert choose(people, Need()).user_id == 3
    assert "2 open" in choose(people, Need()).why


def test_a_deputy_gets_it_where_everybody_who_fits_is_away_and_only_if_trained() -> None:
    people = [Candidate(1, "Ann", 0, is_away=True, deputy_id=2), Candidate(2, "Ben", 9)]
    skilled = Need("fraud", frozenset({1, 2}))
    assert choose([people[0]], Need("fraud", frozenset({1, 2}))) == Choice(2, "Stands in for Ann, who is away.")
    assert choose([people[0]], Need("fraud", frozenset({1}))).user_id is None
    assert choose(people, skilled).user_id == 2
    assert choose([], Need()).user_id is None
    assert "trained for fraud" in choose(people, Need("fraud")).why


CANDIDATES = st.lists(
    st.builds(
        Candidate, st.integers(1, 8), st.just("x"), st.integers(0, 9), is_away=st.booleans(),
        deputy_id=st.none() | st.integers(1, 8),
    ),
    unique_by=lambda each: each.user_id,
)  # fmt: skip


@given(CANDIDATES, st.none() | st.just("fraud"), st.frozensets(st.integers(1, 8)))
def test_an_untrained_person_is_never_chosen_and_nobody_who_is_away(
    people: list[Candidate], skill: str | None, able: frozenset[int]
) -> None:
    found = choose(people, Need(skill, able))
    assert found.why
    if found.user_id is not None:
        assert skill is None or found.user_id in able
        away = {each.user_id for each in people if each.is_away}
        assert found.user_id not in away
    assert choose(list(reversed(people)), Need(skill, able)) == found


def test_a_topic_asks_for_the_nearest_skill_anybody_was_trained_in_until_its_last_day() -> None:
    over = date(2026, 3, 1)
    trainings = [Training(1, "delivery"), Training(2, "delivery", TODAY), Training(3, "delivery", over)]
    assert upwards("Delivery / Late") == ["delivery / late", "delivery"]
    assert asked_skill("Delivery / Late", trainings) == "delivery"
    assert asked_skill("billing", trainings) is None
    assert trained("delivery", trainings, on=TODAY) == {1, 2}
    assert untrained_because(3, "delivery", trainings, on=TODAY) == {
        "skill": "delivery",
        "expired_on": over,
    }
    assert untrained_because(4, "delivery", trainings, on=TODAY) == {"skill": "delivery", "expired_on": None}
    assert untrained_because(4, None, trainings, on=TODAY) is None


def test_reach_is_no_input_of_routing_and_of_no_choice() -> None:
    looked_at = [each.name for kind in (Facts, Candidate, Need) for each in fields(kind)] + list(SOURCES)
    assert [name for name in looked_at if any(word in name.lower() for word in REACH)] == []

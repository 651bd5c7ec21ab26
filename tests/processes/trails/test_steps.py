"""The trail: no item is done without a decision, and nothing but publishable words goes outside."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpm.feedback.privacy.mask import mask
from bpm.feedback.status import DecisionKind
from bpm.processes.trails import (
    Changed,
    Decided,
    Facts,
    HandedOver,
    Heard,
    Names,
    PublicTrail,
    Stage,
    Told,
    Trail,
    Understood,
    build,
    publish,
)
from tests.conftest import MONDAY

NAMES = Names(
    groups={"it": "it", "IT": "it", "back_office": "back_office", "Back office": "back_office", "finance": "finance"},
    processes={"care": "care", "Care": "care", "warranty_triage": "warranty_triage",
               "Warranty triage": "warranty_triage"},
)  # fmt: skip
ATS = st.integers(0, 500).map(lambda hours: MONDAY + timedelta(hours=hours))
FACTS = st.builds(
    Facts,
    heard=st.builds(Heard, received_at=ATS, channel=st.just("email")),
    understood=st.none()
    | st.builds(Understood, kind=st.sampled_from(["complaint", "other"]), at=ATS, topic=st.just("x")),
    handed_over=st.lists(st.builds(HandedOver, group=st.just("it"), at=ATS), max_size=2).map(tuple),
    decided=st.lists(
        st.builds(Decided, decision=st.sampled_from(DecisionKind), reason=st.just("why"), at=ATS), max_size=2
    ).map(tuple),
    changed=st.lists(
        st.builds(Changed, title=st.just("t"), process_key=st.just("care"), process_name=st.just("Care"), at=ATS),
        max_size=1,
    ).map(tuple),
    told=st.lists(
        st.builds(Told, by=st.just("Maya"), text=st.just("Hi"), channel=st.just("email"), at=ATS), max_size=2
    ).map(tuple),
    asked_again_at=st.none() | ATS,
)


@given(FACTS)
def test_nothing_is_done_without_a_decision(facts: Facts) -> None:
    trail = build(facts)
    assert trail.steps[0].stage is Stage.HEARD
    order = [list(Stage).index(each.stage) for each in trail.steps]
    assert order == sorted(order)
    if trail.is_done:
        assert facts.decided
        assert facts.asked_again_at is None
    assert {each.stage for each in trail.steps}.isdisjoint(trail.missing())
    outside = publish(trail, NAMES, mask=str)
    assert outside.is_done == trail.is_done
    assert all(step.stage in {each.stage for each in trail.steps} for step in outside.steps)


def test_what_was_told_before_a_decision_ends_nothing() -> None:
    told = (Told("Maya", "I am on it.", "email", MONDAY),)
    heard = Heard(MONDAY, "email")
    assert not build(Facts(heard, told=told)).is_done
    decided = (Decided(DecisionKind.DO, "She is right.", MONDAY),)
    assert build(Facts(heard, told=told, decided=decided)).is_done
    assert not build(Facts(heard, told=told, decided=decided, asked_again_at=MONDAY)).is_done
    assert not build(Facts(heard, decided=decided)).is_done
    assert build(Facts(heard, decided=(Decided(DecisionKind.NO_REPLY_WANTED, "Praise.", MONDAY),))).is_done


def letter(reason: str, *, names: Names = NAMES) -> PublicTrail:
    return publish(trail_of(reason), names, mask=lambda text: mask(text).text)


def trail_of(reason: str) -> Trail:
    later = MONDAY + timedelta(hours=1)
    return build(
        Facts(
            Heard(MONDAY, "call", said_at=MONDAY),
            Understood("complaint", MONDAY, "secret topic", by="Ada"),
            (HandedOver("back_office", later, "Do not tell them: they are on the list.", "Ada"),),
            (Decided(DecisionKind.DO, reason, later, "Ada"),),
            (Changed("Stop losing parcels at Back office", "warranty_triage", "Warranty triage", later, 4, "Ours."),),
            (Told("Maya Lind", "We changed it.", "email", later),),
        )
    )


def words(trail: PublicTrail) -> str:
    return " ".join(f"{each.words} {each.by} {each.said}" for each in trail.steps)


@pytest.mark.parametrize(
    "secret",
    ["back_office", "Back office", "warranty_triage", "Warranty triage", "finance", "case 12", "IT", "jo@example.org"],
)  # fmt: skip
def test_outside_stands_no_name_of_ours_no_note_and_nobody_elses_data(secret: str) -> None:
    shown = words(letter(f"Passed to {secret} for a look, as it was the third time."))
    for hidden in (secret, "Do not tell", "secret topic", "Stop losing", "Ours.", "warranty", "Back office"):
        assert hidden not in shown
    assert "as it was the third time" in shown
    assert "Maya Lind answered you by mail." in shown
    assert "We changed how we work; it is version 4 now." in shown


def test_published_names_are_read_in_our_words_for_them() -> None:
    published = {("group", "back_office"): "our workshop", ("process", "warranty_triage"): "repairs"}
    published |= {("topic", "secret topic"): "parcels"}
    names = Names(published, NAMES.groups, NAMES.processes)
    shown = words(letter("The Back office team looks at it; you get a careful answer.", names=names))
    assert "our workshop looks at it; you get a careful answer." in shown
    assert "We changed repairs; it is version 4 now." in shown
    assert "a complaint about parcels" in shown


def test_a_reason_that_a_process_wrote_by_itself_is_not_read_out() -> None:
    assert "process instance" not in words(letter("Decided in process instance 12."))


def test_what_nobody_is_sure_of_is_not_told() -> None:
    unsure = Facts(
        Heard(datetime(2026, 3, 2, tzinfo=MONDAY.tzinfo), "chat"), Understood("complaint", MONDAY, sure=False)
    )
    assert [each.stage for each in publish(build(unsure), NAMES, mask=str).steps] == [Stage.HEARD]

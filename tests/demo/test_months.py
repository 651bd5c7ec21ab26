"""The demo's months: versions that differ as the story says, and words for everything that the gates ask for."""

import numpy as np
import pytest

from bpm.demo.months import versions
from bpm.demo.months.lots import lot, speaks_up
from bpm.demo.months.stories import FAKE, REAL, Change
from bpm.engine import api as engine
from bpm.engine.api import Bundle, Difference, Received
from bpm.processes.improvements.gates import CHECKS
from bpm.processes.improvements.gates.checks import CheckKind
from bpm.processes.rollouts import Arm, arm_of
from bpm.statistics.verdicts import Design, Direction, Outcome, Plan, Word, verdict
from bpm.statistics.verdicts.simulated import made
from tests.thoroughness import TIMES


def bundle(came: Received) -> Bundle:
    return engine.carry_over(None, came, ())


def changed(difference: Difference) -> set[tuple[str, str]]:
    return {(each.kind, each.name) for each in difference.changed}


def test_returns_call_everybody_first_and_look_at_the_tracking_from_the_second_version_on() -> None:
    before, guarded = versions.returns_before(), versions.returns_guarded()
    old = engine.check(before.source or b"", before.file_name, decisions=before.decisions)
    assert old.deployable
    assert b"look_up_tracking" not in (before.source or b"").replace(b"no_scan_to_look_up_tracking", b"")
    difference = engine.difference(bundle(before), bundle(guarded))
    added = {each.name for each in difference.added if each.kind == "element"}
    assert {"Look up tracking", "Note avoided call", "Check tracking by hand"} <= added


def test_the_third_version_changes_a_timer_a_form_and_a_rule_and_the_fake_one_words_alone() -> None:
    third = engine.difference(bundle(versions.returns_guarded()), bundle(versions.returns_faster()))
    kinds = {kind for kind, _name in changed(third)} | {each.kind for each in third.added}
    assert {"element", "form", "decision"} <= kinds
    assert not third.removed
    warm = versions.complaints_in_warm_words()
    shipped = engine.read_bundle(engine.files_in(versions.MODELS / versions.COMPLAINTS), whole=True)
    words = engine.difference(bundle(shipped), bundle(warm))
    assert {kind for kind, _name in changed(words)} == {"element", "form"}
    assert not words.added
    assert not words.removed


@pytest.mark.parametrize("change", [REAL, FAKE], ids=["real", "fake"])
def test_every_gate_finds_its_words(change: Change) -> None:
    needed = {each.key for each in CHECKS if each.kind is CheckKind.WORDS}
    assert needed == set(change.evidence)


TRIALS, CASES = 60 * TIMES, 56
"""Loads of the demo, and cases of each of its two trials in one."""
PLAN = Plan(Outcome.SHARE, Direction.LOWER, 0.15, Design.RANDOMISED)


def trial(seed: int, *, real: bool) -> Word:
    """What is said of a trial in which each customer lives through what their own lots say, by the arm they are in."""
    arms, hurt = [], []
    for number in range(CASES):
        opener = f"months-{number:04d}"
        new = arm_of(f"customer {number}", f"{seed} {real}", 0.5) is Arm.CANDIDATE
        if real:
            called = () if new or lot(seed, opener, "scanned").random() < 0.1 else ("call_customer",)
            places = ("register_return", *called, "inspect_return", "pay_refund")
        else:
            by_operations = lot(seed, opener, "who").random() < 0.7
            worked = "put_order_right" if by_operations else "resolve_in_service"
            places = ("acknowledge_complaint", worked, "tell_outcome")
        arms.append(int(new))
        hurt.append(float(any(speaks_up(seed, opener, place) for place in places)))
    cases = made(np.array(arms), np.array(hurt), np.arange(CASES), np.linspace(0, 30, CASES))
    return verdict(cases, PLAN).word


@pytest.mark.proof(examples=2 * TRIALS)
def test_over_many_loads_the_real_change_is_called_improved_and_the_fake_one_by_chance_alone() -> None:
    real = [trial(seed, real=True) for seed in range(TRIALS)]
    fake = [trial(seed, real=False) for seed in range(TRIALS)]
    assert real.count(Word.IMPROVED) >= 0.9 * TRIALS
    assert fake.count(Word.IMPROVED) <= (0.025 + 3 * (0.025 * 0.975 / TRIALS) ** 0.5) * TRIALS
    assert fake.count(Word.WORSE) <= (0.025 + 3 * (0.025 * 0.975 / TRIALS) ** 0.5) * TRIALS


def test_what_hurts_hurts_as_often_as_it_is_said_to_and_one_place_tells_nothing_of_another() -> None:
    openers = [f"months-{number:04d}" for number in range(2_000)]
    spoken = {
        place: [speaks_up(13, opener, place) for opener in openers]
        for place in ("call_customer", "put_order_right", "tell_outcome", "resolve_in_service")
    }
    rates = {place: sum(each) / len(openers) for place, each in spoken.items()}
    assert rates == {
        "call_customer": pytest.approx(0.9, abs=0.02),
        "put_order_right": pytest.approx(0.3, abs=0.03),
        "tell_outcome": pytest.approx(0.03, abs=0.012),
        "resolve_in_service": pytest.approx(0.03, abs=0.012),
    }
    correlation = np.corrcoef(spoken["call_customer"], spoken["put_order_right"])[0, 1]
    assert abs(correlation) < 0.08

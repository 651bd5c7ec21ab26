"""The demo's months: versions that differ as the story says, and words for everything that the gates ask for."""

import pytest

from bpm.demo.months import versions
from bpm.demo.months.stories import FAKE, REAL, Change
from bpm.engine import api as engine
from bpm.engine.api import Bundle, Difference, Received
from bpm.processes.improvements.gates import CHECKS
from bpm.processes.improvements.gates.checks import CheckKind


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

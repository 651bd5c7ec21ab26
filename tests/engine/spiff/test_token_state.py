"""What a token remembers: typed words, and the JSON that release 0.1 stored."""

import orjson
import pytest

from bpm.engine.spiff.runtime import token_state
from bpm.engine.spiff.runtime.token_state import TokenState

WORDS_OF_RELEASE_0_1 = {
    "via", "came", "start", "starts", "payload", "first", "race", "open", "began", "stage", "failed", "phase", "wait",
    "armed", "part", "border", "own", "mapped", "round", "rounds", "done", "undo", "undoes", "fired", "jobs", "skipped",
}  # fmt: skip


def stored(state: TokenState) -> object:
    return orjson.loads(orjson.dumps(state))


def test_what_is_not_remembered_is_none_and_takes_no_room() -> None:
    state = TokenState()
    assert (state.via, state.wait, state.round) == (None, None, None)
    assert stored(state) == {}


def test_what_is_remembered_is_stored_under_the_words_of_release_0_1() -> None:
    state = TokenState()
    state.via, state.round, state.before_done = "f", 0, True
    state.wait = {"kind": "person"}
    assert stored(state) == {"via": "f", "round": 0, "beforeDone": True, "wait": {"kind": "person"}}


def test_every_word_of_release_0_1_is_still_one() -> None:
    state = TokenState()
    for word in WORDS_OF_RELEASE_0_1:
        setattr(state, word, "said")
    assert stored(state) == dict.fromkeys(WORDS_OF_RELEASE_0_1, "said")


def test_what_is_set_to_none_is_forgotten() -> None:
    state = TokenState(via="f", wait={"kind": "job"})
    state.wait = None
    assert stored(state) == {"via": "f"}


def test_what_a_later_release_remembers_beside_it_is_kept() -> None:
    state = TokenState({"via": "f", "somethingNew": [1]})
    state.via = None
    assert stored(state) == {"somethingNew": [1]}


def test_it_waits_for_the_kind_that_it_says_and_for_nothing_when_it_does_not_wait() -> None:
    assert TokenState(wait={"kind": "timer", "due": "2026-01-01T00:00:00Z"}).waits_for("job", "timer")
    assert not TokenState(wait={"kind": "timer"}).waits_for("job")
    assert not TokenState().waits_for("job")


def test_to_ask_for_what_has_to_be_there_is_an_error_when_it_is_not() -> None:
    for name in ("waiting", "role", "plan", "undoing", "way", "gateways_fired"):
        with pytest.raises(KeyError):
            getattr(TokenState(), name)


def test_completed_activities_are_remembered_in_their_order() -> None:
    state = TokenState()
    first: token_state.Done = {"element": "a", "began": 1, "ended": 2}
    second: token_state.Done = {"element": "b", "began": 3, "ended": 4}
    state.remember(first)
    state.remember(second)
    assert [each["element"] for each in state.done or []] == ["a", "b"]


def test_a_start_is_taken_once() -> None:
    state = TokenState(start="s")
    assert (state.take_start(), state.take_start()) == ("s", None)

"""A child that reads foreign bytes is limited; whatever becomes of it, the next request is answered."""

from collections.abc import Iterator

import pytest

from bpm.foundation.bounded_child import BoundedChild, ChildLostError


@pytest.fixture
def child() -> Iterator[BoundedChild]:
    child = BoundedChild("tests.foundation.hungry_child")
    yield child
    child.stop()


@pytest.mark.parametrize(
    ("request_", "answer"), [(b"hello", b"hello"), (b"spin", "cpu"), (b"eat", b"full"), (b"die", "died")]
)
def test_the_parent_hears_what_became_of_a_request_and_the_next_one_is_answered(
    child: BoundedChild, request_: bytes, answer: bytes | str
) -> None:
    assert child.ask(request_, seconds=30) == answer
    assert child.ask(b"and now?", seconds=30) == b"and now?"


def test_a_child_that_says_nothing_is_given_up(child: BoundedChild) -> None:
    child.start()
    assert child.ask(b"wait", seconds=0) == "timeout"
    assert child.ask(b"and now?", seconds=30) == b"and now?"


def test_a_talk_that_broke_off_leaves_no_half_answer_to_the_next(child: BoundedChild) -> None:
    with pytest.raises(ZeroDivisionError), child.conversation() as talk:
        talk.send(b"first")
        raise ZeroDivisionError
    assert child.ask(b"second", seconds=30) == b"second"


def test_whoever_cannot_wait_for_the_child_hears_so(child: BoundedChild) -> None:
    with child.conversation() as talk:
        with pytest.raises(TimeoutError), child.conversation(patience=0):
            pass
        assert talk.exchange(b"still mine", 30) == b"still mine"


def test_a_child_that_is_gone_is_told_apart_from_one_that_used_up_its_time(child: BoundedChild) -> None:
    with pytest.raises(ChildLostError, match="died"), child.conversation() as talk:
        talk.exchange(b"die", 30)

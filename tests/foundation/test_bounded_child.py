"""A child that reads foreign bytes is limited; whatever becomes of it, the next request is answered."""

from collections.abc import Iterator

import pytest

from bpm.foundation.bounded_child import BoundedChild, ChildLostError, Sent, read_apart
from bpm.foundation.errors import EarshotError, InvalidInputError, TooLargeError
from bpm.foundation.tables import read_rows
from tests.foundation.odd_readers import count_words, spin


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


def test_one_request_gets_one_answer_or_a_reason_with_place_and_remedy() -> None:
    def refused(content: bytes, most: int = 50) -> tuple[type[EarshotError], str]:
        with pytest.raises(EarshotError) as told:
            read_apart(count_words, Sent("a.txt", content, most), "|")
        return type(told.value), str(told.value)

    assert read_apart(count_words, Sent("a.txt", b"one|two|one", 50), "|") == {"one": 2, "two": 1}
    assert refused(b"x" * 51) == (
        TooLargeError,
        "a.txt: a.txt has 51 bytes; at most 50 are read. Split it, or leave out what is not needed.",
    )
    assert refused(b"|||") == (InvalidInputError, "the beginning: There are no words. Write some.")
    assert refused(b"\xff")[1].startswith("a.txt: a.txt cannot be read: UnicodeDecodeError: ")
    with pytest.raises(InvalidInputError, match="took too much time or memory"):
        read_apart(spin, Sent("a.txt", b"x", 50))
    assert read_apart(count_words, Sent("a.txt", b"one", 50), "|") == {"one": 1}


def test_small_tables_come_with_their_lines_and_what_is_none_is_named() -> None:
    def rows(content: bytes) -> list[tuple[int, list[str]]]:
        return read_rows(Sent("t.csv", content, 1_000))

    assert rows(b'\xef\xbb\xbfa;b\r\n\r\n1;"2\n3"\r\n') == [(1, ["a", "b"]), (4, ["1", "2\n3"])]
    assert rows(b"") == []
    for content, told in (
        (b"a,b\n1,\xe9\n", "t.csv, line 2: this is not UTF-8. Save the table as CSV, in UTF-8."),
        (b'a,b\n1,"2', "t.csv, line 2: this is no CSV: unexpected end of data. Save the table as CSV, in UTF-8."),
    ):
        with pytest.raises(InvalidInputError) as error:
            rows(content)
        assert str(error.value) == told

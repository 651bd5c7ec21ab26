"""What a text is about: its words, and its numbers wherever they stand."""

from hypothesis import given
from hypothesis import strategies as st

from bpm.feedback.conversations import subject_words
from bpm.feedback.conversations.subject_words import as_written, subject_of

NUMBERS = ("order no. 4711", "#12-99", "ref A-1234", "AB12-3456", "2026-03-02", "99,95", "x/12345", "1" * 23)
PIECES = st.sampled_from((*NUMBERS, "call me", "5 stars", "reference : ", "order", "-", ".", "é", "id", " " * 45))


@given(st.lists(PIECES, max_size=12).map("".join) | st.lists(PIECES, max_size=12).map(" ".join))
def test_numbers_are_found_around_their_digits_as_in_the_whole_text(text: str) -> None:
    plain = subject_words._plain(text)
    whole = {named or bare for named, bare in subject_words._REFERENCE.findall(plain)}
    kept = {number for number in whole if not subject_words._NO_REFERENCE.fullmatch(number)}
    assert subject_of(text).references == kept


def test_the_dear_pattern_is_not_tried_where_no_number_is() -> None:
    assert subject_words._digits_in("we waited 2 days and 3 hours for nothing " * 20) == []
    far_apart = "order 4711 " + "and so on " * 50 + "ticket 12-99"
    assert len(subject_words._digits_in(far_apart)) == 2


def test_a_word_of_another_script_is_a_word_and_one_in_capitals_is_the_same() -> None:
    assert subject_of("Die Lieferung kam spät").words == subject_of("DIE LIEFERUNG KAM SPÄT").words
    assert subject_of("Broken ROUTER").words == subject_of("broken router").words
    assert as_written("The Router is Broken", subject_of("router").words) == ["router"]

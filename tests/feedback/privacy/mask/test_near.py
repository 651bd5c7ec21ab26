"""Patterns look only where digits are: nothing near one is left out, and a long text costs what its numbers cost."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpm.feedback.privacy.mask import mask
from bpm.feedback.privacy.mask.near import FAR, REACH, near_digits

PLAIN = "nobody wrote anything private and the parcel came in good time so we were happy with it "
PRIVATE = (
    "call +49 30 1234567 please",
    "my card 4111 1111 1111 1111 was charged",
    "IBAN GB33 BUKB 2020 1555 5555 55",
    "I live at 12 Long Acre Street, Flat 3, Austin, TX 78701",
    "Gartenstraße 5, 12345 Neustadt",
    "write to ann.lee at gmail dot com or a-n-n at gmail.com",
    "ann@example.org, visika 34 gmailcom",
    "four one five five five five oh one two three",
    "customer account 4711-22",
    "passport number: C01X0047812",
)


@given(st.text(alphabet="a1 \n,", max_size=1_000), st.sampled_from([REACH, FAR]))
def test_stretches_hold_all_that_is_near_a_digit_and_cut_no_word(text: str, reach: int) -> None:
    stretches = near_digits(text, reach)
    held = {place for start, end in stretches for place in range(start, end)}
    for place, sign in enumerate(text):
        if sign == "1":
            assert held >= set(range(max(0, place - reach), min(len(text), place + reach)))
    assert all(start <= end for start, end in stretches)
    assert all(one[1] <= other[0] for one, other in pairwise(stretches))
    for start, end in stretches:
        assert start == 0 or text[start - 1].isspace() or start == _end_before(stretches, start)
        assert end == len(text) or text[end].isspace()


def _end_before(stretches: list[tuple[int, int]], start: int) -> int | None:
    return next((end for _, end in stretches if end == start), None)


@pytest.mark.parametrize("said", PRIVATE)
def test_what_is_private_is_found_in_a_long_text_as_it_is_alone(said: str) -> None:
    before = 20 * PLAIN
    alone, within = mask(said).spans, mask(f"{before}{said} {20 * PLAIN}{said}").spans
    assert alone
    assert [(span.type, span.start - len(before), span.end - len(before)) for span in within][: len(alone)] == [
        (span.type, span.start, span.end) for span in alone
    ]
    assert len(within) == 2 * len(alone)


def test_a_long_text_with_one_number_is_looked_at_around_it() -> None:
    text = f"{200 * PLAIN} order 4711 {200 * PLAIN}"
    assert sum(end - start for start, end in near_digits(text)) < 2 * REACH + 50
    assert near_digits(200 * PLAIN) == []

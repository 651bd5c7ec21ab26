"""Rows come back from their bytes as they went in, and stretches of days are found."""

from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from bpm.processes.daybook.columns import SHAPES, Words, distinct, joined, pack, unpack
from bpm.processes.daybook.keeping import stretches, stretches_of
from bpm.processes.economics.cents import whole_cents
from bpm.processes.economics.entries import share_remainders

NUMBER = st.integers(-(2**62), 2**62)
ROWS = st.lists(st.tuples(NUMBER, st.integers(0, 300), st.text(max_size=5), NUMBER), max_size=20)
MONDAY = date(2026, 3, 2)


@given(first=ROWS, second=ROWS)
def test_days_come_back_in_order_and_share_their_words(
    first: list[tuple[int, int, str, int]], second: list[tuple[int, int, str, int]]
) -> None:
    words = Words()
    words.place("known before")

    days = [(day, unpack(pack({"ended": rows}), words)["ended"]) for day, rows in ((7, first), (8, second))]
    table = joined("ended", days)

    columns = [table[name].tolist() for name in SHAPES["ended"]]
    found = [(case, version, words.listed[word], at) for case, version, word, at in zip(*columns, strict=True)]
    assert found == first + second
    assert table["on"].tolist() == [7] * len(first) + [8] * len(second)
    assert len(words.listed) == len(set(words.listed))


@given(st.sets(st.integers(0, 30)), st.integers(1, 9))
def test_days_that_follow_each_other_are_one_stretch(numbers: set[int], longest: int) -> None:
    days = {MONDAY + timedelta(days=number) for number in numbers}

    found = stretches_of(days, longest=longest)
    others = stretches(MONDAY, MONDAY + timedelta(days=31), days)

    spread = [first + timedelta(days=n) for first, until in found for n in range((until - first).days)]
    missing = [first + timedelta(days=n) for first, until in others for n in range((until - first).days)]
    assert sorted(spread) == sorted(days)
    assert all(0 < (until - first).days <= longest for first, until in found)
    assert found == sorted(found, reverse=True)
    assert len(missing) + len(days) == 31
    assert not days & set(missing)
    assert all(one[1] < other[0] for one, other in pairwise(others))


@given(st.lists(st.integers(-5, 5) | NUMBER, max_size=30))
def test_numbers_are_told_apart_however_far_they_lie(numbers: list[int]) -> None:
    values, place = distinct(np.array(numbers, dtype=np.int64))

    assert values.tolist() == sorted(set(numbers))
    assert [values[each] for each in place] == numbers


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 99)), max_size=30))
def test_what_is_left_over_goes_to_who_lost_most_the_first_of_them(parts: list[tuple[int, int]]) -> None:
    floor, rest = (np.array([each[place] for each in parts], dtype=np.int64) for place in (0, 1))

    cents = share_remainders(floor, rest, 100)

    assert cents.tolist() == whole_cents([Decimal(whole * 100 + part) / 10_000 for whole, part in parts])

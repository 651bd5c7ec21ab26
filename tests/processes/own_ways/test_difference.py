"""What a customer's way adds, leaves out and reorders; which step is which; the order in which it is run."""

from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bpm.foundation.errors import InvalidInputError
from bpm.processes.own_ways.difference import compare, longest_common, order_to_run
from bpm.processes.own_ways.matching import Match, match
from bpm.processes.own_ways.reading import steps_of_csv, steps_of_text


def own(*elements: str) -> list[Match]:
    return [Match(each, each if each.islower() else "") for each in elements]


def test_added_missing_and_reordered_steps_are_told_apart() -> None:
    found = compare("abcd", own("a", "NEW", "d", "c"))
    assert found.missing == ("b",)
    assert found.added == (1,)
    assert (found.kept, found.reordered) == (("a", "d"), ("c",)) or (found.kept, found.reordered) == (
        ("a", "c"),
        ("d",),
    )
    assert compare("abc", own("a", "b", "c")).same


@settings(max_examples=60, deadline=None)
@given(st.permutations("abcde"), st.integers(1, 5))
def test_what_keeps_its_order_is_a_longest_common_subsequence(theirs: list[str], size: int) -> None:
    theirs = theirs[:size]
    kept = longest_common("abcde", theirs)
    brute = max(len(some) for n in range(size + 1) for some in combinations(theirs, n) if list(some) == sorted(some))
    assert len(kept) == brute
    assert list(kept) == sorted(kept) == [each for each in theirs if each in kept]


def test_steps_meet_by_name_by_synonym_by_likeness_or_not_at_all() -> None:
    names = {"a": "Check the order", "b": "Pay the money back", "c": "Call the customer", "d": "Close"}
    steps = ["check, the ORDER!", "Phone me", "Pay back the money quickly", "Send a photo of the damage"]
    found = match(steps, names)
    assert [(each.element, each.how) for each in found] == [
        ("a", "same name"), ("c", "synonym"), ("b", "likely"), ("", ""),
    ]  # fmt: skip
    assert [each.is_sure for each in found] == [True, False, False, True]
    # Two activities that are as likely: it abstains.
    twins = {"a": "Check the order of Monday", "b": "Check the order of Tuesday"}
    assert match(["Check the order"], twins)[0].element == ""


def test_lists_come_typed_or_as_csv_and_what_is_wrong_is_named() -> None:
    assert steps_of_text("1. Call me\n2) Send it\n- Done") == ["Call me", "Send it", "Done"]
    assert steps_of_text("Call me → Send it; Done") == ["Call me", "Send it", "Done"]
    assert steps_of_csv(b"order;step\n2;Send it\n1;Call me\n") == ["Call me", "Send it"]
    assert steps_of_csv(b"Call me\nSend it\n") == ["Call me", "Send it"]
    for wrong in (lambda: steps_of_text(" \n"), lambda: steps_of_text("a\n" + "x" * 301)):
        with pytest.raises(InvalidInputError, match=r"step"):
            wrong()
    with pytest.raises(InvalidInputError, match="no place in the order"):
        steps_of_csv(b"order,step\nfirst,Call me\n")
    with pytest.raises(InvalidInputError, match="not UTF-8"):
        steps_of_csv(b"\xff\xfe")


def test_a_stretch_is_run_in_the_customers_order_with_what_may_not_go() -> None:
    may_go = frozenset("abd")
    assert order_to_run("abcd", ["b", "a", "d"], may_go) == ("b", "c", "a", "d")
    # The end of the stretch cannot come earlier: ours stands.
    assert order_to_run("abc", ["c", "a", "b"], may_go) == ("a", "b", "c")
    assert order_to_run("abcd", ["d"], may_go) == ("c", "d")
    assert order_to_run("ab", [], frozenset("ab")) == ()

"""Which finished cases are called similar, and why."""

from bpm.processes.similar_cases import Heard, likeness, words_of


def test_the_same_customer_comes_before_the_same_topic_and_that_before_words() -> None:
    mine = Heard(1, "returns", words_of("The kettle came damaged"))
    customer, _ = likeness(mine, Heard(1, "delivery", frozenset()))
    topic, _ = likeness(mine, Heard(2, "returns", frozenset()))
    words, _ = likeness(mine, Heard(None, None, words_of("A damaged kettle")))
    assert customer > topic > words > 0


def test_it_is_said_why() -> None:
    one, other = words_of("The kettle came damaged"), words_of("My kettle is damaged!")
    _points, why = likeness(Heard(1, "late_parcel", one), Heard(1, "late_parcel", other))
    assert why == ("same customer", "same topic: late parcel", "words in common: damaged, kettle")


def test_cases_of_which_nothing_is_known_are_not_alike() -> None:
    assert likeness(Heard(), Heard()) == (0, ())

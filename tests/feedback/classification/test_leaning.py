"""Rules beside the weights: which kinds a turn of speech makes likelier or less likely, and when they keep quiet."""

import pytest

from bpm.feedback.classification.pipeline.leaning import Heard, leanings


def heard(text: str, *, cues: dict[str, str] | None = None, marks: str = "") -> Heard:
    """`text` with its signs apart; `cues` maps a name to the word it begins at; `marks` are parted by semicolons."""
    tokens = text.split()
    words = [(word, place) for place, word in enumerate(tokens) if word.isalpha() or word == "?"]
    places = {name: tokens.index(word) for name, word in (cues or {}).items()}
    found = [(name, place, place + 1) for name, place in places.items()]
    return Heard(words, found, frozenset(mark.strip() for mark in marks.split(";")))


@pytest.mark.parametrize(
    ("said", "up", "down"),
    [
        (heard("the label says fast . it is neither", cues={"well": "fast"}), "complaint", "praise"),
        (heard("i was told it is awful . not true", cues={"ill": "awful"}), "praise", "complaint"),
        (heard("thanks for losing my bag", cues={"irony": "thanks"}), "complaint", "praise"),
        (heard("a lovely day", cues={"well": "lovely"}, marks="only well; plain: well"), "praise", "complaint"),
        (heard("if only they opened on sundays"), "suggestion", "praise"),
        (heard("i left and came back", cues={"leave": "left", "back": "came"}), "praise", "cancellation"),
        (heard("i deleted it", cues={"leave": "deleted"}, marks="plain: leave"), "cancellation", "other"),
        (heard("can you have it in polish , too ?"), "suggestion", "question"),
        (heard("can you translate my letter ?"), "request", "question"),
        (heard("can we have a bench here ?"), "suggestion", "question"),
        (heard("no need to call", cues={"want": "call"}, marks="negated: want"), "other", "request"),
        (heard("the lift is not out of order now"), "other", "outage_report"),
        (heard("the lift is out of order"), "outage_report", "other"),
        (heard("the fare went up"), "complaint", "praise"),
        (heard("the fare went down"), "praise", "complaint"),
        (heard("can you help", cues={"want": "help"}, marks="a glad emoji"), "request", "praise"),
        (heard("your bus", marks="a cross emoji"), "complaint", "praise"),
    ],
)
def test_a_turn_of_speech_leans_to_a_kind_and_away_from_another(said: Heard, up: str, down: str) -> None:
    odds = leanings(said)
    assert odds[up] > 1 > odds[down]


def test_nothing_is_changed_where_no_rule_speaks_and_in_long_texts() -> None:
    assert leanings(heard("the parcel is green")) == {}
    assert leanings(heard("")) == {}
    assert leanings(heard("the fare went up " + "and so on " * 12)) == {}

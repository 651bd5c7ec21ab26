"""Pairs of texts that differ by little and mean another thing; and texts that speak of two things at once.

What the whole sets come to is held here from below and printed at the end of the run; the sets were never learned from.
"""

from collections.abc import Callable
from pathlib import Path

import pytest
from spacy.language import Language

from bpm.feedback.classification.pipeline import pipeline
from bpm.feedback.classification.said import Said
from bpm.feedback.classification.train.evaluation import stance

HERE = Path(__file__).parent
KINDS = {
    "C": "complaint",
    "Q": "question",
    "R": "request",
    "P": "praise",
    "S": "suggestion",
    "X": "cancellation",
    "O": "outage_report",
    "N": "other",
}
RIGHT_PAIRS = 0.80
RIGHT_ASPECTS = 0.70
Note = Callable[[str, object], None]


def lines(name: str) -> list[list[str]]:
    rows = (HERE / name).read_text(encoding="utf-8").splitlines()
    return [row.split("\t") for row in rows if not row.startswith("#")]


@pytest.mark.proof
def test_a_turn_of_the_words_turns_the_reading(nlp: Language, record_property: Note) -> None:
    pairs = lines("contrast.tsv")
    said = [Said(text) for _, first, _, second, _ in pairs for text in (first, second)]
    read = [reading.primary for reading in pipeline.read(nlp, said)]
    right = 0
    for place, (_, _, first, _, second) in enumerate(pairs):
        both = zip(read[2 * place : 2 * place + 2], (first, second), strict=True)
        right += all(kind in {KINDS[letter] for letter in letters} for kind, letters in both)
    record_property("counts", f"{len(pairs)} pairs, {right} right")
    assert right >= RIGHT_PAIRS * len(pairs)


@pytest.mark.proof
def test_both_things_of_a_text_are_read_apart(nlp: Language, record_property: Note) -> None:
    texts = lines("two_aspects.tsv")
    right = 0
    for (_, *told), reading in zip(texts, pipeline.read(nlp, (Said(row[0]) for row in texts)), strict=True):
        found = {(one.topic, stance(one.sentiment)) for one in reading.aspects}
        right += {(told[0], int(told[1])), (told[2], int(told[3]))} <= found
    record_property("counts", f"{len(texts)} texts of two aspects, {right} right")
    assert right >= RIGHT_ASPECTS * len(texts)


def test_parts_are_places_of_the_text_in_order(nlp: Language) -> None:
    text = "Great coffee, and the staff were lovely. But the bill was wrong twice!"
    (reading,) = pipeline.read(nlp, [Said(text)])
    places = [(one.start, one.end) for one in reading.aspects]
    assert len(places) >= 2
    assert places == sorted(places)
    assert all(0 <= start < end <= len(text) for start, end in places)
    assert reading.aspects[-1].topic == "billing"


def test_a_text_of_one_thing_has_no_parts(nlp: Language) -> None:
    letter = "Good morning,\n\nPlease cancel my plan, we move out.\n\nKind regards"
    late = "The courier was late. The parcel came late again."
    for text in ("", "Thanks!", "My parcel has not arrived", late, letter):
        (reading,) = pipeline.read(nlp, [Said(text)])
        assert reading.aspects == ()


def test_what_is_not_english_abstains_and_says_so(nlp: Language) -> None:
    german = "Meine Bestellung ist seit drei Wochen nicht angekommen"
    (unread,) = pipeline.read(nlp, [Said(german, language="de", language_p=0.99)])
    (doubtful,) = pipeline.read(nlp, [Said("my parcel is late", language="nl", language_p=0.6)])
    (english,) = pipeline.read(nlp, [Said("my parcel is late", language="en", language_p=0.99)])
    assert (unread.note, unread.abstained, unread.evidence) == ("language not read", True, ())
    assert (doubtful.note, doubtful.primary) == ("language not sure", english.primary)
    assert english.note == ""


def test_a_text_without_a_known_word_abstains(nlp: Language) -> None:
    (reading,) = pipeline.read(nlp, [Said("xqzzt vlorp qwyx")])
    assert (reading.abstained, reading.note) == (True, "no known words")


def test_who_came_back_is_not_leaving(nlp: Language) -> None:
    text = "I uninstalled it in spring, came back in summer, and I am happy again."
    (reading,) = pipeline.read(nlp, [Said(text, "review")])
    assert reading.primary != "cancellation"

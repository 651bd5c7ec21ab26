"""What the shipped pipeline reads in a text, and how it says why."""

import subprocess
import sys
from pathlib import Path

import pytest
import spacy
from spacy.language import Language

from bpm.feedback import ClassificationResult
from bpm.feedback.classification.pipeline import pipeline
from bpm.feedback.classification.pipeline.linear_heads import holding
from bpm.feedback.classification_result import KINDS
from bpm.foundation.errors import InvalidInputError


def read(nlp: Language, text: str, channel: str = "") -> ClassificationResult:
    return next(pipeline.classify(nlp, [text], [channel]))


@pytest.mark.parametrize(
    ("text", "channel", "kind"),
    [
        ("Worst service ever, I waited three hours and nobody apologised.", "social", "complaint"),
        ("What time does the shop on Mill Road open on Sunday?", "chat", "question"),
        ("Please change the delivery address on my order.", "email", "request"),
        ("Thank you so much, the lady at the desk was wonderful!", "survey", "praise"),
        ("You should add a dark mode and a way to sort by date.", "review", "suggestion"),
        ("I want to cancel my subscription.", "chat", "cancellation"),
        ("@you is the site down? nobody here can log in", "social", "outage_report"),
        ("hello", "chat", "other"),
    ],
)
def test_plain_cases_of_every_kind_are_read_as_such(nlp: Language, text: str, channel: str, kind: str) -> None:
    assert read(nlp, text, channel).primary == kind


def test_several_kinds_may_hold_with_the_primary_one_first(nlp: Language) -> None:
    reading = read(nlp, "I was charged twice, this is unacceptable. Please refund one of the payments.", "email")
    assert holding(reading)[0] == reading.primary
    assert {"complaint", "request"} <= set(holding(reading))


def test_every_number_is_in_its_range_even_for_texts_without_a_word(nlp: Language) -> None:
    for text in ["", " \n", "?!", "😡", "a" * 5000, "\x00", "﷽" * 40, "https://example.org/x"]:
        reading = read(nlp, text)
        assert set(reading.kinds) == set(KINDS)
        assert all(0 <= chance <= 1 for chance in reading.kinds.values())
        assert -1 <= reading.sentiment <= 1
        assert reading.urgency in (0, 1, 2, 3)
        assert 0 <= reading.confidence <= 1


def test_evidence_points_at_the_words_of_the_text(nlp: Language) -> None:
    text = "Good morning. I am cancelling my subscription today."
    reading = read(nlp, text)
    assert reading.evidence
    assert all(text[one.start : one.end] == one.text for one in reading.evidence)
    assert any("cancel" in one.text for one in reading.evidence)


def test_case_and_punctuation_do_not_decide(nlp: Language) -> None:
    text = "The app crashes every time. I can't log in!"
    assert (
        read(nlp, text).primary
        == read(nlp, text.upper()).primary
        == read(nlp, "the app crashes every time i cant log in").primary
    )


def test_stance_shows_in_the_sign_of_the_sentiment(nlp: Language) -> None:
    assert read(nlp, "Love it, works perfectly!", "review").sentiment > 0.5
    assert read(nlp, "Horrible. Broke after a day, waste of money.", "review").sentiment < -0.5
    assert abs(read(nlp, "What is the transfer limit?", "chat").sentiment) <= 0.2


def test_danger_is_urgent_whatever_the_weights_say(nlp: Language) -> None:
    assert read(nlp, "there's a gas leak in the hall").urgency == 3
    assert read(nlp, "lol").urgency == 0


def test_a_riddle_abstains_and_a_plain_case_does_not(nlp: Language) -> None:
    assert read(nlp, "the quartz heron considered its ledger").abstained
    assert not read(nlp, "how do i reset my password", "chat").abstained


def test_the_same_text_gives_the_same_reading_alone_and_in_a_batch(nlp: Language) -> None:
    texts = ["my parcel is late", "love it", "cancel please"] * 5
    assert list(pipeline.classify(nlp, texts)) == [read(nlp, text) for text in texts]


def test_the_pipeline_survives_bytes_and_disk(nlp: Language, tmp_path: Path) -> None:
    nlp.to_disk(tmp_path / "model")
    again = spacy.load(tmp_path / "model")
    from_bytes = pipeline.blank().from_bytes(nlp.to_bytes())
    text = "Still no refund after six weeks!"
    assert read(again, text) == read(nlp, text)
    assert read(from_bytes, text).kinds == read(nlp, text).kinds


def test_a_folder_without_a_pipeline_is_named_with_the_remedy(tmp_path: Path) -> None:
    with pytest.raises(InvalidInputError, match="earshot train"):
        pipeline.load(tmp_path)


def test_the_shipped_pipeline_is_small() -> None:
    assert sum(file.stat().st_size for file in pipeline.SHIPPED.rglob("*") if file.is_file()) < 6_000_000


def test_the_web_does_not_import_spacy() -> None:
    code = (
        "import sys, web, web.app, bpm.app; "
        "sys.exit(any(name in sys.modules for name in ('spacy', 'thinc', 'sklearn', 'scipy')))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0

"""What tells of a person, and what does not."""

import pytest

from bpm.processes.erasure.telling import Telling, stripped

TEXTS = ("My kettle exploded twice on Sunday, nobody answers.",)
ADA = Telling(
    TEXTS,
    ["Ada Quill", "ada.quill@example.org", "+493055512377"],
    called=["Ada Quill", "ada.quill@example.org"],
    common=["complaint"],
    is_rare=lambda word: word in ("kettle", "quill"),
)


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Nothing of hers.", "Nothing of hers."),
        ("Call ADA QUILL now", "Call [erased] now"),
        ("mail ada.quill@example.org", "mail [erased]"),
        ("q=kettle&view=all", "q=[erased]&view=all"),
        ("Somebody answers on Sunday", "Somebody answers on Sunday"),
        ("She said: kettle exploded twice on Sunday!", "[erased]"),
        ("kettle.jsonl", "[erased].jsonl"),
        ("Adam", "Adam"),
    ],
)
def test_elsewhere_names_quotations_and_rare_words_go(text: str, left: str) -> None:
    assert ADA.scrubbed(text) == left


@pytest.mark.parametrize(
    ("text", "left"),
    [("complaint", "complaint"), ("second look", "second look"), ("it exploded", "[erased]"), ("", "")],
)
def test_in_their_own_cases_a_text_that_shares_a_word_goes_whole(text: str, left: str) -> None:
    assert ADA.closed(text) == left


def test_figures_stay_in_what_is_stripped() -> None:
    extra = {"turns": [{"role": "customer", "text": "Hi", "start": 1.5}], "listening": {"unit": "words", "share": 0.5}}
    assert stripped(extra) == {
        "turns": [{"role": "customer", "text": "", "start": 1.5}],
        "listening": {"unit": "words", "share": 0.5},
    }

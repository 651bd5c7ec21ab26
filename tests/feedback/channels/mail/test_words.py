"""What mail programs write in many languages is cut; what customers write like them is kept."""

import re
from pathlib import Path

import pytest

from bpm.feedback.channels.html import to_mail_text
from bpm.feedback.channels.mbox.words import customer_words

HERE = Path(__file__).parent


def _mails(name: str) -> list[tuple[str, str, str, str]]:
    """(kind, name, body, words) of a file of small mails; without words of their own the whole body is expected."""
    found: list[tuple[str, str, str, str]] = []
    for block in re.split(r"^#### ", (HERE / name).read_text("utf-8"), flags=re.MULTILINE)[1:]:
        head, _, body = block.partition("\n")
        if head == "words":
            found[-1] = (*found[-1][:3], body.strip())
        else:
            kind, _, title = head.partition(" ")
            found.append((kind, title, body, body.strip()))
    return found


def _words(kind: str, body: str) -> str:
    return customer_words(to_mail_text(body) if kind == "html" else body)


@pytest.mark.parametrize(
    ("kind", "name", "body", "words"), [pytest.param(*each, id=each[1]) for each in _mails("quoted.txt")]
)
def test_of_a_reply_only_the_new_words_stay(kind: str, name: str, body: str, words: str) -> None:
    assert _words(kind, body) == words


@pytest.mark.parametrize(
    ("kind", "name", "body", "words"), [pytest.param(*each, id=each[1]) for each in _mails("kept.txt")]
)
def test_what_a_customer_writes_is_kept_whole(kind: str, name: str, body: str, words: str) -> None:
    assert _words(kind, body).split() == words.split()

"""Answers of a survey that say who answers, by what was asked: a name, an address, a number, and no words."""

import re
from collections.abc import Iterable

from bpm.feedback.channels.values import columns

_AROUND = re.compile(
    r"^(?:please\s+)?(?:(?:enter|leave|tell\s+us|give\s+us|share|type)\s+)?(?:what(?:'s|\s+is)\s+)?(?:(?:your|the)\s+)+"
    r"|\s*[?:*.!]+\s*$|\s*\([^)]{0,40}\)\s*$",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"[^\s@<>]{1,64}@[^\s@<>]{1,255}\.\w{2,24}")
_PEOPLE = ("author_name", "author_email", "author_phone")
MOST_WORDS = 6
"""A longer answer to the question for a name is no name."""


def contact_field(question: str) -> str:
    """The field of an item that a question asks for, when it asks who somebody is; empty else."""
    asked = _AROUND.sub("", _AROUND.sub("", question.strip()[:200]))
    field = columns.guess([asked]).get(asked, "") if asked else ""
    return field if field in _PEOPLE else ""


def contacts_in(answers: Iterable[tuple[str, str]]) -> tuple[dict[str, str], list[int]]:
    """(field -> what was told, places of the answers that tell it) of (question, answer) in order."""
    found: dict[str, list[str]] = {}
    places = []
    for place, (question, answer) in enumerate(answers):
        field = contact_field(question)
        if field == "author_email" and not _ADDRESS.fullmatch(answer.strip()):
            field = ""
        if field and len(answer.split()) <= MOST_WORDS:
            found.setdefault(field, []).append(answer.strip())
            places.append(place)
    told = {field: " ".join(values) if field == "author_name" else values[0] for field, values in found.items()}
    return told, places

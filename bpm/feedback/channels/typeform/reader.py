"""Typeform: responses of its webhook and its interface, an item for each answer in words, with its question.

The rating, when there is one, stands with the first answer in words; alone it is an item without words. Source:
typeform.com/developers, webhooks (`form_response`) and responses (`items`).
"""

from collections.abc import Iterable, Mapping
from typing import Any

from bpm.feedback.channels.records import Outcome, Part, Shape, Taker, get, records_in, text_at
from bpm.feedback.channels.rows import Context
from bpm.feedback.raw_item import RawItem

_WORDS = frozenset(("text",))
_ID = "answered_field"


def _fits(part: Part) -> bool:
    return _ID in part.record


def _expand(part: Part) -> Iterable[Part] | None:
    """One part for each answer in words; what the others tell goes with all of them."""
    record = part.record
    response = record.get("form_response") if record.get("event_type") == "form_response" else record
    if _ID in record or not isinstance(response, Mapping) or not ({"token", "response_id"} & response.keys()):
        return None
    answers = records_in(response.get("answers"))
    if not any("field" in each for each in answers):
        return None
    titles = _titles(response)
    spoken = [each for each in answers if each.get("type") in _WORDS and text_at(each, "text")]
    around = {"response": response, "answers": answers}
    return [
        Part({_ID: text_at(each, "field.id"), "text": text_at(each, "text"), "first": place == 0,
              "question": titles.get(text_at(each, "field.id")) or text_at(each, "field.title")}, around)
        for place, each in enumerate(spoken or [{}])
    ]  # fmt: skip


def _titles(response: Mapping[str, Any]) -> dict[str, str]:
    return {text_at(each, "id"): text_at(each, "title") for each in records_in(get(response, "definition.fields"))}


def _read(part: Part, context: Context) -> Outcome:
    take, answer = Taker(context), part.record
    response, answers = part.around["response"], part.around["answers"]
    token = text_at(response, "token", "response_id")
    item = RawItem(
        channel=context.channel or "survey",
        source=context.source,
        text=text_at(answer, "text"),
        natural_key=f"{token} {answer[_ID]}".strip(),
        said_at=take.at(response, "submitted_at", "landed_at"),
        question=text_at(answer, "question"),
        author_email=_of_type(answers, "email") or text_at(response, "hidden.email"),
        author_phone=_of_type(answers, "phone_number"),
        author_name=text_at(response, "hidden.name"),
        author_id=text_at(response, "hidden.customer_id", "hidden.user_id"),
        thread_key=f"response {token}",
        rating=_number(answers) if answer["first"] else None,
        raw=dict(response),
    )
    return Outcome(item, warnings=take.warnings)


def _of_type(answers: list[Mapping[str, Any]], kind: str) -> str:
    return next((text_at(each, kind) for each in answers if each.get("type") == kind), "")


def _number(answers: list[Mapping[str, Any]]) -> float | None:
    found = [each["number"] for each in answers if isinstance(each.get("number"), int | float)]
    return float(found[0]) if len(found) == 1 else None


SHAPE = Shape("typeform", _fits, _read, _expand)

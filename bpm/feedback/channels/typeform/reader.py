"""Typeform: responses of its webhook and its interface, an item for each answer in words, with its question.

What somebody adds to a choice ("Other") is in words, too; answers to "Your name?" say who it was. The rating, when
there is one, stands with the first answer in words; alone it is an item without words. Source: typeform.com/developers,
webhooks (`form_response`, `form_response_partial`) and responses (`items`).
"""

from collections.abc import Iterable, Mapping
from typing import Any

from bpm.feedback.channels.records import Outcome, Part, Shape, Taker, contacts_in, get, left_out, records_in, text_at
from bpm.feedback.channels.rows import Context
from bpm.feedback.raw_item import RawItem
from bpm.foundation.texts import _

_ID = "answered_field"
_EVENTS = ("form_response", "form_response_partial")
_SCALES = ("nps", "opinion_scale", "rating")
"""Kinds of questions for a number, the one that tells most first."""


def _fits(part: Part) -> bool:
    return _ID in part.record


def _expand(part: Part) -> Iterable[Part] | None:
    """One part for each answer in words; what the others tell goes with all of them."""
    record = part.record
    response = record.get("form_response") if record.get("event_type") in _EVENTS else record
    if _ID in record or not isinstance(response, Mapping) or not ({"token", "response_id"} & response.keys()):
        return None
    answers = records_in(response.get("answers"))
    if not any("field" in each for each in answers) and response is record:
        return None
    titles = _titles(response)
    spoken = [
        {_ID: text_at(each, "field.id"), "text": words,
         "question": titles.get(text_at(each, "field.id")) or text_at(each, "field.title", "field.ref")}
        for each in answers
        if (words := text_at(each, "text", "choice.other", "choices.other"))
    ]  # fmt: skip
    people, places = contacts_in((each["question"].replace("_", " "), each["text"]) for each in spoken)
    said = [each for place, each in enumerate(spoken) if place not in places]
    around = {"response": response, "answers": answers, "people": people}
    return [
        Part({**each, "first": place == 0}, around)
        for place, each in enumerate(said or [{_ID: "", "text": "", "question": ""}])
    ]


def _titles(response: Mapping[str, Any]) -> dict[str, str]:
    return {text_at(each, "id"): text_at(each, "title") for each in records_in(get(response, "definition.fields"))}


def _read(part: Part, context: Context) -> Outcome:
    take, answer = Taker(context), part.record
    response, answers = part.around["response"], part.around["answers"]
    people = part.around["people"]
    token, rating = text_at(response, "token", "response_id"), _number(answers) if answer["first"] else None
    if not answer["text"] and rating is None:
        return left_out(_("an answer without words or a score"))
    item = RawItem(
        channel=context.channel or "survey",
        source=context.source,
        text=text_at(answer, "text"),
        natural_key=f"{token} {answer[_ID]}".strip(),
        said_at=take.at(response, "submitted_at", "landed_at"),
        question=text_at(answer, "question"),
        author_email=_of_type(answers, "email") or text_at(response, "hidden.email") or people.get("author_email", ""),
        author_phone=_of_type(answers, "phone_number") or people.get("author_phone", ""),
        author_name=text_at(response, "hidden.name") or people.get("author_name", ""),
        author_id=text_at(response, "hidden.customer_id", "hidden.user_id"),
        thread_key=f"response {token}",
        rating=rating,
        raw=dict(response),
    )
    return Outcome(item, warnings=take.warnings)


def _of_type(answers: list[Mapping[str, Any]], kind: str) -> str:
    return next((text_at(each, kind) for each in answers if each.get("type") == kind), "")


def _number(answers: list[Mapping[str, Any]]) -> float | None:
    """The only number, else the only one of the kind of question that tells most."""
    told = [
        (text_at(each, "field.type"), each["number"]) for each in answers if isinstance(each.get("number"), int | float)
    ]
    best = [[number for kind, number in told if kind == scale] for scale in _SCALES]
    found = [number for _kind, number in told] if len(told) == 1 else next((numbers for numbers in best if numbers), [])
    return float(found[0]) if len(found) == 1 else None


SHAPE = Shape("typeform", _fits, _read, _expand)

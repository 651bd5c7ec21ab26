"""SurveyMonkey: responses of its interface, an item for each answer in words, with its question where it is told.

Answers of dates and numbers are no words, and those for a name or an address say who it was; an event of a webhook
tells that somebody answered, not what. Source: developer.surveymonkey.com, responses (`pages`, `questions`, `answers`;
headings come with simple=true) and webhooks (`response_completed`, `object_type`).
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from bpm.feedback.channels.records import (
    Outcome,
    Part,
    Shape,
    Taker,
    contacts_in,
    left_out,
    plain_text,
    records_in,
    text_at,
)
from bpm.feedback.channels.rows import Context
from bpm.feedback.raw_item import RawItem
from bpm.foundation.texts import _

_ID = "answered_question"


_ADDRESS = re.compile(r"[^\s@<>]{1,64}@[^\s@<>]{1,255}\.\w{2,24}")


def _fits(part: Part) -> bool:
    return _ID in part.record or _is_event(part.record)


def _is_event(record: Mapping[str, Any]) -> bool:
    told = text_at(record, "event_type")
    return "object_id" in record and "resources" in record and told.startswith(("response_", "collector_", "survey_"))


def _expand(part: Part) -> Iterable[Part] | None:
    record = part.record
    pages = records_in(record.get("pages"))
    if not any("questions" in each for each in pages):
        return None
    questions = [each for page in pages for each in records_in(page.get("questions"))]
    given = [
        {_ID: _key(each, answer, place), "text": text_at(answer, "text"),
         "question": plain_text(text_at(each, "heading"))}
        for each in questions
        for place, answer in enumerate(records_in(each.get("answers")))
        if text_at(answer, "text") and "choice_id" not in answer and not _is_value(each)
    ]  # fmt: skip
    people, places = contacts_in((each["question"], each["text"]) for each in given)
    contacts = [text_at(a, "text") for each in questions if _is_contact(each) for a in records_in(each.get("answers"))]
    address = next((text for text in contacts if _ADDRESS.fullmatch(text)), "")
    people |= {"author_email": address} if address else {}
    spoken = [each for place, each in enumerate(given) if place not in places]
    around = {"response": record, "questions": questions, "people": people}
    return [Part({**each, "first": place == 0}, around) for place, each in enumerate(spoken or [{_ID: "", "text": ""}])]


def _key(question: Mapping[str, Any], answer: Mapping[str, Any], place: int) -> str:
    """The question's id; of a question with several boxes the row's, too."""
    return f"{text_at(question, 'id')} {text_at(answer, 'row_id') if place else ''}".strip()


def _is_contact(question: Mapping[str, Any]) -> bool:
    return text_at(question, "family") == "demographic"


def _is_value(question: Mapping[str, Any]) -> bool:
    """Whether a question asks for a date, a number or an address and not for words."""
    family, kind = text_at(question, "family"), text_at(question, "subtype")
    return family in ("datetime", "demographic") or kind == "numerical"


def _read(part: Part, context: Context) -> Outcome:
    if _is_event(part.record):
        return left_out(_("an event that tells of an answer, not the answer itself"))
    take, answer, response = Taker(context), part.record, part.around["response"]
    people, rating = part.around["people"], _rating(part.around["questions"]) if answer.get("first") else None
    if not answer["text"] and rating is None:
        return left_out(_("an answer without words or a score"))
    number = text_at(response, "id")
    item = RawItem(
        channel=context.channel or "survey",
        source=context.source,
        text=text_at(answer, "text"),
        natural_key=f"{number} {answer[_ID]}".strip(),
        said_at=take.at(response, "date_created", "date_modified"),
        revised_at=take.at(response, "date_modified"),
        question=text_at(answer, "question"),
        author_name=" ".join(filter(None, (text_at(response, "first_name"), text_at(response, "last_name"))))
        or people.get("author_name", ""),
        author_email=text_at(response, "email_address", "metadata.contact.email.value")
        or people.get("author_email", ""),
        author_phone=people.get("author_phone", ""),
        author_id=text_at(response, "recipient_id", "custom_value"),
        thread_key=f"response {number}",
        rating=rating,
        raw=dict(response),
    )
    return Outcome(item, warnings=take.warnings)


def _rating(questions: list[Mapping[str, Any]]) -> float | None:
    """The number of the only scale in the survey; of several nobody knows which is meant."""
    weights = [
        float(answer["choice_metadata"]["weight"])
        for each in questions
        for answer in records_in(each.get("answers"))
        if isinstance(answer.get("choice_metadata"), Mapping) and _is_number(answer["choice_metadata"].get("weight"))
    ]
    return weights[0] if len(weights) == 1 else None


def _is_number(value: Any) -> bool:
    return str(value).replace(".", "", 1).lstrip("-").isdigit()


SHAPE = Shape("surveymonkey", _fits, _read, _expand)

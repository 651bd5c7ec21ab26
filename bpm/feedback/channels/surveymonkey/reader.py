"""SurveyMonkey: responses of its interface, an item for each answer in words, with its question where it is told.

Source: developer.surveymonkey.com, responses (`pages`, `questions`, `answers`; headings come with simple=true).
"""

from collections.abc import Iterable, Mapping
from typing import Any

from bpm.feedback.channels.records import Outcome, Part, Shape, Taker, records_in, text_at
from bpm.feedback.channels.rows import Context
from bpm.feedback.raw_item import RawItem

_ID = "answered_question"


def _fits(part: Part) -> bool:
    return _ID in part.record


def _expand(part: Part) -> Iterable[Part] | None:
    record = part.record
    pages = records_in(record.get("pages"))
    if not any("questions" in each for each in pages):
        return None
    questions = [each for page in pages for each in records_in(page.get("questions"))]
    spoken = [
        {_ID: text_at(each, "id"), "text": text_at(answer, "text"), "question": text_at(each, "heading")}
        for each in questions
        for answer in records_in(each.get("answers"))
        if text_at(answer, "text") and "choice_id" not in answer
    ]
    around = {"response": record, "questions": questions}
    return [Part({**each, "first": place == 0}, around) for place, each in enumerate(spoken or [{_ID: "", "text": ""}])]


def _read(part: Part, context: Context) -> Outcome:
    take, answer, response = Taker(context), part.record, part.around["response"]
    number = text_at(response, "id")
    item = RawItem(
        channel=context.channel or "survey",
        source=context.source,
        text=text_at(answer, "text"),
        natural_key=f"{number} {answer[_ID]}".strip(),
        said_at=take.at(response, "date_created", "date_modified"),
        revised_at=take.at(response, "date_modified"),
        question=text_at(answer, "question"),
        author_name=" ".join(filter(None, (text_at(response, "first_name"), text_at(response, "last_name")))),
        author_email=text_at(response, "email_address", "metadata.contact.email.value"),
        author_id=text_at(response, "recipient_id", "custom_value"),
        thread_key=f"response {number}",
        rating=_rating(part.around["questions"]) if answer.get("first") else None,
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

"""Qualtrics: responses exported as JSON, an item for each answer in words.

Questions stand by their ids only (`QID3_TEXT`); a number `..._NPS`, the one beside its `_NPS_GROUP`, or the only one of
a scale is the rating. Previews, tests and spam are nobody's voice; an event tells that somebody answered, not what.
Source: api.qualtrics.com, response exports (`responses`, `responseId`, `values`, `labels`), response types, events.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from bpm.feedback.channels.records import Outcome, Part, Shape, Taker, left_out, text_at
from bpm.feedback.channels.rows import Context
from bpm.feedback.raw_item import RawItem
from bpm.foundation.texts import _

_ID = "answered_qid"
_NOBODYS = {
    "1": _("a preview of the survey"), "2": _("a test of the survey"), "8": _("marked as spam"),
    "9": _("a preview of the survey"), "12": _("marked as spam"), "17": _("a preview of the survey"),
}  # fmt: skip
"""Value of `status` -> why a response is nobody's voice."""
_QUESTION = re.compile(r"QID\d+(?:[#_]\w*)?")


def _fits(part: Part) -> bool:
    return _ID in part.record or _is_event(part.record)


def _is_event(record: Mapping[str, Any]) -> bool:
    return "ResponseID" in record and ("Topic" in record or "SurveyID" in record) and "values" not in record


def _expand(part: Part) -> Iterable[Part] | None:
    record = part.record
    values = record.get("values")
    if not isinstance(values, Mapping) or not text_at(record, "responseId").startswith("R_"):
        return None
    spoken = [(name, text) for name, text in values.items() if _is_words(name, text)] or [("", "")]
    return [Part({_ID: name, "text": text, "first": place == 0}, record) for place, (name, text) in enumerate(spoken)]


def _is_words(name: str, value: Any) -> bool:
    if not isinstance(value, str) or not value.strip() or not _QUESTION.fullmatch(name):
        return False
    return name.endswith("_TEXT") or not re.fullmatch(r"[\d.,\s-]+", value)


def _read(part: Part, context: Context) -> Outcome:
    take, answer, response = Taker(context), part.record, part.around
    if _is_event(answer):
        return left_out(_("an event that tells of an answer, not the answer itself"))
    why = _NOBODYS.get(text_at(response, "values.status"), "")
    if text_at(response, "values.distributionChannel") == "preview":
        why = _NOBODYS["1"]
    if why:
        return left_out(why)
    number = text_at(response, "responseId")
    item = RawItem(
        channel=context.channel or "survey",
        source=context.source,
        text=text_at(answer, "text"),
        natural_key=f"{number} {answer[_ID]}".strip(),
        said_at=take.at(response, "values.recordedDate", "values.endDate", "values.startDate"),
        author_name=_name(response),
        author_email=text_at(response, "values.recipientEmail"),
        author_id=text_at(response, "values.externalDataReference"),
        thread_key=f"response {number}",
        rating=_rating(response["values"]) if answer["first"] else None,
        raw=dict(response),
    )
    return Outcome(item, warnings=take.warnings)


def _name(response: Mapping[str, Any]) -> str:
    parts = (text_at(response, "values.recipientFirstName"), text_at(response, "values.recipientLastName"))
    return " ".join(filter(None, parts))


def _rating(values: Mapping[str, Any]) -> float | None:
    found = {
        name: value
        for name, value in values.items()
        if _QUESTION.fullmatch(name) and isinstance(value, int | float) and not isinstance(value, bool)
    }
    scores = {name: value for name, value in found.items() if not name.endswith("_GROUP")}
    named = [value for name, value in scores.items() if name.endswith("_NPS") or f"{name}_NPS_GROUP" in values]
    named = named or list(scores.values())
    return float(named[0]) if len(named) == 1 else None


SHAPE = Shape("qualtrics", _fits, _read, _expand)

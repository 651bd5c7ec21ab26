"""Between the sentence a designer fills in and a trigger's draft: read what was posted, show what is stored."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from werkzeug.datastructures import MultiDict

from bpm.foundation.errors import InvalidInputError
from bpm.processes import SOURCES, TriggerDraft, conditions_of
from web.ui.fields import Field

NAMES = {"item_id": "item number", "said_at": "when it was said", "url": "link to the original", "text": "words"}
"""How a field of an item reads where its code word would not do."""


Posted = MultiDict[str, str]


@dataclass(frozen=True)
class Handover:
    """One field of the item and the variable it becomes; an empty variable: it is not handed over."""

    source: str
    label: str
    variable: str


@dataclass(frozen=True)
class Inputs:
    """What stands in the form."""

    kinds: tuple[str, ...]
    channels: tuple[str, ...]
    chosen_topics: tuple[str, ...]
    min_urgency: str
    name: str
    action: str
    message: str
    key_field: str
    while_running: str
    more: tuple[Field, ...]
    handovers: tuple[Handover, ...]
    literals: str
    topics: tuple[str, ...]
    errors: Mapping[str, str]


def drafted(key: str, process_id: str, posted: Posted) -> TriggerDraft:
    """The draft that was posted; InvalidInputError names what cannot be read, field by field."""
    problems: dict[str, str] = {}
    values: dict[str, Any] = {
        "kinds": posted.getlist("kinds"),
        "channels": posted.getlist("channels"),
        "topics": [topic for topic in posted.getlist("topics") if topic],
        "min_urgency": _number(posted, "min_urgency", int, problems) or 0,
        "max_sentiment": _number(posted, "max_sentiment", float, problems),
        "min_confidence": _number(posted, "min_confidence", float, problems) or 0.0,
        "max_age_days": _number(posted, "max_age_days", int, problems),
        "text": posted.get("text", "").strip(),
        "unsure": posted.get("unsure", "") == "true",
    }
    fields = _handed_over(posted, problems)
    if problems:
        raise InvalidInputError("The trigger cannot be read.", remedy=" ".join(problems.values()), fields=problems)
    return TriggerDraft(
        definition_key=key,
        process_id=process_id,
        conditions=conditions_of(values),
        fields=fields,
        name=posted.get("name", "").strip(),
        action=posted.get("action", "") or "start",
        message=posted.get("message", "").strip(),
        key_field=posted.get("key_field", ""),
        while_running=posted.get("while_running", "") or "join",
    )


def _number(posted: Posted, name: str, kind: type[int] | type[float], problems: dict[str, str]) -> Any:
    raw = posted.get(name, "").strip().replace(",", ".")
    if not raw:
        return None
    try:
        if math.isfinite(float(raw)):
            return kind(raw)
    except ValueError:
        pass
    problems[name] = f"{name.replace('_', ' ').capitalize()} needs a number, not “{raw[:40]}”."
    return None


def _handed_over(posted: Posted, problems: dict[str, str]) -> dict[str, str]:
    fields = {variable: source for source in SOURCES if (variable := posted.get(f"as_{source}", "").strip())}
    for line in posted.get("literals", "").splitlines():
        variable, equals, text = line.partition("=")
        if not line.strip():
            continue
        if not equals:
            problems["literals"] = f"Write fixed values as name = text, one a line; “{line.strip()}” has no =."
        fields[variable.strip()] = f"={text.strip()}"
    return fields


def topics_of(in_use: Iterable[Any]) -> list[str]:
    """Names of topics for the choice, in alphabetical order."""
    return sorted({topic if isinstance(topic, str) else str(topic[0]) for topic in in_use} - {""})


def inputs_of(given: TriggerDraft | Posted, *, topics: list[str], errors: Mapping[str, str] | None = None) -> Inputs:
    """The form filled in from a draft, or as it was posted when something in it did not fit."""
    values = _from_draft(given) if isinstance(given, TriggerDraft) else _from_posted(given)
    errors = errors or {}
    chosen = values["topics"]
    return Inputs(
        kinds=tuple(values["kinds"]),
        channels=tuple(values["channels"]),
        chosen_topics=tuple(chosen),
        min_urgency=values["min_urgency"],
        name=values["name"],
        action=values["action"],
        message=values["message"],
        key_field=values["key_field"],
        while_running=values["while_running"],
        more=_more(values, errors),
        handovers=tuple(
            Handover(source, NAMES.get(source, source.replace("_", " ")), values["variables"].get(source, ""))
            for source in SOURCES
        ),
        literals=values["literals"],
        topics=tuple(sorted({*topics, *chosen})),
        errors=errors,
    )


def _from_draft(draft: TriggerDraft) -> dict[str, Any]:
    wanted = draft.conditions
    literals = [f"{name} = {source[1:]}" for name, source in draft.fields.items() if source.startswith("=")]
    return {
        "kinds": wanted.kinds,
        "channels": wanted.channels,
        "topics": wanted.topics,
        "min_urgency": str(wanted.min_urgency or ""),
        "max_sentiment": "" if wanted.max_sentiment is None else f"{wanted.max_sentiment:g}",
        "min_confidence": f"{wanted.min_confidence:g}" if wanted.min_confidence else "",
        "max_age_days": "" if wanted.max_age_days is None else str(wanted.max_age_days),
        "text": wanted.text,
        "unsure": wanted.unsure,
        "name": draft.name,
        "action": draft.action,
        "message": draft.message,
        "key_field": draft.key_field,
        "while_running": draft.while_running,
        "variables": {source: name for name, source in draft.fields.items() if not source.startswith("=")},
        "literals": "\n".join(literals),
    }


def _from_posted(posted: Posted) -> dict[str, Any]:
    plain = ("min_urgency", "max_sentiment", "min_confidence", "max_age_days", "text", "name", "message", "key_field")
    return {
        **{name: posted.get(name, "") for name in plain},
        "kinds": posted.getlist("kinds"),
        "channels": posted.getlist("channels"),
        "topics": [topic for topic in posted.getlist("topics") if topic],
        "unsure": posted.get("unsure", "") == "true",
        "action": posted.get("action", "") or "start",
        "while_running": posted.get("while_running", "") or "join",
        "variables": {source: posted.get(f"as_{source}", "") for source in SOURCES},
        "literals": posted.get("literals", ""),
    }


def _more(values: Mapping[str, Any], errors: Mapping[str, str]) -> tuple[Field, ...]:
    def field(name: str, label: str, kind: str, text: str, **limits: Any) -> Field:
        return Field(name, label, kind, help=text, value=str(values[name]), limits=limits, error=errors.get(name, ""))

    return (
        field("text", "Words in it", "text", "All of them must occur, in any order and case."),
        field("max_sentiment", "Sentiment at most", "number", "From -1 (bad) to 1 (good).", min=-1, max=1, step="any"),
        field(
            "min_confidence",
            "Confidence at least",
            "number",
            "How sure the classifier must be.",
            min=0,
            max=1,
            step="any",
        ),
        field(
            "max_age_days",
            "Said at most this many days ago",
            "number",
            "So that loading an archive starts nothing.",
            min=1,
        ),
        Field(
            "unsure",
            "Fire even when the classifier is unsure",
            "check",
            help="Otherwise unsure items wait for a person’s correction.",
            value="true" if values["unsure"] else "",
        ),
    )

"""What the inbox says about an item in words and shapes: colour never stands alone."""

from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup, escape

from bpm.feedback.classification_result import NOT_READ, NOT_SURE
from bpm.feedback.queries import ItemRow
from bpm.feedback.tones import tone_of
from bpm.foundation.texts import _

URGENCY = (_("no urgency"), _("low urgency"), _("high urgency"), _("urgent"))
"""One scale everywhere, from 0 to 3."""
DECISIONS = {"do": "Do it", "not_now": "Not now", "no": "No", "no_reply_wanted": "No reply wanted"}


def mood(sentiment: float | None) -> tuple[str, str]:
    """A shape and a word for a sentiment from -1 to 1."""
    tone = tone_of(sentiment)
    return {"negative": "▼", "positive": "▲", "neutral": "◆"}.get(tone, "·"), tone or "mood unknown"


def urgency_mark(urgency: int | None) -> str:
    """Three small blocks, filled as far as it is urgent."""
    return "···" if urgency is None else "▮" * urgency + "▯" * (3 - urgency)


def certainty(row: ItemRow) -> str:
    """How sure the reading of the item is, in a word."""
    if row.primary is None:
        return "not read yet"
    if row.corrected:
        return "said by a person"
    if row.abstained:
        return "unsure"
    return f"{round((row.confidence or 0) * 100)} % sure"


def note(said: str, language: str | None) -> str:
    """What makes a reading doubtful, as a sentence; nothing when nothing does."""
    if said == NOT_READ:
        return _("Language not read (%(language)s): a person decides what it says.") % {"language": language or "?"}
    if said == NOT_SURE:
        return _("Language not sure (perhaps %(language)s): read as English.") % {"language": language or "?"}
    return _("No known words: a person decides what it says.") if said else ""


def care(complexity: str | None, sensitivity: str | None) -> str:
    """What it takes to settle it, and where it may be spoken about."""
    effort = {"simple": _("Simple to settle"), "harder": _("Harder to settle"), "difficult": _("Difficult to settle")}
    where = {
        "open": _("nothing private in it"),
        "personal": _("speak about it with the person alone"),
        "delicate": _("delicate: speak about it only where both are known"),
    }
    return "; ".join(part for part in (effort.get(complexity or ""), where.get(sensitivity or "")) if part)


def underlined(text: str, evidence: Sequence[Mapping[str, Any]], label: str | None) -> Markup:
    """The text with the words that spoke for `label` underlined; their weight is in the title."""
    spans = sorted(
        (int(each["start"]), int(each["end"]), float(each.get("weight", 0.0)))
        for each in evidence
        if label and each.get("label") == label and float(each.get("weight", 0.0)) > 0
    )
    parts: list[str] = []
    at = 0
    for start, end, weight in spans:
        if start < at or end > len(text) or start >= end:
            continue
        parts.append(escape(text[at:start]))
        parts.append(
            Markup('<mark class="why" title="spoke for {} ({})">{}</mark>').format(
                label, f"{weight:+.2f}", text[start:end]
            )
        )
        at = end
    parts.append(escape(text[at:]))
    return Markup("").join(parts)


MASKED: Mapping[str, str] = {
    "phone": "phone numbers", "card": "card numbers", "iban": "IBANs", "ssn": "national numbers",
    "email": "mail addresses", "name": "names", "address": "street addresses", "account": "account numbers",
}  # fmt: skip
"""Kind of private data -> what people call more than one of it."""


def masked(kinds: Mapping[str, int]) -> str:
    """What was masked, as "phone numbers (2), names (1)"; empty when nothing was."""
    return ", ".join(f"{MASKED.get(kind, kind)} ({count})" for kind, count in kinds.items())


FIELD_NAMES = {
    "text": _("what was said"),
    "natural_key": _("number or id of the entry"),
    "said_at": _("when it was said"),
    "channel": _("channel"),
    "source": _("source"),
    "subject": _("subject"),
    "question": _("question that was asked"),
    "author_name": _("name of the customer"),
    "author_handle": _("account name of the customer"),
    "author_email": _("mail address of the customer"),
    "author_phone": _("telephone of the customer"),
    "author_id": _("customer number"),
    "thread_key": _("id of the conversation"),
    "in_reply_to": _("id of what it answers"),
    "revised_at": _("when it was changed"),
    "url": _("web address"),
    "rating": _("rating"),
}
"""Field of an item -> what a person calls it who says what a column means."""

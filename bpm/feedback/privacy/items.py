"""An item with its private data masked: words, subject, question and all that its screens show; pure.

What stays as the source wrote it: who said it (name, account, contact points: that is how we answer), the keys and
links, and the raw record, which lies apart. Turns of a call are read one after the other, for the question before a
number says what the number is.
"""

from collections import Counter
from typing import Any

from bpm.feedback.privacy.mask import mask
from bpm.feedback.raw_item import RawItem, with_fields

DEEPEST = 40


def hide_private(item: RawItem) -> RawItem:
    """The item as everything after its reading sees it; `masked` says what was masked: kind -> how often."""
    counted: Counter[str] = Counter()
    question = _hidden(item.question, "", counted)
    extra = {name: _within(value, counted, DEEPEST) for name, value in item.extra.items() if name != "turns"}
    turns = item.extra.get("turns")
    if isinstance(turns, list):
        extra["turns"] = _turns(turns)
    text = _of_turns(item.text, turns, extra.get("turns"), counted) or _hidden(item.text, item.question, counted)
    subject = _hidden(item.subject, "", counted)
    if not counted and extra == item.extra:
        return item
    raw = item.raw or {"text": item.text, "subject": item.subject, "question": item.question}
    return with_fields(item, text=text, subject=subject, question=question, extra=extra, raw=raw, masked=dict(counted))


def _hidden(text: str, asked: str, counted: Counter[str]) -> str:
    masked = mask(text, asked=asked)
    counted.update(span.type for span in masked.spans)
    return masked.text


def _within(value: Any, counted: Counter[str], depth: int) -> Any:
    """A value of `extra` with every text in it masked; its kinds are counted in the words alone."""
    if isinstance(value, str):
        return mask(value).text
    if isinstance(value, list) and depth:
        return [_within(each, counted, depth - 1) for each in value]
    if isinstance(value, dict) and depth:
        return {name: _within(each, counted, depth - 1) for name, each in value.items()}
    return value


def _turns(turns: list[Any]) -> list[Any]:
    """The turns, each read after what another speaker said before it."""
    shown, asked = [], ""
    for turn in turns:
        if not isinstance(turn, dict) or not isinstance(turn.get("text"), str):
            shown.append(turn)
            continue
        shown.append({**turn, "text": mask(turn["text"], asked=asked).text})
        asked = turn["text"]
    return shown


def _of_turns(text: str, turns: Any, shown: Any, counted: Counter[str]) -> str:
    """The customer's words put together from the masked turns, where they are those; empty where they are not."""
    if not isinstance(turns, list) or text != _joined(turns):
        return ""
    asked = ""
    for turn in turns:
        if turn["role"] == "customer":
            counted.update(span.type for span in mask(turn["text"], asked=asked).spans)
        asked = turn["text"]
    return _joined(shown)


def _joined(turns: list[Any]) -> str:
    """What customers say in the turns; empty where one is no turn."""
    if not all(isinstance(turn, dict) and isinstance(turn.get("text"), str) and "role" in turn for turn in turns):
        return ""
    return "\n".join(turn["text"] for turn in turns if turn["role"] == "customer").strip()

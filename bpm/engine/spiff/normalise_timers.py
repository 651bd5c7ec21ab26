"""Normalisation: timers become literal ISO 8601 or an expression that yields it."""

import re
from datetime import UTC, datetime

from lxml import etree

from bpm.engine.spiff.draft import (
    Draft,
    Element,
    kind,
    label,
    own,
    parent_of,
    remove,
    tag,
    text_of,
)
from bpm.engine.spiff.languages import translate
from bpm.errors import ExpressionError

_DURATION = re.compile(r"P(?=.)(?:\d+Y)?(?:\d+M)?(?:\d+W)?(?:\d+D)?(?:T(?=.)(?:\d+H)?(?:\d+M)?(?:\d+(?:\.\d+)?S)?)?")


_CYCLE = re.compile(rf"R\d*/(?:[^/]+/)?{_DURATION.pattern}(?:/[^/]+)?")


FAR_AWAY = "9999-12-31T00:00:00Z"


def read_timers(draft: Draft) -> None:
    """Timers hold literal ISO 8601, or an expression that yields it."""
    for definition in draft.all("timerEventDefinition"):
        timer = next((part for part in definition if kind(part).startswith("time")), None)
        text = text_of(timer)
        if timer is None or not text:
            _timer_without_time(draft, definition, timer)
            continue
        for extra in [part for part in definition if kind(part).startswith("time") and part is not timer]:
            remove(extra)
        literal = literal_time(text)
        if literal:
            timer.tag, timer.text = tag(literal[0]), literal[1]
            if literal[1] != text:
                draft.executed(timer, "timer", text, literal[1])
            continue
        _timer_expression(draft, timer, text)


def literal_time(text: str) -> tuple[str, str] | None:
    """(timeDate | timeDuration | timeCycle, ISO 8601 text) for a literal, also quoted or as simple cron."""
    text = text.strip().strip("\"'").strip()
    if _DURATION.fullmatch(text):
        return "timeDuration", text
    if _CYCLE.fullmatch(text):
        return "timeCycle", text
    simple = re.fullmatch(r"0 (?:0|\*)/(\d+) \* \* \* \?", text) or re.fullmatch(r"\*/(\d+) \* \* \* \*", text)
    if simple:
        return "timeCycle", f"R/PT{simple[1]}M"
    delta = re.fullmatch(r"(?:datetime\.)?timedelta\((days|hours|minutes|seconds)\s*=\s*(\d+(?:\.\d+)?)\)", text)
    if delta:
        return "timeDuration", f"P{delta[2]}D" if delta[1] == "days" else f"PT{delta[2]}{delta[1][0].upper()}"
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        return None
    instant = instant if instant.tzinfo else instant.replace(tzinfo=UTC)
    return "timeDate", instant.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _timer_expression(draft: Draft, timer: Element, text: str) -> None:
    try:
        after = translate(text, use="value", language=timer.get("language", ""))
    except ExpressionError as error:
        draft.note(
            "timer-not-understood",
            "error",
            timer,
            f"The timer of {label(draft.named(timer))!r} says {text!r}, which is no ISO 8601 time. {error.message}",
            "Write a duration such as PT5M, a date such as 2030-01-01T08:00:00Z, or a cycle such as R3/PT1H.",
            before=text,
        )
        return
    timer.text = None
    timer.set(own("expression"), after)
    draft.executed(timer, "timer", text, after)


def _timer_without_time(draft: Draft, definition: Element, timer: Element | None) -> None:
    event = draft.named(definition)
    if kind(event) == "startEvent" and kind(parent_of(event)) == "process":
        remove(definition)
        draft.note(
            "timer-without-time",
            "warning",
            event,
            f"The timer start {label(event)!r} has no time; the process is started by hand.",
            "Write a cycle such as R/P1D.",
        )
        return
    if timer is None:
        timer = etree.SubElement(definition, tag("timeDate"))
    timer.tag, timer.text = tag("timeDate"), FAR_AWAY
    draft.note(
        "timer-without-time",
        "warning",
        event,
        f"The timer {label(event)!r} has no time; it never fires by itself.",
        "Write a duration such as PT5M, a date or a cycle.",
        after=FAR_AWAY,
    )

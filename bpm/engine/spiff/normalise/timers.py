"""Normalisation: timers become literal ISO 8601 or an expression that yields it."""

import re
from datetime import UTC, datetime

from lxml import etree

from bpm.engine.expressions import tagged
from bpm.engine.spiff import cron, timers
from bpm.engine.spiff.counterparts import UnknownCallError
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
from bpm.engine.spiff.languages import FreeTextError, PlaceholderError, translate
from bpm.engine.spiff.normalise.foreign import ask_before
from bpm.engine.spiff.normalise.vendor import is_camunda_family
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
        literal = literal_time(text, sunday=_sunday(draft.root))
        if literal:
            problem = _endless(literal)
            if problem:
                _refuse_timer(draft, timer, text, problem)
                continue
            _note_uneven(draft, timer, text)
            timer.tag, timer.text = tag(literal[0]), literal[1]
            if literal[1] != text:
                draft.executed(timer, "timer", text, literal[1])
            continue
        _timer_expression(draft, timer, text)


def _endless(literal: tuple[str, str]) -> ExpressionError | None:
    """What stands against a literal: a span outside the calendar, a cycle that does not move on."""
    # Judged from long ago, so that no end of a cycle has passed.
    now = datetime(1970, 1, 1, tzinfo=UTC)
    try:
        wait = timers.plan(literal[0].removeprefix("time").lower(), literal[1], now=now)
        timers.following(wait, now=now)
    except ExpressionError as error:
        return error
    return None


def _sunday(root: Element) -> int | None:
    """The number of Sunday in the cron of the file's dialect: Quartz has 1, Spring 0; None for who knows."""
    if is_camunda_family(root) or any("jboss.org" in space for space in root.nsmap.values()):
        return 1
    return 0 if any("camunda.org/schema/zeebe" in space for space in root.nsmap.values()) else None


def _note_uneven(draft: Draft, timer: Element, text: str) -> None:
    """jBPM's `delay###period` starts its cycle after another span than it goes on with; ISO 8601 cannot say that."""
    delay, _, period = text.partition("###")
    if period and _short(delay) != _short(period):
        draft.note(
            "timer-first-delay",
            "warning",
            timer,
            f"The timer {label(draft.named(timer))!r} first fires after its period, not after {delay!r}.",
            "Put a timer event of the first delay before the cycle.",
            before=text,
        )


_SPAN = re.compile(r"(?:(\d+)d)?\s*(?:(\d+)h)?\s*(?:(\d+)m)?\s*(?:(\d+)s)?\s*(?:(\d+)ms)?", re.IGNORECASE)


def _short(text: str) -> str | None:
    """jBPM's and Zeebe's spans, such as `1d 2h`, `500ms`, as an ISO 8601 duration."""
    found = _SPAN.fullmatch(text.strip())
    if not found or not text.strip():
        return None
    days, hours, minutes, seconds, thousandths = (int(part or 0) for part in found.groups())
    length = f"{seconds + thousandths / 1000:.3f}".rstrip("0").rstrip(".")
    return f"P{days}DT{hours}H{minutes}M{length}S"


def _shorthand(text: str) -> tuple[str, str] | None:
    delay, _, period = text.partition("###")
    if period:
        every = _short(period)
        return ("timeCycle", f"R/{every}") if every and _short(delay) else None
    once = _short(delay)
    return ("timeDuration", once) if once else None


def literal_time(text: str, *, sunday: int | None = None) -> tuple[str, str] | None:
    """(timeDate | timeDuration | timeCycle, ISO 8601 or our cron) for a literal, also quoted or in jBPM's short form.

    `sunday` is the number of Sunday in the dialect's cron, None where it is not known.
    """
    text = text.strip().strip("\"'").strip()
    if re.search(r"[$#]\{", text):
        return None
    if _DURATION.fullmatch(text):
        return "timeDuration", text
    if _CYCLE.fullmatch(text):
        return "timeCycle", text
    calendar = cron.normalised(text, sunday=sunday)
    if calendar:
        return "timeCycle", calendar
    if short := _shorthand(text):
        return short
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
    span = re.fullmatch(r"(?:datetime\.)?timedelta\((days|hours|minutes|seconds)\s*=\s*([^,=()]+)\)", text)
    seconds = {"days": 86_400, "hours": 3_600, "minutes": 60, "seconds": 1}
    try:
        # A number of seconds is what the run side takes for a duration.
        read = f"({span[2]}) * {seconds[span[1]]}" if span else text
        after = translate(read, use="value", language=timer.get("language", ""))
        after = tagged.written(after) if span else after
    except UnknownCallError as error:
        event = draft.named(timer)
        if kind(event) not in ("intermediateCatchEvent", "boundaryEvent"):
            _refuse_timer(draft, timer, text, error)
            return
        after = ask_before(draft, event, text, error.called)
    except ExpressionError as error:
        if isinstance(error, PlaceholderError) or (isinstance(error, FreeTextError) and not draft.meant_to_run):
            _timer_without_time(draft, parent_of(timer), timer)
            return
        _refuse_timer(draft, timer, text, error)
        return
    timer.text = None
    timer.set(own("expression"), after)
    draft.executed(timer, "timer", text, text if span else after)


def _refuse_timer(draft: Draft, timer: Element, text: str, error: ExpressionError) -> None:
    draft.note(
        "timer-not-understood",
        "error",
        timer,
        f"The timer of {label(draft.named(timer))!r} says {text!r}, which is no ISO 8601 time. {error.message}",
        "Write a duration such as PT5M, a date such as 2030-01-01T08:00:00Z, a cycle such as R3/PT1H, or cron.",
        before=text,
    )


def _timer_without_time(draft: Draft, definition: Element, timer: Element | None) -> None:
    event = draft.named(definition)
    text = text_of(timer)
    what = f"says {text!r}, which is no time" if text else "has no time"
    if kind(event) == "startEvent" and kind(parent_of(event)) == "process":
        remove(definition)
        draft.note(
            "timer-without-time",
            "warning",
            event,
            f"The timer start {label(event)!r} {what}; the process is started by hand.",
            "Write a cycle such as R/P1D.",
            before=text,
        )
        return
    if timer is None:
        timer = etree.SubElement(definition, tag("timeDate"))
    timer.tag, timer.text = tag("timeDate"), FAR_AWAY
    draft.note(
        "timer-without-time",
        "warning",
        event,
        f"The timer {label(event)!r} {what}; it never fires by itself.",
        "Write a duration such as PT5M, a date or a cycle.",
        before=text,
        after=FAR_AWAY,
    )

"""Normalisation: timers become literal ISO 8601 or an expression that yields it."""

import re
from datetime import UTC, datetime

from lxml import etree

from bpm.engine.bpmn.document import BpmnDocument, Element, kind, label, own, parent_of, remove, tag, text_of
from bpm.engine.bpmn.normalise.content import cycle_ends
from bpm.engine.bpmn.normalise.foreign.external_code import ask_before
from bpm.engine.bpmn.normalise.foreign.vendor_extensions import is_camunda_family, is_jbpm, is_spiff, vendor
from bpm.engine.bpmn.undeclared import written_names
from bpm.engine.expressions import tagged
from bpm.engine.expressions.dialects import FreeTextError, PlaceholderError, translate
from bpm.engine.expressions.functions import UnknownCallError
from bpm.engine.expressions.times import cron, schedules
from bpm.engine.expressions.times.instants import contradicts_its_zone, in_brackets, instant
from bpm.foundation.errors import ExpressionError
from bpm.foundation.texts import _

_LIKE_A_TIME = re.compile(r"[-+]?P[-+\dT].*|[Rr]-?\d*/.*|\d{4}-?\d\d\b.*|.*\[[A-Z]\w*/[\w/+-]+\].*", re.DOTALL)
"""What was meant as ISO 8601, rightly or wrongly: it is never the name of a variable."""


FAR_AWAY = "9999-12-31T00:00:00Z"


def read_timers(document: BpmnDocument) -> None:
    """Timers hold literal ISO 8601, or an expression that yields it."""
    for definition in document.all("timerEventDefinition"):
        timer = next((part for part in definition if kind(part).startswith("time")), None)
        text = text_of(timer)
        if timer is None or not text:
            _timer_without_time(document, definition, timer)
            continue
        for extra in [part for part in definition if kind(part).startswith("time") and part is not timer]:
            remove(extra)
        _read_timer(document, timer, text)


def _read_timer(document: BpmnDocument, timer: Element, text: str) -> None:
    try:
        literal = literal_time(text, sunday=_sunday(document.root))
        if literal is None:
            _refuse_unclear_cron(text)
            _timer_expression(document, timer, text)
            return
        _judge(literal)
    except ExpressionError as error:
        if isinstance(error, FreeTextError) and not document.meant_to_run:
            _timer_without_time(document, parent_of(timer), timer)
        else:
            _refuse_timer(document, timer, text, error)
        return
    _note_contradiction(document, timer, text)
    if kind(timer) == "timeCycle" and literal[0] == "timeDuration":
        literal = _repeated(document, timer, literal[1])
    timer.tag, timer.text = tag(literal[0]), cycle_ends.with_end(document, timer, literal)
    if timer.text != text:
        document.executed(timer, "timer", text, timer.text)


def _repeated(document: BpmnDocument, timer: Element, span: str) -> tuple[str, str]:
    """A span where a cycle is due: jBPM goes on for ever, others do not read it; what can fire once only does so."""
    event = document.named(timer)
    if kind(event) == "intermediateCatchEvent" or (
        kind(event) == "boundaryEvent" and event.get("cancelActivity") != "false"
    ):
        return "timeDuration", span
    if is_jbpm(document.root):
        return "timeCycle", f"R/{span}"
    document.note(
        "cycle-fires-once",
        "warning",
        timer,
        _("The cycle of %(event)r says %(span)r, which is a span and no cycle: it fires once.")
        % {"event": label(event), "span": text_of(timer)},
        _("Write R/%(span)s for a timer that goes on.") % {"span": span},
        before=text_of(timer),
    )
    return "timeDuration", span


def _refuse_unclear_cron(text: str) -> None:
    if cron.is_meant(text):
        raise ExpressionError(f"{text!r} names no instant, or counts weekdays from nobody knows where: write MON-FRI.")


def _judge(literal: tuple[str, str]) -> None:
    """Raise for a literal whose span is outside the calendar, or whose cycle does not move on."""
    if literal[1].startswith(cron.MARK):
        # It has been read, and may name a year.
        return
    # Judged from long ago, so that no end of a cycle has passed.
    now = datetime(1970, 1, 1, tzinfo=UTC)
    wait = schedules.plan(literal[0].removeprefix("time").lower(), literal[1], now=now)
    schedules.following(wait, now=now)


def _note_contradiction(document: BpmnDocument, timer: Element, text: str) -> None:
    """An offset beside a zone that has another one then: the offset settles the instant, as in Java."""
    for part in re.split(r"/(?![^\[]*\])", text):
        if re.fullmatch(r"\d{4}.*\[.*\]", part) and contradicts_its_zone(part):
            document.note(
                "timer-offset-and-zone",
                "warning",
                timer,
                f"The timer of {label(document.named(timer))!r} says {part!r}, but the zone has another offset then: "
                f"the offset counts, which is {instant(part):%Y-%m-%d %H:%M} UTC.",
                "Write the offset or the zone, not both.",
                before=part,
            )


def _sunday(root: Element) -> int | None:
    """The number of Sunday in the cron of the file's dialect: Quartz has 1, Spring 0; None for who knows."""
    if is_camunda_family(root) or any("jboss.org" in space for space in root.nsmap.values()):
        return 1
    return 0 if any("camunda.org/schema/zeebe" in space for space in root.nsmap.values()) else None


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
        once = _short(delay)
        return ("timeCycle", f"R/{every}" if once == every else f"R/{once}/{every}") if every and once else None
    once = _short(delay)
    return ("timeDuration", once) if once else None


def literal_time(text: str, *, sunday: int | None = None) -> tuple[str, str] | None:
    """(timeDate | timeDuration | timeCycle, ISO 8601 or our cron) for a literal, also quoted or in jBPM's short form.

    `sunday` is the number of Sunday in the dialect's cron, None where it is not known. Raises FreeTextError for what
    was meant as ISO 8601 and is none.
    """
    text = re.sub(r"\s*\n\s*", "", _unquoted(text.strip()))
    if re.search(r"[$#]\{", text):
        return None
    if schedules.is_duration(text):
        return "timeDuration", _upper(text)
    if re.match(r"R(?:\d*|-1)/", text, re.IGNORECASE):
        return "timeCycle", _upper(re.sub("^R-1", "R", in_brackets(text), flags=re.IGNORECASE))
    calendar = cron.normalised(text, sunday=sunday)
    if calendar:
        return "timeCycle", calendar
    if short := _shorthand(text):
        return short
    if span := _timedelta(text):
        return "timeDuration", span
    if hour := re.fullmatch(r"T(\d\d):?(\d\d)(?::?(\d\d))?", text):
        # A time of day without a date: when the clock shows it next (ISO 8601-1, 5.3).
        return "timeCycle", f"{cron.MARK}{int(hour[3] or 0)} {int(hour[2])} {int(hour[1])} * * *"
    try:
        return "timeDate", instant(text).isoformat().replace("+00:00", "Z")
    except ExpressionError as error:
        if _LIKE_A_TIME.fullmatch(text):
            raise FreeTextError(error.message) from None
    return None


_DELTA = r"(days|hours|minutes|seconds|weeks)\s*=\s*(\d+(?:\.\d+)?)"


def _timedelta(text: str) -> str | None:
    """Python's `timedelta(hours=1, minutes=30)` as an ISO 8601 duration."""
    if not re.fullmatch(rf"(?:datetime\.)?timedelta\(\s*{_DELTA}(?:\s*,\s*{_DELTA})*\s*\)", text):
        return None
    parts = dict(re.findall(_DELTA, text))
    day, clock = (
        "".join(f"{parts[unit]}{unit[0].upper()}" for unit in units if unit in parts)
        for units in (("weeks", "days"), ("hours", "minutes", "seconds"))
    )
    return f"P{day}" + (f"T{clock}" if clock else "")


def _unquoted(text: str) -> str:
    """A text in quotes without them; one that is put together of several is an expression, and stays."""
    is_quoted = len(text) > 1 and text[0] == text[-1] and text[0] in "\"'" and text[0] not in text[1:-1]
    return text[1:-1].strip() if is_quoted else text


def _upper(text: str) -> str:
    """The letters of ISO 8601 as capitals; a zone's name stays as it is."""
    return re.sub(r"[^\[\]]+(?![^\[]*\])", lambda part: part[0].upper(), text)


def _timer_expression(document: BpmnDocument, timer: Element, text: str) -> None:
    """A timer that is worked out when it is armed; raises ExpressionError for a constant that is no time."""
    span = re.fullmatch(r"(?:datetime\.)?timedelta\((days|hours|minutes|seconds)\s*=\s*([^,=()]+)\)", text)
    seconds = {"days": 86_400, "hours": 3_600, "minutes": 60, "seconds": 1}
    try:
        # A number of seconds is what the run side takes for a duration.
        read = f"({span[2]}) * {seconds[span[1]]}" if span else text
        after = translate(read, use="value", language=timer.get("language", ""))
        after = tagged.written(after) if span else after
        if not span:
            _refuse_constant(document, read, after)
    except UnknownCallError as error:
        event = document.named(timer)
        if kind(event) not in ("intermediateCatchEvent", "boundaryEvent"):
            raise
        after = ask_before(document, event, text, error.called)
    except PlaceholderError:
        _timer_without_time(document, parent_of(timer), timer)
        return
    timer.text = None
    timer.set(own("expression"), after)
    document.executed(timer, "timer", text, text if span else after)
    if kind(timer) == "timeCycle" and (end := vendor(timer, "endDate")):
        cycle_ends.set_end(document, timer, end)


_TWO_INSTANTS = (datetime(2001, 1, 1, tzinfo=UTC), datetime(2002, 2, 2, 2, tzinfo=UTC))
"""What comes to the same at both, and reads no variable, is a constant."""


def _refuse_constant(document: BpmnDocument, code: str, after: str) -> None:
    """Raise for a text without variables that is no time: whoever wrote it meant one."""
    if re.fullmatch(r"[^\W\d]\w*", code) and not is_spiff(document.root) and code not in written_names(document):
        raise FreeTextError(f"{code!r} is a word, not an expression, and nothing in the model writes such a variable.")
    try:
        values = [tagged.evaluate(after, {}, now=instant) for instant in _TWO_INSTANTS]
    except ExpressionError:
        return
    if tagged.parse(after).names or values[0] != values[1]:
        return
    value = values[0]
    if not isinstance(value, str) or literal_time(value) is None:
        raise FreeTextError(f"{value!r} is a constant, and no time.")


def _refuse_timer(document: BpmnDocument, timer: Element, text: str, error: ExpressionError) -> None:
    document.note(
        "timer-not-understood",
        "error",
        timer,
        f"The timer of {label(document.named(timer))!r} says {text!r}, which is no ISO 8601 time. {error.message}",
        "Write a duration such as PT5M, a date such as 2030-01-01T08:00:00Z, a cycle such as R3/PT1H, or cron.",
        before=text,
    )


def _timer_without_time(document: BpmnDocument, definition: Element, timer: Element | None) -> None:
    event = document.named(definition)
    text = text_of(timer)
    what = f"says {text!r}, which is no time" if text else "has no time"
    if kind(event) == "startEvent" and kind(parent_of(event)) == "process":
        remove(definition)
        document.note(
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
    document.note(
        "timer-without-time",
        "warning",
        event,
        f"The timer {label(event)!r} {what}; it never fires by itself.",
        "Write a duration such as PT5M, a date or a cycle.",
        before=text,
        after=FAR_AWAY,
    )

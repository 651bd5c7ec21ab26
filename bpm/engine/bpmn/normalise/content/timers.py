"""Normalisation: timers become literal ISO 8601 or an expression that yields it."""

import re
from datetime import UTC, datetime

from lxml import etree

from bpm.engine.bpmn.document import BpmnDocument, Element, kind, label, own, parent_of, remove, tag, text_of
from bpm.engine.bpmn.normalise.content import cycle_ends
from bpm.engine.bpmn.normalise.content.timer_texts import TimerText, literal_time
from bpm.engine.bpmn.normalise.foreign.external_code import ask_before
from bpm.engine.bpmn.normalise.foreign.vendor_extensions import is_camunda_family, is_jbpm, is_spiff, vendor
from bpm.engine.bpmn.undeclared import written_names
from bpm.engine.expressions import tagged
from bpm.engine.expressions.dialects import FreeTextError, PlaceholderError, translate
from bpm.engine.expressions.functions import UnknownCallError
from bpm.engine.expressions.times import cron, schedules
from bpm.engine.expressions.times.instants import contradicts_its_zone, instant
from bpm.engine.expressions.times.schedules import TimerKind
from bpm.foundation.errors import ExpressionError
from bpm.foundation.texts import _

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
    if kind(timer) == "timeCycle" and literal.which == TimerKind.DURATION:
        literal = _repeated(document, timer, literal.text)
    timer.tag, timer.text = tag(literal.element), cycle_ends.with_end(document, timer, literal)
    if timer.text != text:
        document.executed(timer, "timer", text, timer.text)


def _repeated(document: BpmnDocument, timer: Element, span: str) -> TimerText:
    """A span where a cycle is due: jBPM goes on for ever, others do not read it; what can fire once only does so."""
    event = document.named(timer)
    if kind(event) == "intermediateCatchEvent" or (
        kind(event) == "boundaryEvent" and event.get("cancelActivity") != "false"
    ):
        return TimerText(TimerKind.DURATION, span)
    if is_jbpm(document.root):
        return TimerText(TimerKind.CYCLE, f"R/{span}")
    document.note(
        "cycle-fires-once",
        "warning",
        timer,
        _("The cycle of %(event)r says %(span)r, which is a span and no cycle: it fires once.")
        % {"event": label(event), "span": text_of(timer)},
        _("Write R/%(span)s for a timer that goes on.") % {"span": span},
        before=text_of(timer),
    )
    return TimerText(TimerKind.DURATION, span)


def _refuse_unclear_cron(text: str) -> None:
    if cron.is_meant(text):
        raise ExpressionError(f"{text!r} names no instant, or counts weekdays from nobody knows where: write MON-FRI.")


def _judge(literal: TimerText) -> None:
    """Raise for a literal whose span is outside the calendar, or whose cycle does not move on."""
    if literal.text.startswith(cron.MARK):
        # It has been read, and may name a year.
        return
    # Judged from long ago, so that no end of a cycle has passed.
    now = datetime(1970, 1, 1, tzinfo=UTC)
    wait = schedules.plan(literal.which, literal.text, now=now)
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

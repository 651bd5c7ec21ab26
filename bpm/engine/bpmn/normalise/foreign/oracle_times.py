"""Normalisation: times as Flows for APEX and ProcessMaker write them become those of the standard.

Flows for APEX: `oracleDuration` (years-months, days and time), `oracleDate` with a format mask, `oracleCycle` (first
interval, later ones, at most so many), `&F4A$name.` for a process variable. ProcessMaker: several schedules with bars
between them, `{{name}}` for a variable.
"""

import re
from copy import deepcopy
from datetime import datetime

from lxml import etree

from bpm.engine.bpmn.document import BpmnDocument, Element, kind, tag, text_of
from bpm.engine.bpmn.normalise.foreign.vendor_extensions import extensions, vendor

_MASK = {"YYYY": "%Y", "MON": "%b", "MM": "%m", "DD": "%d", "HH24": "%H", "MI": "%M", "SS": "%S"}
_SPAN = re.compile(r"\s*(?:(\d+)\s+)?(\d+):(\d+)(?::(\d+)(?:\.\d+)?)?\s*")


def write_standard_times(document: BpmnDocument) -> None:
    """Every timer has one time of the standard, also where its engine wrote another."""
    for definition in document.all("timerEventDefinition"):
        _write_defined(definition)
        for part in extensions(definition, "oracleDuration", "oracleDate", "oracleCycle"):
            name, text = _standard(part)
            etree.SubElement(definition, tag(name)).text = text
        for timer in [part for part in definition if kind(part).startswith("time")]:
            if text_of(timer):
                timer.text = _with_variables(text_of(timer))
    for definition in document.all("timerEventDefinition"):
        _split_schedules(definition)


def _write_defined(definition: Element) -> None:
    """The timer of early releases of Flows for APEX: `timerType` and `timerDefinition`, as attributes or elements."""
    said = {text: vendor(definition, text) for text in ("timerType", "timerDefinition")}
    for part in extensions(definition, *said):
        said[str(part.tag).rpartition("}")[2]] = text_of(part)
    name = said["timerType"]
    has_time = any(kind(part).startswith("time") for part in definition)
    if name in ("timeDate", "timeDuration", "timeCycle") and said["timerDefinition"] and not has_time:
        etree.SubElement(definition, tag(name)).text = said["timerDefinition"]


def _standard(part: Element) -> tuple[str, str]:
    """(element, text) of the standard; what cannot be read keeps its text, so that the timer names it."""
    said = {str(inner.tag).rpartition("}")[2]: text_of(inner) for inner in part if isinstance(inner.tag, str)}
    if "startIntervalDS" in said or "repeatIntervalDS" in said:
        first, later = (duration_of("", said.get(name, "")) for name in ("startIntervalDS", "repeatIntervalDS"))
        runs = said.get("maxRuns", "")
        if first and later and (not runs or runs.isdigit()):
            return "timeCycle", f"R{runs}/{first}/{later}"
    elif "date" in said:
        return "timeDate", date_of(said["date"], said.get("formatMask", ""))
    elif span := duration_of(said.get("intervalYM", ""), said.get("intervalDS", "")):
        return "timeDuration", span
    return "timeDuration", " ".join(said.values())


def duration_of(months: str, days: str) -> str:
    """Oracle's intervals `01-06` (years-months) and `001 12:30:00` (days, time) as ISO 8601; "" when they are none."""
    text = "P"
    if found := re.fullmatch(r"\s*(\d+)-(\d+)\s*", months):
        text += f"{int(found[1])}Y{int(found[2])}M"
    if found := _SPAN.fullmatch(days):
        parts = [int(part or 0) for part in found.groups()]
        text += "{}DT{}H{}M{}S".format(*parts)
    elif days.strip() == "0":
        text += "T0S"
    elif re.fullmatch(r"P[\dYMWDTHS.]+", days.strip()):
        text = days.strip()
    return text if text != "P" else ""


def date_of(text: str, mask: str) -> str:
    """A date with Oracle's format mask as ISO 8601; as it is when the mask has more than numbers and months."""
    if text.startswith("&"):
        return text
    zone = re.search(r"\s+(?:TZR|TZH:TZM)\s*$", mask)
    form = re.sub("|".join(_MASK), lambda part: _MASK[part[0]], mask[: zone.start()] if zone else mask)
    plain, _, named = text.strip().rpartition(" ") if zone else (text.strip(), "", "")
    try:
        at = datetime.strptime(plain, form)  # noqa: DTZ007 -- the zone is written behind it
    except ValueError:
        return text
    offset = "Z" if named in ("", "GMT", "UTC", "Z") else named if named[0] in "+-" else f"[{named}]"
    return f"{at.isoformat()}{offset}"


def _with_variables(text: str) -> str:
    text = re.sub(r"&F4A\$(\w+)\.", r"${\1}", text)
    return re.sub(r"\{\{\s*([^\W\d]\w*(?:\.\w+)*)\s*\}\}", r"${\1}", text)


def _split_schedules(definition: Element) -> None:
    """A definition for each of several schedules: whichever comes first begins or goes on."""
    timer = next((part for part in definition if kind(part).startswith("time")), None)
    schedules = [part.strip() for part in text_of(timer).split("|") if part.strip()]
    if timer is None or len(schedules) < 2 or any(part[0] not in "0123456789RP" for part in schedules):
        return
    timer.text = schedules[0]
    at = definition
    for number, text in enumerate(dict.fromkeys(schedules[1:]), start=2):
        twin = deepcopy(definition)
        twin.set("id", f"{definition.get('id', '')}_{number}")
        next(part for part in twin if kind(part).startswith("time")).text = text
        at.addnext(twin)
        at = twin

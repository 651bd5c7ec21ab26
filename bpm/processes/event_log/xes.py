"""The log as XES (IEEE 1849-2016): one trace a case; a visit is its events of the standard's life cycle."""

from collections.abc import Iterator
from datetime import UTC, datetime
from xml.sax.saxutils import quoteattr

from bpm.processes.event_log.visits import Cases, LoggedCase, LoggedItem, LoggedVisit

HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<log xes.version="1849-2016" xes.features="" xmlns="http://www.xes-standard.org/">
<extension name="Concept" prefix="concept" uri="http://www.xes-standard.org/concept.xesext"/>
<extension name="Time" prefix="time" uri="http://www.xes-standard.org/time.xesext"/>
<extension name="Lifecycle" prefix="lifecycle" uri="http://www.xes-standard.org/lifecycle.xesext"/>
<extension name="Organizational" prefix="org" uri="http://www.xes-standard.org/org.xesext"/>
<global scope="trace"><string key="concept:name" value=""/></global>
<global scope="event"><string key="concept:name" value=""/><date key="time:timestamp" value="1970-01-01T00:00:00Z"/>\
<string key="lifecycle:transition" value="complete"/></global>
<classifier name="Activity" keys="concept:name"/>
"""
ENDED_OTHERWISE = {"cancelled": "ate_abort", "failed": "ate_abort", "skipped": "manualskip"}
"""How a visit ended, when it was not completed: transitions of the extension's standard model."""


def as_xes(cases: Cases) -> Iterator[bytes]:
    """Events of a trace stand in the order of time. What was said is an event, too, with the kind of its link."""
    yield HEAD.encode()
    for case in cases():
        yield "".join(_trace(case)).encode()
    yield b"</log>\n"


def _trace(case: LoggedCase) -> Iterator[str]:
    yield "<trace>" + _string("concept:name", case.business_key or str(case.case_id))
    yield _int("earshot:case", case.case_id) + _string("earshot:process", case.process)
    yield _int("earshot:version", case.version) + _string("earshot:status", case.status)
    if case.customers:
        yield _string("earshot:customer", str(case.customers[0]))
    happened = [each for visit in case.visits for each in _of_visit(visit)] + [_of_item(item) for item in case.items]
    for _at, text in sorted(happened, key=lambda each: each[0]):
        yield text
    yield "</trace>\n"


def _of_visit(visit: LoggedVisit) -> Iterator[tuple[datetime, str]]:
    about = _string("org:group", visit.group) if visit.group else ""
    about += _string("earshot:element", visit.element) + _string("earshot:type", visit.type)
    yield _event(visit.activity, visit.opened_at, "schedule" if visit.claimed_at else "start", about)
    if visit.claimed_at:
        yield _event(visit.activity, visit.claimed_at, "start", about)
    if visit.closed_at:
        yield _event(visit.activity, visit.closed_at, ENDED_OTHERWISE.get(visit.status, "complete"), about)


def _of_item(item: LoggedItem) -> tuple[datetime, str]:
    about = _int("earshot:item", item.item_id) + _string("earshot:channel", item.channel)
    about += _string("earshot:element", item.element) + _string("earshot:link", item.method)
    about += _float("earshot:confidence", item.confidence) + _string("earshot:kind", item.kind)
    if item.sentiment is not None:
        about += _float("earshot:sentiment", item.sentiment)
    if item.said_at is None:
        about += _string("earshot:date", "unknown")
    return _event("Customer said", item.said_at or item.received_at, "complete", about)


def _event(name: str, at: datetime, transition: str, about: str) -> tuple[datetime, str]:
    what = _string("concept:name", name) + _string("lifecycle:transition", transition)
    return at, f'<event>{what}<date key="time:timestamp" value="{instant(at)}"/>{about}</event>'


def instant(at: datetime) -> str:
    """As both standards write it: ISO 8601 in UTC."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _string(key: str, value: str) -> str:
    return f"<string key={quoteattr(key)} value={quoteattr(_printable(value), {chr(10): '&#10;'})}/>"


def _int(key: str, value: int) -> str:
    return f'<int key="{key}" value="{value}"/>'


def _float(key: str, value: float) -> str:
    return f'<float key="{key}" value="{value}"/>'


def _printable(text: str) -> str:
    """Without what XML 1.0 cannot hold (2.2, Char)."""
    return "".join(sign for sign in text if sign >= " " or sign in "\t\n\r").replace("￾", "").replace("￿", "")

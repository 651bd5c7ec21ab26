"""The log as OCEL 2.0 in JSON (ocel-standard.org, version 2.0): cases, customers and items are objects of their own.

What a customer said points at them with what its link is: opened by it, recorded, said by a person, suggested.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

import orjson

from bpm.processes.event_log.visits import Cases, LoggedCase, LoggedItem, LoggedVisit
from bpm.processes.event_log.xes import instant

SAID = "customer said"
_OF_VISIT = {"element": "string", "type": "string", "group": "string", "status": "string", "opened": "time",
             "claimed": "time"}  # fmt: skip
_OF_ITEM = {"channel": "string", "kind": "string", "sentiment": "float", "date": "string"}
OBJECT_TYPES: Mapping[str, Mapping[str, str]] = {
    "case": {"business key": "string", "process": "string", "version": "integer", "status": "string"},
    "customer": {},
    "item": {"channel": "string"},
}


def as_ocel(cases: Cases) -> Iterator[bytes]:
    """The log is read once for its types, once for its objects and once for its events."""
    activities = sorted({visit.activity for case in cases() for visit in case.visits})
    types = [_type(name, _OF_VISIT) for name in activities] + [_type(SAID, _OF_ITEM)]
    yield b'{"objectTypes":' + orjson.dumps([_type(*each) for each in OBJECT_TYPES.items()])
    yield b',\n"eventTypes":' + orjson.dumps(types)
    yield b',\n"objects":['
    yield from _listed(_once(_objects(cases())))
    yield b'],\n"events":['
    yield from _listed(event for case in cases() for event in _events(case))
    yield b"]}\n"


def _type(name: str, attributes: Mapping[str, str]) -> dict[str, Any]:
    return {"name": name, "attributes": [{"name": each, "type": kind} for each, kind in attributes.items()]}


def _listed(values: Iterator[dict[str, Any]]) -> Iterator[bytes]:
    for number, value in enumerate(values):
        yield (b",\n" if number else b"\n") + orjson.dumps(value)


def _once(objects: Iterator[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Customers and items may be in several cases; their ids alone are held."""
    known: set[str] = set()
    for each in objects:
        if each["id"] not in known:
            known.add(each["id"])
            yield each


def _objects(cases: Iterable[LoggedCase]) -> Iterator[dict[str, Any]]:
    for case in cases:
        about = {"business key": case.business_key, "process": case.process, "version": case.version,
                 "status": case.status}  # fmt: skip
        related = [{"objectId": f"customer-{each}", "qualifier": "customer"} for each in case.customers]
        yield _object(_case(case), "case", about, case.started_at, related)
        for item in case.items:
            told = [{"objectId": _case(case), "qualifier": item.method}]
            if item.customer_id is not None:
                yield _object(f"customer-{item.customer_id}", "customer", {}, case.started_at, [])
                told.append({"objectId": f"customer-{item.customer_id}", "qualifier": "said by"})
            yield _object(_item(item), "item", {"channel": item.channel}, item.received_at, told)


def _object(
    id_: str, kind: str, about: Mapping[str, Any], at: datetime, related: list[dict[str, str]]
) -> dict[str, Any]:
    attributes = [{"name": name, "value": value, "time": instant(at)} for name, value in about.items()]
    return {"id": id_, "type": kind, "attributes": attributes, "relationships": related}


def _events(case: LoggedCase) -> Iterator[dict[str, Any]]:
    for number, visit in enumerate(case.visits):
        yield _event(f"{_case(case)}-{number}", visit.activity, visit.closed_at or visit.opened_at, _of_visit(visit), [
            {"objectId": _case(case), "qualifier": "case"},
            *({"objectId": f"customer-{each}", "qualifier": "customer"} for each in case.customers),
        ])  # fmt: skip
    for item in case.items:
        about = {"channel": item.channel, "kind": item.kind, "sentiment": item.sentiment,
                 "date": None if item.said_at else "unknown"}  # fmt: skip
        yield _event(f"{_case(case)}-{_item(item)}", SAID, item.said_at or item.received_at, about, [
            {"objectId": _item(item), "qualifier": "item"},
            {"objectId": _case(case), "qualifier": item.method},
            *([{"objectId": f"customer-{item.customer_id}", "qualifier": "said by"}] if item.customer_id else []),
        ])  # fmt: skip


def _of_visit(visit: LoggedVisit) -> dict[str, Any]:
    return {
        "element": visit.element, "type": visit.type, "group": visit.group, "status": visit.status,
        "opened": instant(visit.opened_at), "claimed": instant(visit.claimed_at) if visit.claimed_at else None,
    }  # fmt: skip


def _event(
    id_: str, kind: str, at: datetime, about: Mapping[str, Any], related: list[dict[str, str]]
) -> dict[str, Any]:
    attributes = [{"name": name, "value": value} for name, value in about.items() if value is not None]
    return {"id": id_, "type": kind, "time": instant(at), "attributes": attributes, "relationships": related}


def _case(case: LoggedCase) -> str:
    return f"case-{case.case_id}"


def _item(item: LoggedItem) -> str:
    return f"item-{item.item_id}"

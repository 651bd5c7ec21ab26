"""The filters of the list of cases: read from the address, and offered with the values that occur."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from flask import request

from bpm.engine import queries
from bpm.engine.queries import CaseCounts, CaseFilter
from bpm.engine.status import RUNNING, InstanceStatus
from bpm.foundation.texts import _
from bpm.foundation.work import Work
from bpm.processes.customers_cases import cases_of_customer
from web.core.numbers import key_of
from web.core.rendering import Choice, here
from web.ui.case_words import case_state
from web.ui.days import written_day

STATES: Mapping[str, tuple[InstanceStatus, ...]] = {
    "running": tuple(sorted(RUNNING)),
    **{status.value: (status,) for status in InstanceStatus},
}
"""Name in the address -> the states that it means. `active` moves; `running` is all that has not ended."""
FAILING, STALLED = "failing", "stalled"
LABELS: Mapping[str, str] = {
    "": _("All"),
    "running": _("not ended"),
    FAILING: _("has a failure"),
    STALLED: _("stands still"),
}
TEXTS = ("q", "key", "customer", "variable", "value", "from", "to", "ended_from", "ended_to", "element", "status", "of")
"""Names of the filters in the address, beside `process`."""
MOST_PROCESSES = 12
LONGEST = 200


@dataclass(frozen=True)
class Asked:
    """What the address asks for, as it was written, and what it means."""

    texts: Mapping[str, str]
    process: str
    wanted: CaseFilter

    @property
    def is_private(self) -> bool:
        """Whether it looks for a person or a value: such a search goes on the audit trail."""
        return any(self.texts[name] for name in ("q", "key", "customer", "value"))


def asked(unit: Work, process: str = "", *, sees_customers: bool) -> Asked:
    """The filters of this request; InvalidInputError names the one that cannot be read."""
    texts = {name: request.args.get(name, "").replace("\0", "").strip()[:LONGEST] for name in TEXTS}
    process = process or request.args.get("process", "").replace("\0", "")[:LONGEST]
    status = texts["status"]
    until, ended_until = written_day(texts["to"]), written_day(texts["ended_to"])
    wanted = CaseFilter(
        process=process,
        number=key_of(texts["of"]) if process else None,
        statuses=STATES.get(status, tuple(sorted(RUNNING)) if status == FAILING else ()),
        key=texts["key"],
        element=texts["element"],
        failing=status == FAILING,
        variable=texts["variable"],
        value=texts["value"],
        started_from=written_day(texts["from"]),
        started_before=until + timedelta(days=1) if until else None,
        ended_from=written_day(texts["ended_from"]),
        ended_before=ended_until + timedelta(days=1) if ended_until else None,
        ids=_ids(unit, texts, sees_customers=sees_customers),
        words=texts["q"],
    )
    return Asked(texts, process, wanted)


def _ids(unit: Work, texts: Mapping[str, str], *, sees_customers: bool) -> tuple[int, ...] | None:
    found: set[int] | None = None
    if texts["customer"]:
        customer = key_of(texts["customer"]) if sees_customers else None
        found = set(cases_of_customer(unit, customer)) if customer is not None else set()
    if texts["status"] == STALLED:
        still = {each.instance_id for each in queries.list_stalled(unit)}
        found = still if found is None else found & still
    return None if found is None else tuple(sorted(found))


def states(counted: CaseCounts, given: Asked) -> tuple[Choice, ...]:
    """The states with how many cases of the chosen process and version are in each."""
    counts: Counter[str] = Counter()
    for row in counted.rows:
        if _fits(row.key, row.number, given):
            counts[row.status] += row.count
    chosen = given.texts["status"]
    of_each = [status.value for status in InstanceStatus if counts[status] or status == chosen]
    several = sum(1 for status in RUNNING if counts[status]) > 1 or chosen == "running"
    names = ("", *(("running",) if several else ()), *of_each)
    numbers = {"": sum(counts.values()), "running": sum(counts[status] for status in RUNNING), **counts}
    return tuple(
        Choice(LABELS.get(name) or case_state(name), here(status=name or None), name == chosen, numbers.get(name))
        for name in (*names, FAILING, STALLED)
    )


def _fits(key: str, number: int, given: Asked) -> bool:
    """A process that stands in another's file is not told apart in the counts: then all of the file are counted."""
    return not given.process or (key == given.process and given.wanted.number in (None, number))


def processes(counted: CaseCounts, given: Asked) -> tuple[Choice, ...]:
    """The processes that have cases in the chosen states, most first."""
    counts: Counter[tuple[str, str]] = Counter()
    for row in counted.rows:
        if not given.wanted.statuses or row.status in given.wanted.statuses:
            counts[row.key, row.name] += row.count
    shown = [
        Choice(name, here(process=key, of=None, element=None), key == given.process, count)
        for (key, name), count in counts.most_common(MOST_PROCESSES)
    ]
    return (Choice(_("All"), here(process=None, of=None, element=None), not given.process), *shown)


def versions(counted: CaseCounts, given: Asked) -> tuple[Choice, ...]:
    """The versions of the chosen process that have cases in the chosen states."""
    if not given.process:
        return ()
    counts: Counter[int] = Counter()
    for row in counted.rows:
        if row.key == given.process and (not given.wanted.statuses or row.status in given.wanted.statuses):
            counts[row.number] += row.count
    chosen = given.wanted.number
    numbers = sorted({*counts, *([chosen] if chosen is not None else [])}, reverse=True)
    every = Choice(_("All"), here(of=None), chosen is None)
    return (every, *(Choice(str(each), here(of=each), each == chosen, counts[each]) for each in numbers))


def elements(unit: Work, given: Asked) -> tuple[Choice, ...]:
    """The steps of the chosen process at which cases stand."""
    if not given.process:
        return ()
    chosen = given.texts["element"]
    standing = queries.count_standing(unit, given.process, given.wanted.number)
    if not standing and not chosen:
        return ()
    if chosen and chosen not in [element for element, _name, _count in standing]:
        standing = [*standing, (chosen, chosen, 0)]
    every = Choice(_("Anywhere"), here(element=None), not chosen)
    return (every, *(Choice(name, here(element=each), each == chosen, count) for each, name, count in standing))

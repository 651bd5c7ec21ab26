"""What happened in one version over one period; each kind of row is read at most once, whichever measures ask."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import TypeVar

from bpm.engine import queries as engine_queries
from bpm.engine.queries import VisitRow
from bpm.feedback import queries as feedback_queries
from bpm.foundation.work import Work
from bpm.processes.attribution import HALTS, JOBS
from bpm.processes.measures.observed import links, rows
from bpm.processes.measures.observed.links import Link
from bpm.processes.measures.observed.rows import Case, Due, Said
from bpm.processes.measures.process_of_a_file import Part

Read = TypeVar("Read")
WORKED_AT = frozenset({*HALTS, *JOBS})
"""Types of elements at which somebody or something does work."""


@dataclass(frozen=True)
class Only:
    """Some cases and items of a day, by their ids in order."""

    cases: tuple[int, ...]
    items: tuple[int, ...]
    """Ids of versions of items."""


@dataclass(frozen=True)
class Facts:
    """What happened between two instants, [since, until): items by when they were said, cases by when they began."""

    work: Work
    part: Part
    since: datetime
    until: datetime
    key: str = ""
    """Of the process; empty where only what its version says is asked for."""
    only: Only | None = None
    """Nothing but what is about these."""

    @cached_property
    def lanes(self) -> Mapping[str, str]:
        """{element: its lane}"""
        return {str(each["id"]): str(each.get("lane") or "") for each in self.part.elements if _visited(each["type"])}

    @cached_property
    def groups(self) -> Mapping[str, str]:
        return rows.groups_of_elements(self.work, self.part.version_id)

    @cached_property
    def visits(self) -> Sequence[VisitRow]:
        """Those that began in the period, in the process's own elements."""
        if self.only is None:
            found = engine_queries.activity_visits(self.work, [self.part.version_id], self.since, self.until)
        else:
            found = [row for row in self._visits_of(self.only.cases) if self.since <= row.opened_at < self.until]
        return [row for row in found if row.element in self.lanes and row.version_id == self.part.version_id]

    def _visits_of(self, cases: Sequence[int]) -> Iterator[VisitRow]:
        for some in links.some_of(cases):
            yield from engine_queries.visits_of_instances(self.work, some)

    def _of_items(self, read: Callable[..., list[Read]]) -> list[Read]:
        """Rows of the period, or of some items in it."""
        about = (self.work, self.part, self.since, self.until)
        if self.only is None:
            return read(*about)
        return [row for some in links.some_of(self.only.items) for row in read(*about, some)]

    @cached_property
    def links(self) -> Sequence[Link]:
        """Of items said in the period; those of unknown date are counted apart and in none of the figures."""
        return self._of_items(links.links)

    @cached_property
    def answered(self) -> Mapping[int, datetime]:
        """{id of an item's newest version: when a person first answered it}, of the items said in the period."""
        return feedback_queries.first_human_answer_times(self.work, [link.row_id for link in self.links])

    @cached_property
    def decided(self) -> Mapping[int, datetime]:
        return rows.decided_at(self.work, (link.row_id for link in self.links))

    @cached_property
    def cases(self) -> Sequence[Case]:
        if self.only is None:
            return rows.cases(self.work, self.part, self.since, self.until)
        about = (self.work, self.part, self.since, self.until)
        return [case for some in links.some_of(self.only.cases) for case in rows.cases(*about, some)]

    @cached_property
    def case_visits(self) -> Mapping[int, Sequence[VisitRow]]:
        """{case: its visits in order}, of the cases that began in the period."""
        found: dict[int, list[VisitRow]] = defaultdict(list)
        for row in self._visits_of([case.id for case in self.cases]):
            if row.element in self.lanes:
                found[row.instance_id].append(row)
        return found

    @cached_property
    def case_links(self) -> Mapping[int, Sequence[Link]]:
        """{case: its links, whenever said}, of the cases that began in the period."""
        found: dict[int, list[Link]] = defaultdict(list)
        for link in links.links_of_cases(self.work, self.part, [case.id for case in self.cases]):
            found[link.case_id or 0].append(link)
        return found

    @cached_property
    def customers(self) -> Mapping[int, int]:
        """{case: its customer}, of the cases that began in the period and whose customer is known."""
        return links.customers_of_cases(link for some in self.case_links.values() for link in some)

    @cached_property
    def said_by_customers(self) -> Mapping[int, Sequence[Said]]:
        """{customer: all they ever said}, of those of the cases and of those who said something in the period."""
        known = {link.customer_id for link in self.links if link.customer_id is not None}
        return rows.said_by(self.work, known | set(self.customers.values()))

    @cached_property
    def failed(self) -> set[int]:
        return rows.failed_cases(self.work, (case.id for case in self.cases))

    @cached_property
    def promises(self) -> Sequence[Due]:
        return self._of_items(rows.promises)

    @cached_property
    def escapes(self) -> Sequence[tuple[str, int, str, datetime]]:
        return self._of_items(rows.escapes)

    @cached_property
    def invitations(self) -> Sequence[tuple[int, str, datetime, bool, int | None]]:
        return rows.invitations(self.work, self.part, self.since, self.until)

    @cached_property
    def rules(self) -> Mapping[int, tuple[str, ...]]:
        """{case: rules of decision tables that fired in it, as “table: rule 2”}, of cases that began in the period."""
        return rows.fired_rules(self.work, [case.id for case in self.cases])

    def variable(self, case_id: int | None, name: str) -> str:
        """What the case's variable is, as a group; empty: it has none, or a list or a table."""
        value = self._variables.get(case_id or 0, {}).get(name)
        return "" if value is None or isinstance(value, dict | list) else str(value)[:80]

    @cached_property
    def _variables(self) -> Mapping[int, Mapping[str, object]]:
        return {case.id: case.variables for case in self.cases}


def _visited(kind: str) -> bool:
    return kind not in ("sequenceFlow", "lane", "laneSet", "participant", "process", "collaboration", "messageFlow")

"""Measures of a process with everything that a reader needs beside them: coverage, undated items, behaviour."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any

from bpm.engine import queries as engine_queries
from bpm.feedback import CHANNELS
from bpm.foundation.work import Work
from bpm.processes.measures.asking import BEGINNING, Question, Row, answers, facts_of, find_version
from bpm.processes.measures.catalogue import MEASURES, Measure
from bpm.processes.measures.listening import ChannelCoverage, coverage
from bpm.processes.measures.observed.silence import behaviour
from bpm.processes.measures.undated import count_undated
from bpm.statistics import Share, share


@dataclass(frozen=True)
class Measured:
    """Rows of each measure, and what they do not say."""

    name: str
    """Of the process."""
    version: int | None
    """None: each row names its own."""
    rows: Mapping[str, list[Row]]
    undated: int
    """Items that came in during the period and nobody knows when they were said; in no figure."""
    coverage: tuple[ChannelCoverage, ...]
    behaviour: Mapping[str, Share]
    """What customers of bad cases did, a voice of its own kind; empty unless `silent_share` is asked for."""


def measured(work: Work, question: Question, measures: tuple[str, ...]) -> Measured:
    """The measures of a question, with its coverage card. Errors as of `asking.ask`."""
    rows = answers(work, question, measures)
    since, until = question.since or BEGINNING, question.until or work.now() + timedelta(days=1)
    each = question.by == "version" and question.version is None
    version = None if each else find_version(work, question.process, question.version)
    did: Mapping[str, tuple[int, int]] = {}
    if "silent_share" in measures and version is not None:
        did = behaviour(facts_of(work, question, version))
    return Measured(
        name=engine_queries.get_definition(work, question.process).name,
        version=version.number if version else None,
        rows=rows,
        undated=count_undated(work, since=since, until=until),
        coverage=tuple(coverage(work, CHANNELS, since=since, until=until)),
        behaviour={name: share(*counts) for name, counts in did.items()},
    )


def measured_as_plain(found: Measured, question: Question) -> dict[str, Any]:
    """As commands and programs are told it."""
    return {
        "process": question.process,
        "name": found.name,
        "by": question.by,
        "version": found.version,
        "from": question.since.date().isoformat() if question.since else None,
        "to": (question.until - timedelta(days=1)).date().isoformat() if question.until else None,
        "kinds_that_count": list(question.kinds),
        "undated": found.undated,
        "coverage": [_coverage(each) for each in found.coverage],
        "behaviour": {
            name: {"value": each.value if each.shown else None, "n": each.n, "interval": [each.low, each.high],
                   "shown": each.shown}
            for name, each in found.behaviour.items()
        },
        "measures": [_measure(MEASURES[name], rows) for name, rows in found.rows.items()],
    }  # fmt: skip


def _measure(chosen: Measure, rows: list[Row]) -> dict[str, Any]:
    return {
        "name": chosen.name,
        "title": chosen.title,
        "unit": chosen.unit,
        "better": chosen.better,
        "kind": chosen.kind,
        "definition": chosen.definition,
        "definition_version": chosen.version,
        "purpose": chosen.purpose,
        "evidence": chosen.evidence,
        "owner": chosen.owner,
        "rows": [asdict(row) for row in rows],
    }


def _coverage(row: ChannelCoverage) -> dict[str, Any]:
    last = row.last_received_at
    return asdict(row) | {"last_received_at": last.isoformat() if last else None}

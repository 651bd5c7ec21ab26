"""Measures of a process with everything that a reader needs beside them: coverage, undated items, behaviour."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from bpm.engine import queries as engine_queries
from bpm.feedback import CHANNELS
from bpm.foundation.work import Work
from bpm.processes.measures.asking import BEGINNING, Question, Row, answers, facts_of, find_version
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

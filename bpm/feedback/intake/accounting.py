"""Accounts for every row of an import: new, changed, left out with its reason, failed with its reason, warned of."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import orjson

from bpm.feedback.bulk import put_all
from bpm.feedback.channels import Row
from bpm.feedback.intake.normalise import what_was_cut
from bpm.feedback.intake.receive import KNOWN, Received
from bpm.feedback.models import ImportRowError, ImportRun
from bpm.feedback.privacy.mask import mask
from bpm.feedback.status import NOT_IN, RowErrorKind
from bpm.foundation.work import Work

RAW_KEPT = 1_000
"""Rows that did not come in are all named; so many of a run are kept with their beginning, too."""

MOST_KNOWN = 1_000
"""Rows known already that are named; the others are counted."""

MOST_WARNED = 1_000
"""Rows with warnings that are named; the others are counted."""


@dataclass(frozen=True)
class _Told:
    """What a person is told of one row."""

    kind: RowErrorKind
    row: Row
    why: str


def account(work: Work, run: ImportRun, start: int, rows: Sequence[Row], received: Sequence[Received]) -> None:
    """Count a batch on its run and name every row that did not come in as it was.

    `received` tells what became of the items among `rows`, in order; `start` is the first row's place, from 0.
    """
    outcomes = [each.outcome for each in received]
    rows = _with_warnings(rows, received)
    told = [*_not_items(run, start, rows), *_skipped(run, rows, received), *_warned(run, rows)]
    _keep(work, run, sorted(told, key=lambda each: each.row.number))
    run.new += outcomes.count("new")
    run.changed += outcomes.count("changed")
    run.skipped += outcomes.count("skipped") + sum(1 for row in rows if row.ignored)
    run.known += sum(each.outcome == "skipped" and each.why == KNOWN for each in received)
    run.warned += sum(1 for row in rows if row.item is not None and _warnings(row))
    run.failed += sum(each.kind in NOT_IN for each in told)


def _with_warnings(rows: Sequence[Row], received: Sequence[Received]) -> list[Row]:
    """The rows with what turned out to be odd when their items were kept."""
    outcomes = iter(received)
    found = []
    for row in rows:
        odd = next(outcomes).warning if is_item(row) else ""
        found.append(replace(row, warnings=(*row.warnings, odd)) if odd else row)
    return found


def is_item(row: Row) -> bool:
    """Whether a row is to be taken in; one that is left out may hold what it would be."""
    return row.item is not None and not row.ignored


def _not_items(run: ImportRun, start: int, rows: Sequence[Row]) -> Iterator[_Told]:
    for place, row in enumerate(rows, start):
        if row.ignored:
            yield _Told(RowErrorKind.IGNORED, row, row.ignored)
        elif row.item is None:
            kind = RowErrorKind.SET_ASIDE if str(place) in run.set_aside else RowErrorKind.FAILED
            yield _Told(kind, row, row.reason)


def _skipped(run: ImportRun, rows: Sequence[Row], received: Sequence[Received]) -> Iterator[_Told]:
    """What was there before: the first ones of what is known already, all that is in the file twice."""
    room = MOST_KNOWN - run.known
    for row, each in zip(filter(is_item, rows), received, strict=True):
        if each.outcome != "skipped":
            continue
        room -= each.why == KNOWN
        if each.why != KNOWN or room >= 0:
            yield _Told(RowErrorKind.IGNORED, replace(row, item=None), each.why)


def _warned(run: ImportRun, rows: Sequence[Row]) -> Iterator[_Told]:
    room = MOST_WARNED - run.warned
    for row in filter(is_item, rows):
        warnings = _warnings(row)
        room -= bool(warnings)
        if room < 0:
            return
        for warning in warnings:
            yield _Told(RowErrorKind.CUT, row, warning)


def _warnings(row: Row) -> list[str]:
    cut = what_was_cut(row.item) if row.item is not None else ""
    return [*row.warnings, *([cut] if cut else [])]


def _keep(work: Work, run: ImportRun, told: Sequence[_Told]) -> None:
    room = max(0, RAW_KEPT - run.failed - (run.skipped - run.known))
    kept = [
        {
            "run_id": run.id,
            "row": each.row.number,
            "kind": each.kind,
            "reason": each.why[:1000],
            "raw": beginning_of(each.row) if number < room else "",
            "item": _item(each) if number < room else None,
        }
        for number, each in enumerate(told)
    ]
    put_all(work, ImportRowError, kept)


def beginning_of(row: Row) -> str:
    """How a row begins, as it is kept."""
    return mask(row.raw[:500]).text


def _item(told: _Told) -> dict[str, Any] | None:
    """What a left out row says, for a person who takes it in all the same; its raw record is in the file."""
    if told.kind != RowErrorKind.IGNORED or told.row.item is None:
        return None
    found: dict[str, Any] = orjson.loads(orjson.dumps(asdict(replace(told.row.item, raw={}))))
    return found

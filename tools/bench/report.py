"""Figures as people read them: what each means, the machine they were measured on, and the page that keeps them."""

import os
import platform
import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from bpm.foundation.errors import InvalidInputError
from tools.bench.load import Findings

MEANINGS = {
    "p1_start_ms": "start an instance of P1, over HTTP, committed (median)",
    "p1_step_ms": "complete one work item of P1, over HTTP, committed (median)",
    "naive_step_ms": "the same step in plain SpiffWorkflow with SQLite, without HTTP (median)",
    "step_over_naive": "the one over the other",
    "p2_step_10_ms": "complete round 10 of a loop",
    "p2_step_100_ms": "round 100",
    "p2_step_400_ms": "round 400",
    "p2_step_1000_ms": "round 1,000",
    "p2_growth": "round 1,000 over round 10",
    "naive_p2_step_10_ms": "round 10 in plain SpiffWorkflow",
    "naive_p2_step_100_ms": "round 100 in plain SpiffWorkflow",
    "naive_p2_step_400_ms": "round 400 in plain SpiffWorkflow",
    "p2_rounds": "rounds after which the loop ended, and rightly",
    "sql_per_start": "SQL statements of a start (most)",
    "sql_per_step": "SQL statements of a step (most)",
    "bytes_per_instance": "bytes that the database keeps of a finished P1 instance",
    "list_1000_ms": "page with 50 of 1,000 open work items",
    "list_10000_ms": "50 of 10,000",
    "list_100000_ms": "50 of 100,000",
    "list_growth": "the longest over the shortest",
    "classify_per_s": "short texts classified in a second",
    "classify_share": "the same over bare nlp.pipe on the same pipeline",
}

Figures = Mapping[str, Mapping[str, float]]
"""{database, or "classifier": {figure: value}}"""


def table(figures: Figures) -> list[str]:
    """Lines of a Markdown table: one row a figure, one column a database."""
    columns = list(figures)
    lines = [f"| figure | {' | '.join(columns)} | |", "|---" * (len(columns) + 2) + "|"]
    for name, meaning in MEANINGS.items():
        values = [figures[column].get(name) for column in columns]
        if any(value is not None for value in values):
            lines.append(f"| `{name}` | {' | '.join(map(_said, values))} | {meaning} |")
    return lines


def cost_table(figures: Figures) -> list[str]:
    """Lines of a Markdown table: one row a kind of request and database, one column each thing it takes."""
    lines = ["| request | database | processor ms | SQL statements | transactions | bytes |", "|---" * 6 + "|"]
    suffix = "_cpu_ms"
    for name in [key.removesuffix(suffix) for key in next(iter(figures.values())) if key.endswith(suffix)]:
        for database, found in figures.items():
            taken = [found[f"{name}_{what}"] for what in ("cpu_ms", "statements", "transactions", "bytes")]
            lines.append(f"| {name.replace('_', ' ')} | {database} | {' | '.join(map(_said, taken))} |")
    return lines


def load_table(found: Findings) -> list[str]:
    """Lines of a Markdown table: what was asked for, what was answered."""
    rows = [
        f"| {each.name} | {each.wanted:.0f}/s | {each.rate:.1f}/s | {each.p50:.0f} ms | {each.p95:.0f} ms "
        f"| {each.limit:.0f} ms | {each.failed} | {each.most:.0f}/s |"
        for each in found.readings
    ]
    drained = (
        f"Jobs: {found.jobs_per_s:.0f}/s. Burst: {found.burst_s:.0f} s, {found.burst_started:,} cases started. "
        f"Memory at most: web {_megabytes(found.web_mb)}, workers {_megabytes(found.worker_mb)}."
    )
    return ["| what | asked | answered | p50 | p95 | limit | failed | at most |", "|---" * 8 + "|", *rows, "", drained]


def machine() -> str:
    """The machine in one sentence, and the day."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (
        f"{os.cpu_count()} cores {platform.machine()}{_model()}, {memory:.0f} GB, {platform.system()} "
        f"{platform.release().split('-')[0]}, Python {platform.python_version()}, "
        f"{date.today():%B %Y}, load {os.getloadavg()[0]:.1f} when it began."  # noqa: DTZ011 (the local day)
    )


def _model() -> str:
    cpus = Path("/proc/cpuinfo")
    found = re.search(r"model name\s*: (.+)", cpus.read_text()) if cpus.exists() else None
    return f" ({found.group(1).strip()})" if found else ""


def write(path: Path, part: str, lines: list[str]) -> None:
    """Replace what stands in the file between `<!-- part -->` and `<!-- /part -->`; InvalidInputError without them."""
    begin, end = f"<!-- {part} -->", f"<!-- /{part} -->"
    before, found, rest = path.read_text().partition(begin)
    _old, closed, after = rest.partition(end)
    if not (found and closed):
        raise InvalidInputError(f"{path} has no place for it.", remedy=f"Write {begin} and {end} where it belongs.")
    path.write_text("\n".join([before + begin, *lines, end]) + after)


def _said(value: Any) -> str:
    if value is None:
        return ""
    return f"{value:,.0f}" if float(value).is_integer() or value >= 1000 else f"{value:,.2f}"


def _megabytes(values: tuple[float, ...]) -> str:
    return ", ".join(f"{value:.0f}" for value in values) + " MB"

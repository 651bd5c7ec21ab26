"""The cases behind a look, and a page on which equal versions are compared."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bpm.foundation.texts import _
from bpm.processes.verdicts import SelfTest
from web.ui.fields import Field
from web.verdicts.form import MEASURE_OPTIONS


@dataclass(frozen=True)
class CasesPage:
    """What verdicts/cases.html shows."""

    plan_id: int
    arm: str
    rows: tuple[tuple[int, str | None, datetime, datetime | None], ...]
    cut: bool


@dataclass(frozen=True)
class SelfTestPage:
    """What verdicts/self_test.html shows."""

    fields: tuple[Field, ...]
    version: int | None
    found: SelfTest | None
    problem: str
    back_url: str


def self_test_fields(processes: Sequence[tuple[str, str]], asked: Mapping[str, str]) -> tuple[Field, ...]:
    """Which process, by which measure."""
    return (
        Field("process", _("Process"), "select", required=True, options=processes).with_value(asked.get("process", "")),
        Field("measure", _("Measure"), "select", required=True, options=MEASURE_OPTIONS)
        .with_value(asked.get("measure", "")),
    )  # fmt: skip

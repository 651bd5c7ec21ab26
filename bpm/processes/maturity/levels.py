"""The path from initiatives to customer experience of the whole company, as data; a level holds when its checks pass.

The five levels are those of the seed (Mitch Lieberman). A level is reached when its own checks and those of every level
below pass: nobody sets it, and it falls when the evidence goes.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from bpm.foundation.texts import _
from bpm.foundation.work import Work
from bpm.processes.maturity.evidence import FIGURES


@dataclass(frozen=True)
class Check:
    """`figure` is at least `least` (at most `most`, where that is said); `page` is the endpoint that shows why."""

    figure: str
    words: str
    page: str
    least: float = 0.0
    most: float | None = None
    is_share: bool = False

    def passes(self, value: float) -> bool:
        return value >= self.least and (self.most is None or value <= self.most)


@dataclass(frozen=True)
class Level:
    """`number` from 1."""

    number: int
    name: str
    means: str
    checks: tuple[Check, ...]


LEVELS = (
    Level(1, _("Initiatives"), _("Somebody listens and answers."), (
        Check("heard", _("Feedback came in within 30 days"), "inbox.items", least=10),
        Check("answered", _("A person answered within 30 days"), "outbox.messages", least=1),
    )),
    Level(2, _("Programs"), _("Listening is planned, over several channels."), (
        Check("channels", _("Channels heard within 30 days"), "insights.overview", least=3),
        Check("followed", _("Followed up, of what was heard within 30 days"), "insights.overview", least=0.5,
              is_share=True),
        Check("targets", _("Answer targets are set"), "admin.answer_targets", least=1),
    )),
    Level(3, _("Social CRM"), _("Customers are known over channels, and hear what became of their words."), (
        Check("known_on_two", _("Customers known on two channels"), "customers.customers", least=10),
        Check("consents", _("Consents that stand"), "customers.customers", least=1),
        Check("told", _("Themes of which customers were told what became"), "themes.listing", least=1),
    )),
    Level(4, _("CRM"), _("Feedback starts and changes processes that are owned together."), (
        Check("live", _("Live processes"), "designer.processes", least=2),
        Check("fired", _("Feedback that started or reached a case within 30 days"), "designer.processes", least=10),
        Check("owned", _("Live processes owned by two functions, with a customers' voice"), "designer.processes",
              least=1.0, is_share=True),
        Check("concluded", _("Improvements concluded"), "improvements.improvement_list", least=1),
    )),
    Level(5, _("Enterprise customer experience"), _("The whole company steers by what customers live through."), (
        Check("concluded", _("Improvements concluded"), "improvements.improvement_list", least=5),
        Check("frozen", _("Series watched with a frozen baseline"), "alarms.alarm_list", least=3),
        Check("unseen", _("Alarms that nobody acknowledged within two weeks"), "alarms.alarm_list", most=0),
        Check("channels", _("Channels heard within 30 days"), "insights.overview", least=4),
    )),
)  # fmt: skip


@dataclass(frozen=True)
class CheckResult:
    check: Check
    value: float
    passed: bool


@dataclass(frozen=True)
class LevelResult:
    """`holds`: its checks and those of all levels below pass."""

    level: Level
    checks: tuple[CheckResult, ...]
    holds: bool


@dataclass(frozen=True)
class Maturity:
    """`level` None: not even the first holds."""

    level: Level | None
    results: tuple[LevelResult, ...]


def maturity_of(work: Work) -> Maturity:
    """Where the company stands by the evidence of now."""
    return level_of({name: read(work) for name, read in FIGURES.items()})


def level_of(figures: Mapping[str, float]) -> Maturity:
    """The same for given figures. Pure."""
    results, holds = [], True
    for level in LEVELS:
        checks = tuple(
            CheckResult(check, figures[check.figure], check.passes(figures[check.figure])) for check in level.checks
        )
        holds = holds and all(each.passed for each in checks)
        results.append(LevelResult(level, checks, holds))
    reached = [each.level for each in results if each.holds]
    return Maturity(reached[-1] if reached else None, tuple(results))

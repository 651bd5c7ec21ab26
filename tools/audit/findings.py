"""What an audit came to: faults found, those that are waived today, and what was not looked at."""

import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

WAIVERS = Path(__file__).with_name("waivers.toml")
CLEAN, FAULTY, NOT_LOOKED_AT = 0, 1, 2
"""Exit codes: 0 only where everything was looked at and nothing stands that is not waived."""


@dataclass(frozen=True)
class Fault:
    """A known fault of a version that is locked."""

    id: str
    package: str
    version: str
    remedy: str
    aliases: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Looked:
    """What one registry said about one lock; `not_looked_at` names what it said nothing about, with the cause."""

    lock: str
    faults: tuple[Fault, ...] = ()
    not_looked_at: str = ""


@dataclass(frozen=True)
class Waiver:
    """A fault that counts for nothing up to and on the day `until`."""

    id: str
    package: str
    until: date
    reason: str

    def covers(self, fault: Fault, today: date) -> bool:
        named = self.id == fault.id or self.id in fault.aliases
        return named and self.package == fault.package and today <= self.until


def read_waivers(file: Path = WAIVERS) -> list[Waiver]:
    """The waivers of the file; a missing entry or a wrong type is a `TypeError`."""
    return [Waiver(**entry) for entry in tomllib.loads(file.read_text("utf-8")).get("waiver", [])]


def verdict(looked: Iterable[Looked], waivers: Iterable[Waiver], today: date) -> tuple[list[str], int]:
    """The lines to print and the exit code."""
    every, known = list(looked), list(waivers)
    lines = [line for each in every for line in _said_of(each, known, today)]
    lines += [f"waiver of {each.id} ({each.package}) ended on {each.until}" for each in known if each.until < today]
    standing = any(not _waived(fault, known, today) for each in every for fault in each.faults)
    if standing:
        return lines, FAULTY
    return lines, NOT_LOOKED_AT if any(each.not_looked_at for each in every) else CLEAN


def _said_of(looked: Looked, waivers: list[Waiver], today: date) -> Iterator[str]:
    for fault in looked.faults:
        waived = _waived(fault, waivers, today)
        what = f"{looked.lock}: {fault.package} {fault.version}: {fault.id}"
        yield f"{what}: waived until {waived.until}: {waived.reason}" if waived else f"{what}: {fault.remedy}"
    if looked.not_looked_at:
        yield f"{looked.lock}: not looked at: {looked.not_looked_at}"
    elif not looked.faults:
        yield f"{looked.lock}: nothing known"


def _waived(fault: Fault, waivers: list[Waiver], today: date) -> Waiver | None:
    return next((each for each in waivers if each.covers(fault, today)), None)

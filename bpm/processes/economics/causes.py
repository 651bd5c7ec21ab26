"""Which causes of contact cost most: every contact of a period stands under one cause, or under none, and none is lost.

What a contact costs: the contact itself, what was given for it, and its part of the case it is at home in, which all
contacts at home there share. So the bars sum up to all that contacts cost: volume times mean cost.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from bpm.foundation.errors import NotFoundError
from bpm.foundation.texts import _
from bpm.foundation.work import Work
from bpm.processes.economics.cause_of import Contact, list_contacts, with_causes
from bpm.processes.economics.cents import whole_cents
from bpm.processes.economics.entries import NEEDED
from bpm.processes.economics.grouping import Group, grouped_contacts
from bpm.processes.economics.spending import Spender, spender
from bpm.statistics import Share, SourceMix, share, source_mix

VITAL = Decimal("0.8")
"""The few causes that make up so much of the whole (Juran, Quality Control Handbook, 1951)."""


class By(StrEnum):
    """What a cause is."""

    ACTIVITY = "activity"
    PROCESS = "process"
    THEME = "theme"
    TOPIC = "topic"
    ARTEFACT = "artefact"


class Weight(StrEnum):
    """What a bar is long by."""

    COST = "cost"
    VOLUME = "volume"


@dataclass(frozen=True)
class Cause:
    """One bar; `permille` are thousandths of the whole, which sum up to 1,000 over all bars, as `so_far` does."""

    key: str
    """Empty: linked to nothing, in no theme, of no topic."""
    name: str
    n: int
    cents: int
    permille: int
    so_far: int
    vital: bool
    """Whether it is one of the few that make up 80 %."""
    negative: Share
    process: str
    """Key of the process that most of its contacts are linked to; empty for none."""
    element: str
    versions: tuple[int, ...]

    @property
    def mean_cents(self) -> float:
        return self.cents / self.n if self.n else 0.0


@dataclass(frozen=True)
class Causes:
    """All of them, the longest first, what has none last."""

    by: By
    weight: Weight
    causes: tuple[Cause, ...]
    n: int
    cents: int
    mix: SourceMix
    currency: str


def list_causes(
    work: Work, by: By, *, since: datetime, until: datetime, weight: Weight = Weight.COST, service: bool = False,
    spending: Spender | None = None,
) -> Causes:  # fmt: skip
    """The causes of what customers said in [since, until); `service`: only contacts that want something.

    Where nothing costs anything yet, bars are as long as their volume.
    """
    spending = spending or spender(work)
    spent = spending.spent(since, until, NEEDED)
    found = grouped_contacts(spending, by, since=since, until=until, service=service, spent=spent)
    placed = with_causes(work, by, [each.contact for each in found])
    groups = [replace(each, contact=contact) for each, contact in zip(found, placed, strict=True)]
    cents = sum(each.cents for each in groups)
    causes = bars(groups, weight if cents else Weight.VOLUME, empty=_NOTHING[by])
    mix = Counter[str]()
    for each in groups:
        mix[each.contact.channel] += each.n
    return Causes(
        by, weight if cents else Weight.VOLUME, causes, mix.total(), cents, source_mix(mix), spending.plan.currency
    )


def items_of_cause(
    work: Work, by: By, key: str, *, since: datetime, until: datetime, service: bool = False
) -> list[Contact]:
    """Exactly the contacts of a bar; NotFoundError where the period has no such bar."""
    found = [each for each in list_contacts(work, by, since=since, until=until, service=service) if each.key == key]
    if not found:
        raise NotFoundError(_("In this period there is no such cause."), remedy=_("Choose another period."))
    return found


def bars(groups: Sequence[Group], weight: Weight, *, empty: str) -> tuple[Cause, ...]:
    """Contacts by cause, the heaviest first, those without one last. Pure."""
    apart: dict[str, list[Group]] = defaultdict(list)
    for each in groups:
        apart[each.contact.key].append(each)
    heavy = {key: sum(each.cents if weight is Weight.COST else each.n for each in some) for key, some in apart.items()}
    order = sorted(apart, key=lambda key: (key == "", -heavy[key], key))
    whole = sum(heavy.values())
    permille = whole_cents([Decimal(heavy[key]) * 10 / whole for key in order]) if whole else [0] * len(order)
    found, so_far = [], 0
    for key, part in zip(order, permille, strict=True):
        vital = key != "" and Decimal(so_far) / 1000 < VITAL
        so_far += part
        found.append(_cause(key, apart[key], part, so_far, vital=vital, empty=empty))
    return tuple(found)


def _cause(key: str, some: Sequence[Group], permille: int, so_far: int, *, vital: bool, empty: str) -> Cause:
    processes = Counter[str]()
    for each in some:
        processes[each.contact.process] += each.n if each.contact.process else 0
    most = min(processes.items(), key=lambda pair: (-pair[1], pair[0]))[0]
    elements = {each.contact.element for each in some}
    return Cause(
        key=key,
        name=some[0].contact.name if key else empty,
        n=sum(each.n for each in some),
        cents=sum(each.cents for each in some),
        permille=permille,
        so_far=so_far,
        vital=vital,
        negative=share(sum(each.negative for each in some), sum(each.read for each in some)),
        process=most,
        element=elements.pop() if len(elements) == 1 else "",
        versions=tuple(sorted({each.contact.version for each in some if each.contact.version})),
    )


_NOTHING = {
    By.ACTIVITY: _("Not linked to a process"),
    By.PROCESS: _("Not linked to a process"),
    By.THEME: _("In no theme"),
    By.TOPIC: _("Of no topic"),
    By.ARTEFACT: _("About no artefact"),
}

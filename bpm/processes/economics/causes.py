"""Which causes of contact cost most: every contact of a period stands under one cause, or under none, and none is lost.

What a contact costs: the contact itself, what was given for it, and its part of the case it is at home in, which all
contacts at home there share. So the bars sum up to all that contacts cost: volume times mean cost.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from bpm.feedback.tones import is_negative
from bpm.foundation.errors import NotFoundError
from bpm.foundation.texts import _
from bpm.foundation.work import Work
from bpm.processes.economics.cause_of import Contact, list_contacts
from bpm.processes.economics.cents import whole_cents
from bpm.processes.economics.spending import spent
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
    work: Work, by: By, *, since: datetime, until: datetime, weight: Weight = Weight.COST, service: bool = False
) -> Causes:
    """The causes of what customers said in [since, until); `service`: only contacts that want something.

    Where nothing costs anything yet, bars are as long as their volume.
    """
    contacts = list_contacts(work, by, since=since, until=until, service=service)
    spending = spent(work, since=since, until=until)
    own: dict[int, int] = defaultdict(int)
    of_case: dict[int, int] = defaultdict(int)
    for each in spending.entries:
        if each.item_id is not None:
            own[each.item_id] += each.cents
        elif each.place.case_id is not None:
            of_case[each.place.case_id] += each.cents
    costs = share_out(contacts, own, of_case)
    if not sum(costs):
        weight = Weight.VOLUME
    causes = bars(contacts, costs, weight, empty=_NOTHING[by])
    mix = source_mix(Counter(each.channel for each in contacts))
    return Causes(by, weight, causes, len(contacts), sum(costs), mix, spending.plan.currency)


def items_of_cause(
    work: Work, by: By, key: str, *, since: datetime, until: datetime, service: bool = False
) -> list[Contact]:
    """Exactly the contacts of a bar; NotFoundError where the period has no such bar."""
    found = [each for each in list_contacts(work, by, since=since, until=until, service=service) if each.key == key]
    if not found:
        raise NotFoundError(_("In this period there is no such cause."), remedy=_("Choose another period."))
    return found


def share_out(contacts: Sequence[Contact], own: dict[int, int], of_case: dict[int, int]) -> list[int]:
    """Cents of each contact: its own, and its equal part of its case's. Pure."""
    at_home = Counter(each.case_id for each in contacts if each.case_id is not None)
    parts: dict[int, list[int]] = {}
    for case, n in at_home.items():
        whole = of_case.get(case, 0)
        parts[case] = whole_cents([Decimal(whole) / 100 / n] * n)
    return [
        own.get(each.item_id, 0) + (parts[each.case_id].pop() if each.case_id is not None else 0) for each in contacts
    ]


def bars(contacts: Sequence[Contact], costs: Sequence[int], weight: Weight, *, empty: str) -> tuple[Cause, ...]:
    """Contacts by cause, the heaviest first, those without one last. Pure."""
    apart: dict[str, list[tuple[Contact, int]]] = defaultdict(list)
    for contact, cents in zip(contacts, costs, strict=True):
        apart[contact.key].append((contact, cents))
    heavy = {
        key: sum(cents for _contact, cents in some) if weight is Weight.COST else len(some)
        for key, some in apart.items()
    }
    order = sorted(apart, key=lambda key: (key == "", -heavy[key], key))
    whole = sum(heavy.values())
    permille = whole_cents([Decimal(heavy[key]) * 10 / whole for key in order]) if whole else [0] * len(order)
    found, so_far = [], 0
    for key, part in zip(order, permille, strict=True):
        vital = key != "" and Decimal(so_far) / 1000 < VITAL
        so_far += part
        found.append(_cause(key, apart[key], part, so_far, vital=vital, empty=empty))
    return tuple(found)


def _cause(
    key: str, some: Iterable[tuple[Contact, int]], permille: int, so_far: int, *, vital: bool, empty: str
) -> Cause:
    listed = list(some)
    read = [each.sentiment for each, _cents in listed if each.sentiment is not None]
    processes = Counter(each.process for each, _cents in listed if each.process).most_common(1)
    elements = {each.element for each, _cents in listed}
    return Cause(
        key=key,
        name=listed[0][0].name if key else empty,
        n=len(listed),
        cents=sum(cents for _contact, cents in listed),
        permille=permille,
        so_far=so_far,
        vital=vital,
        negative=share(sum(map(is_negative, read)), len(read)),
        process=processes[0][0] if processes else "",
        element=elements.pop() if len(elements) == 1 else "",
        versions=tuple(sorted({each.version for each, _cents in listed if each.version})),
    )


_NOTHING = {
    By.ACTIVITY: _("Not linked to a process"),
    By.PROCESS: _("Not linked to a process"),
    By.THEME: _("In no theme"),
    By.TOPIC: _("Of no topic"),
    By.ARTEFACT: _("About no artefact"),
}

"""Demand against spend: for each channel its part of the contacts that want something, of hours and of money."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from bpm.feedback import CHANNELS
from bpm.foundation.texts import _
from bpm.foundation.work import Work
from bpm.processes.economics.cents import whole_cents
from bpm.processes.economics.entries import Entries, Sum, sums_by
from bpm.processes.economics.grouping import grouped_contacts
from bpm.processes.economics.origins import came_in, looked_up
from bpm.processes.economics.plan import CostPlan, budget_of
from bpm.processes.economics.spending import Spender, spender
from bpm.statistics import Share, share

NO_CHANNEL = ""


@dataclass(frozen=True)
class ChannelDemand:
    """One channel, or "" for what came by none; sums over the rows are the totals, to the contact and the cent."""

    channel: str
    service: int
    """Contacts that want something."""
    shared: int
    """Praise, suggestions and what is merely told."""
    unread: int
    """Not read yet, or unsure."""
    demand: Share
    """Of all contacts that want something."""
    seconds: float
    spent: int
    left: int
    """What is left of budgets for the channel alone."""
    hours_share: float | None
    money_share: float | None

    @property
    def money(self) -> int:
        return self.spent + self.left

    @property
    def hours(self) -> float:
        return self.seconds / 3600

    @property
    def gap(self) -> float | None:
        """Part of the money less part of the demand; above 0: more money than demand. None where too few spoke."""
        if self.money_share is None or not self.demand.shown:
            return None
        return self.money_share - (self.demand.value or 0.0)


@dataclass(frozen=True)
class Demand:
    rows: tuple[ChannelDemand, ...]
    service: int
    shared: int
    unread: int
    seconds: float
    spent: int
    money: int
    currency: str


@dataclass(frozen=True)
class Reference:
    """A figure of others to hold ours against, with where it comes from and the year."""

    what: str
    said: str
    source: str
    year: int


ECHO = _("American Express Global Customer Service Barometer by Echo Research, told by M. Lieberman")
REFERENCES = (
    Reference(_("Customers who used social media to get service"), _("17 %, about half of them to seek a response"),
              ECHO, 2012),
    Reference(_("Web and mail preferred: simple, then harder questions"), "38 % → 15 %", ECHO, 2012),
    Reference(_("Telephone preferred: simple, harder, difficult"), "16 % → 38 % → 46 %", ECHO, 2012),
    Reference(_("Face to face preferred: simple, harder, difficult"), "11 % → 24 % → 30 %", ECHO, 2012),
    Reference(_("Social media preferred: simple, then harder questions"), "7 % → 3 %", ECHO, 2012),
)  # fmt: skip
SIMPLE: Mapping[str, float] = {"email": 0.38, "call": 0.16, "social": 0.07}
"""Channel -> who preferred it for a simple question, in the same survey."""


def demand_by_channel(work: Work, *, since: datetime, until: datetime, spending: Spender | None = None) -> Demand:
    """Contacts of customers said in [since, until), against what was spent in it; most wanted channels first."""
    spending = spending or spender(work)
    found = spending.spent(since, until)
    sums = _by_channel(spending, found, since, until)
    service, shared, unread = _wants(spending, since, until)
    own = _own_budgets(spending.plan, since, until)
    channels = [*CHANNELS, NO_CHANNEL]
    left = {each: max(0, own.get(each, 0) - sums.get(each, Sum()).cents) for each in channels}
    seconds, cents = sum(each.seconds for each in sums.values()), sum(each.cents for each in sums.values())
    money = cents + sum(left.values())
    asked = sum(service.values())
    rows = tuple(
        ChannelDemand(
            channel=each,
            service=service[each],
            shared=shared[each],
            unread=unread[each],
            demand=share(service[each], asked),
            seconds=sums.get(each, Sum()).seconds,
            spent=sums.get(each, Sum()).cents,
            left=left[each],
            hours_share=sums.get(each, Sum()).seconds / seconds if seconds else None,
            money_share=(sums.get(each, Sum()).cents + left[each]) / money if money else None,
        )
        for each in channels
    )
    return Demand(
        rows=tuple(sorted(rows, key=lambda row: (row.channel == NO_CHANNEL, -row.service, row.channel))),
        service=asked,
        shared=sum(shared.values()),
        unread=sum(unread.values()),
        seconds=seconds,
        spent=cents,
        money=money,
        currency=spending.plan.currency,
    )


def _by_channel(spending: Spender, found: Entries, since: datetime, until: datetime) -> dict[str, Sum]:
    """What was spent by the channel of each contact, else by the one that the case came in by."""
    began, none = came_in(spending, since, until), spending.book.words.place(NO_CHANNEL)
    of_case = looked_up(found.case, began["case"], began["channel"], none)
    channel = np.where(found.item > 0, found.channel, of_case)
    return {spending.book.words.listed[place]: each for place, each in sums_by(found, channel).items()}


def _wants(spending: Spender, since: datetime, until: datetime) -> tuple[Counter[str], Counter[str], Counter[str]]:
    """Contacts of customers by channel: that want something, that do not, that were not read."""
    service, shared, unread = Counter[str](), Counter[str](), Counter[str]()
    for each in grouped_contacts(spending, "", since=since, until=until):
        contact = each.contact
        kind = service if contact.wants_service else (shared if contact.kind else unread)
        kind[contact.channel] += each.n
    return service, shared, unread


def _own_budgets(plan: CostPlan, since: datetime, until: datetime) -> dict[str, int]:
    lines = [each for each in plan.budgets if each.channel]
    own: dict[str, int] = defaultdict(int)
    for line, cents in zip(lines, whole_cents([budget_of(e, since, until) for e in lines]), strict=True):
        own[line.channel] += cents
    return own

"""Contacts of a period in groups that no cut by cause, channel or kind takes apart, with what they cost."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import aliased

from bpm.feedback.models import FeedbackItem, Theme, ThemeItem
from bpm.foundation.work import Work
from bpm.processes.daybook.at_home import NEGATIVE, UNREAD
from bpm.processes.daybook.columns import Ints, distinct
from bpm.processes.economics.cause_of import SERVICE, Contact
from bpm.processes.economics.entries import Entries, totals_at
from bpm.processes.economics.origins import looked_up
from bpm.processes.economics.spending import Spender, days_of

Columns = dict[str, Ints]
_PLACE = ("process", "version", "element", "link")
_TOLD: Mapping[str, tuple[str, ...]] = {
    "activity": _PLACE, "process": _PLACE, "artefact": _PLACE, "topic": (*_PLACE, "topic"),
    "theme": (*_PLACE, "theme"), "": ("kind",),
}  # fmt: skip
"""{what a cause is: what its contacts are told apart by}, beside the channel."""


@dataclass(frozen=True)
class Group:
    """Contacts that are alike in what `contact` says; `key` of a theme is its id."""

    contact: Contact
    n: int
    cents: int
    read: int
    negative: int


def grouped_contacts(
    spending: Spender, by: str, *, since: datetime, until: datetime, service: bool = False, spent: Entries | None = None
) -> list[Group]:
    """Everything that customers said in [since, until); `spent`: what to charge them with."""
    said = spending.book.read("said", *days_of(since, until))
    said = _chosen(spending, said, service=service)
    cents = share_out(said["item"], said["case"], spent) if spent is not None else np.zeros_like(said["item"])
    if by == "theme":
        said["theme"] = _themes(spending.work, said["current"], since, until)
    return _groups(spending, said, cents, ("channel", *_TOLD[by]))


def _chosen(spending: Spender, said: Columns, *, service: bool) -> Columns:
    chosen = said["customer"] > 0
    if service:
        chosen &= np.isin(said["kind"], [spending.book.words.place(each) for each in SERVICE])
    order = np.argsort(said["current"][chosen], kind="stable")
    return {name: column[chosen][order] for name, column in said.items()}


def share_out(item: Ints, case: Ints, spent: Entries) -> Ints:
    """Cents of each contact: its own, and its equal part of its case's; cents over go to the last. Pure."""
    own, of_item = _totals(spent.item[spent.item > 0], spent.cents[spent.item > 0])
    at_case = (spent.item == 0) & (spent.case > 0)
    cases, of_case = _totals(spent.case[at_case], spent.cents[at_case])
    found = looked_up(item, own, of_item)
    homes, place = distinct(case)
    count = np.bincount(place, minlength=len(homes))
    whole = np.where(homes > 0, looked_up(homes, cases, of_case), 0)
    order = np.argsort(place, kind="stable")
    rank = np.empty(len(case), dtype=np.int64)
    rank[order] = np.arange(len(case)) - np.repeat(np.cumsum(count) - count, count)
    part: Ints = whole // np.maximum(count, 1)
    over = whole - part * count
    more: Ints = (rank >= (count - over)[place]).astype(np.int64)
    return found + part[place] + more


def _totals(key: Ints, cents: Ints) -> tuple[Ints, Ints]:
    keys, place = distinct(key)
    return keys, totals_at(place, cents, len(keys))


def _groups(spending: Spender, said: Columns, cents: Ints, told: tuple[str, ...]) -> list[Group]:
    if not len(cents):
        return []
    place = np.zeros(len(cents), dtype=np.int64)
    for name in told:
        values, code = distinct(said[name])
        place = distinct(place * len(values) + code)[1]
    count = np.bincount(place)
    first = np.zeros(len(count), dtype=np.int64)
    first[place[::-1]] = np.arange(len(place))[::-1]

    def total(column: Ints) -> list[int]:
        found: list[int] = totals_at(place, column, len(first)).tolist()
        return found

    read = total((said["tone"] != UNREAD).astype(np.int64))
    negative = total((said["tone"] == NEGATIVE).astype(np.int64))
    contacts = [_contact(spending, said, int(at), told) for at in first]
    rows = zip(contacts, count.tolist(), total(cents), read, negative, strict=True)
    return sorted((Group(*each) for each in rows), key=lambda group: _in_order(group.contact))


def _in_order(contact: Contact) -> tuple[str, str, str, str, int, str, str, str]:
    """One order however the words were numbered."""
    of = contact
    return of.key, of.channel, of.kind, of.process, of.version, of.element, of.link, of.topic


def _contact(spending: Spender, said: Columns, at: int, told: tuple[str, ...]) -> Contact:
    def word(name: str) -> str:
        return spending.book.words.listed[int(said[name][at])] if name in told else ""

    version = spending.versions.get(int(said["version"][at])) if "version" in told else None
    theme = int(said["theme"][at]) if "theme" in told else 0
    return Contact(
        item_id=0, current_id=0, channel=word("channel"), kind=word("kind"), sentiment=None, topic=word("topic"),
        process=word("process"), version=version.number if version else 0, element=word("element"), link=word("link"),
        key=str(theme) if theme else "",
    )  # fmt: skip


def _themes(work: Work, current: Ints, since: datetime, until: datetime) -> Ints:
    """The theme that each item counts in, 0 for none: from the rows, for sorting anew moves items by the thousand."""
    counts_in = aliased(Theme)
    rows = work.session.execute(
        select(ThemeItem.item_id, counts_in.id)
        .join(Theme, Theme.id == ThemeItem.theme_id)
        .join(counts_in, counts_in.id == Theme.counts_in_id)
        .join(FeedbackItem, FeedbackItem.id == ThemeItem.item_id)
        .where(FeedbackItem.current, FeedbackItem.placed_at >= since, FeedbackItem.placed_at < until)
    ).all()
    found = np.array([tuple(row) for row in rows] or [(0, 0)], dtype=np.int64)
    return looked_up(current, found[:, 0], found[:, 1])

"""Two different answers to one question: replies to like words on one subject that name other amounts, days or dates.

They are surfaced, not judged: a person says which holds, or that both do.
"""

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import combinations

from sqlalchemy import select

from bpm import audit
from bpm.feedback.knowledge.likeness import likeness, words_of
from bpm.feedback.models import Classification, FeedbackItem, Reply, SettledDifference
from bpm.foundation.errors import InvalidInputError
from bpm.foundation.texts import _
from bpm.foundation.work import Work
from bpm.identity import Permission, demand
from bpm.identity.models import User

LATELY = timedelta(days=90)
MOST, MOST_ALIKE = 1_000, 40
ALIKE = 0.5
"""From this likeness of what was asked on, it is one question."""
_CURRENCY = {"$": "USD", "€": "EUR", "£": "GBP", "usd": "USD", "eur": "EUR", "gbp": "GBP", "dollars": "USD",
             "euros": "EUR", "euro": "EUR", "pounds": "GBP"}  # fmt: skip
_AMOUNT = re.compile(
    r"(?:(?P<before>[$€£]|\b(?:USD|EUR|GBP))\s?(?P<one>\d{1,9}(?:[.,]\d{3})*(?:[.,]\d{2})?))|"
    r"(?:\b(?P<two>\d{1,9}(?:[.,]\d{3})*(?:[.,]\d{2})?)\s?(?P<after>[$€£]|(?:USD|EUR|GBP|dollars|euros?|pounds)\b))",
    re.IGNORECASE,
)
_SPAN = re.compile(r"\b(\d{1,4})\s*(?:-|\s)?\s*(?:working |business )?(hour|day|week|month|year)s?\b", re.IGNORECASE)
_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_DATE = re.compile(
    r"\b(?:(\d{4})-(\d{2})-(\d{2})|(\d{1,2})(?:st|nd|rd|th)?\s+(?:of\s+)?([a-z]{3})[a-z]*|([a-z]{3})[a-z]*\s+(\d{1,2})(?:st|nd|rd|th)?)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Given:
    """An answer that left: to which words, on which subject, when."""

    reply_id: int
    item_id: int
    asked: str
    subject: tuple[str, str]
    """(kind, topic) of what was asked."""
    text: str
    channel: str
    by: str
    at: datetime


@dataclass(frozen=True)
class Difference:
    """Two answers to one question that name other values of one sort."""

    left: Given
    right: Given
    sort: str
    """amount in a currency, span of a unit, date."""
    left_values: tuple[str, ...]
    right_values: tuple[str, ...]


def values_in(text: str) -> Mapping[str, frozenset[str]]:
    """Sort -> values that a text names: amounts by currency, spans by unit, dates."""
    found: dict[str, set[str]] = defaultdict(set)
    for match in _AMOUNT.finditer(text):
        unit = _CURRENCY[(match["before"] or match["after"]).casefold()]
        found[unit].add(_number(match["one"] or match["two"]))
    for match in _SPAN.finditer(text):
        found[match[2].casefold()].add(str(int(match[1])))
    for match in _DATE.finditer(text):
        if (day := _day(match)) is not None:
            found["date"].add(day)
    return {sort: frozenset(values) for sort, values in found.items()}


def _number(written: str) -> str:
    """`1,000.00`, `1.000,00` and `1000` are one amount."""
    whole, cents = (written[:-3], written[-2:]) if len(written) > 3 and written[-3] in ".," else (written, "00")
    return f"{int(re.sub(r'[.,]', '', whole))}.{cents}"


def _day(match: re.Match[str]) -> str | None:
    if match[1]:
        return f"{int(match[2])}-{int(match[3])}"
    name, number = (match[5], match[4]) if match[5] else (match[6], match[7])
    month = name.casefold()
    return f"{_MONTHS.index(month) + 1}-{int(number)}" if month in _MONTHS and 1 <= int(number) <= 31 else None


def differing(answers: list[Given]) -> list[Difference]:
    """One finding for each pair of answers to one question that differ, the newest first; of alike ones the newest."""
    groups: dict[tuple[str, str], list[Given]] = defaultdict(list)
    for each in answers:
        groups[each.subject].append(each)
    found = []
    for alike in groups.values():
        newest = sorted(alike, key=lambda each: each.at, reverse=True)[:MOST_ALIKE]
        told = {each.reply_id: (words_of(each.asked), values_in(each.text)) for each in newest}
        pairs = ((left, right) for right, left in combinations(newest, 2))
        found += [one for left, right in pairs if (one := _compare(left, right, told)) is not None]
    return sorted(found, key=lambda each: each.right.at, reverse=True)


def _compare(
    left: Given, right: Given, told: dict[int, tuple[frozenset[str], Mapping[str, frozenset[str]]]]
) -> Difference | None:
    asked, values = told[left.reply_id]
    asked_again, values_again = told[right.reply_id]
    if left.item_id == right.item_id or likeness(asked, asked_again) < ALIKE:
        return None
    for sort in sorted(values.keys() & values_again.keys()):
        if values[sort].isdisjoint(values_again[sort]):
            return Difference(left, right, sort, tuple(sorted(values[sort])), tuple(sorted(values_again[sort])))
    return None


def list_differences(work: Work) -> list[Difference]:
    """Those of late that nobody has settled."""
    rows = work.session.execute(
        select(Reply, FeedbackItem.text, Classification.primary, Classification.topic, User.display_name)
        .join(FeedbackItem, FeedbackItem.id == Reply.item_id)
        .join(Classification, (Classification.item_id == FeedbackItem.id) & Classification.current)
        .join(User, User.id == Reply.author_user_id)
        .where(Reply.sent_at > work.now() - LATELY)
        .order_by(Reply.id.desc())
        .limit(MOST)
    )
    given = [
        Given(
            row.id, row.item_id, asked, (kind, topic or ""), row.text, row.channel, by, row.sent_at or row.approved_at
        )
        for row, asked, kind, topic, by in rows
    ]
    settled = set(work.session.execute(select(SettledDifference.left_id, SettledDifference.right_id)).all())
    pairs = {(row[0], row[1]) for row in settled}
    return [each for each in differing(given) if (each.left.reply_id, each.right.reply_id) not in pairs]


def settle_difference(work: Work, left_id: int, right_id: int, *, reason: str) -> None:
    """Say which answer holds, or that both do; InvalidInputError without a reason or for answers that do not differ."""
    demand(work.actor, Permission.ANSWER)
    known = {(each.left.reply_id, each.right.reply_id) for each in list_differences(work)}
    if not reason.strip() or (left_id, right_id) not in known:
        problem = _("Say which answer holds, or why both do.")
        raise InvalidInputError(problem, remedy=problem, fields={"reason": problem})
    work.session.add(
        SettledDifference(
            left_id=left_id, right_id=right_id, reason=reason.strip()[:2000], user_id=work.actor.user_id, at=work.now()
        )
    )
    thing = audit.Thing("reply", right_id, f"Replies {left_id} and {right_id}")
    audit.record(work, "answers.settle", thing, before={"settled": False}, after={"settled": True}, reason=reason)

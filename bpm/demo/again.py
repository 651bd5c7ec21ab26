"""What customers say while they wait and after their case is over: the part of the story that is lived through."""

import random
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, select

from bpm.engine.models import ActivityInstance, ProcessInstance
from bpm.engine.status import InstanceStatus
from bpm.feedback.models import FeedbackItem
from bpm.feedback.raw_item import RawItem
from bpm.foundation.work import Work
from bpm.processes.models import Attribution
from bpm.processes.status import LinkKind

WAITING: Mapping[str, tuple[float, tuple[str, ...]]] = {
    "put_order_right": (
        0.35,
        (
            "You told me that my order is being put right, and nothing has moved since.",
            "Still no word on the order that somebody is said to put right.",
            "I have waited for days now for the order to be corrected, this is no way to treat a customer.",
            "Nobody can tell me when the order will be right. I am angry.",
        ),
    ),
    "fix_fault": (
        0.25,
        (
            "The fault is still there, and nobody says when it will be fixed.",
            "It still does not work. You said that somebody looks at it.",
            "How long does it take to fix this? I cannot work like this.",
        ),
    ),
    "resolve_in_service": (0.12, ("I was told that I would hear from you today. I did not.",)),
    "inspect_return": (0.15, ("You have had my parcel for days. Where is my refund?",)),
}
"""User task -> the chance, at each look, that who waits there speaks up; and their words."""
AFTERWARDS = (
    "You wrote that it is settled. It is not: the same thing again.",
    "The matter came back two days after you closed it. Very annoying.",
    "What you promised me in the end has not come.",
)
AFTER_CHANCE = 0.1
WITHIN = timedelta(days=6)
HOURS = timedelta(hours=4)
ENDS = ("Please answer.", "Customer for nine years.", "I want to hear from a person.", "I ask no more.", "")


def said_again(work: Work, heard: Mapping[str, RawItem], draw: random.Random, told: set[str]) -> list[RawItem]:
    """What is said again now: by who waits at one of those tasks, and by whose case is over; each case once each."""
    found = []
    for row in _cases(work):
        raw, waits = heard.get(row.natural_key), row.ended_at is None
        chance, words = WAITING.get(row.element, (0.0, ())) if waits else (AFTER_CHANCE, AFTERWARDS)
        key = f"{row.natural_key}-{'waits' if waits else 'after'}-{row.id}"
        if raw is None or not words or key in told or draw.random() >= chance:
            continue
        told.add(key)
        text = f"{draw.choice(words)} {draw.choice(ENDS)}".strip()
        found.append(replace(raw, text=text, subject="", natural_key=key, said_at=_lately(row.since, work.now(), draw)))
    return found


def _cases(work: Work) -> list[Row[Any]]:
    """Cases with the words that opened them: at each open task, and those that ended lately."""
    opened = (Attribution.instance_id == ProcessInstance.id) & (Attribution.kind == LinkKind.OPENED_BY)
    at = (ActivityInstance.instance_id == ProcessInstance.id) & ActivityInstance.closed_at.is_(None)
    waiting = (
        select(
            ProcessInstance.id,
            ProcessInstance.ended_at,
            ActivityInstance.element,
            FeedbackItem.natural_key,
            ActivityInstance.opened_at.label("since"),
        )
        .join(ActivityInstance, at)
        .join(Attribution, opened)
        .join(FeedbackItem, FeedbackItem.id == Attribution.item_id)
        .where(ActivityInstance.element.in_(WAITING), ActivityInstance.opened_at < work.now() - timedelta(hours=1))
        .order_by(ProcessInstance.id, ActivityInstance.id)
    )
    over = (
        select(
            ProcessInstance.id,
            ProcessInstance.ended_at,
            Attribution.element,
            FeedbackItem.natural_key,
            ProcessInstance.ended_at.label("since"),
        )
        .join(Attribution, opened)
        .join(FeedbackItem, FeedbackItem.id == Attribution.item_id)
        .where(ProcessInstance.status == InstanceStatus.COMPLETED, ProcessInstance.ended_at > work.now() - WITHIN)
        .where(Attribution.definition_key == "complaint_to_resolution")
        .order_by(ProcessInstance.id)
    )
    return [*work.session.execute(waiting), *work.session.execute(over)]


def _lately(since: datetime, now: datetime, draw: random.Random) -> datetime:
    """Some time within the last hours, after it began to hurt: all at one moment would look like an outage."""
    return now - timedelta(minutes=draw.uniform(1, max(2, min(HOURS, now - since) / timedelta(minutes=1) - 1)))

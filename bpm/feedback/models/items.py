"""Tables of what was said and what was made of it: items, classifications, corrections, decisions, replies."""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Float,
    ForeignKey,
    Index,
    SmallInteger,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from bpm.feedback.status import DecisionKind, DistributionStatus, ReplyStatus, Voice
from bpm.foundation.db import Base, Id, Json, Ref, one_of

UNTOUCHED = "decision IS NULL AND answered_at IS NULL AND distributed_to IS NULL"
"""What nobody has decided on, answered or handed over. SQLite knows a condition again by its words: there a flag is
`current = 1` in our statements, in PostgreSQL's `current`."""


TO_DO = "decision IS NULL AND snoozed_until IS NULL AND incident_id IS NULL"
"""What is to be done now; literally as in its index, as above."""
UNREAD_RANK = 4
"""Where an item stands in the queue until its clocks are worked out: see `clocks.queue_order`."""


def _when_placed(context: Any) -> datetime:
    """A new item is to be dealt with in the order in which it was said, until its clocks are worked out."""
    placed_at: datetime = context.get_current_parameters()["placed_at"]
    return placed_at


WORLDWIDE = text("(natural_key LIKE '%@%' OR natural_key LIKE '%://%')")
"""Keys that may be unique over all sources, as Message-IDs and addresses are; in the words of their index."""


class FeedbackItem(Base):
    """One version of one thing a customer said. Text, times and keys never change; the pointers below do.

    An edit at the source is a new row with the next `version` that `supersedes_id` the one before. `current` holds
    for the newest version of each item unless its import was undone: lists and figures read current rows only.
    """

    __tablename__ = "feedback_item"
    __table_args__ = (
        UniqueConstraint("source", "natural_key", "version"),
        CheckConstraint("channel IN ('social', 'call', 'email', 'survey', 'review', 'chat')", name="channel"),
        Index("ix_feedback_item_said", "said_at", "id"),
        Index("ix_feedback_item_worldwide", "natural_key", sqlite_where=WORLDWIDE, postgresql_where=WORLDWIDE),
        Index("ix_feedback_item_placed", "placed_at", "id"),
        Index(
            "ix_feedback_item_first",
            "first_id",
            sqlite_where=text("first_id IS NOT NULL"),
            postgresql_where=text("first_id IS NOT NULL"),
        ),
        Index("ix_feedback_item_source", "source", "placed_at"),
        Index(
            "ix_feedback_item_untouched",
            "placed_at",
            "id",
            sqlite_where=text(f"current = 1 AND {UNTOUCHED}"),
            postgresql_where=text(f"current AND {UNTOUCHED}"),
        ),
        Index(
            "ix_feedback_item_to_do",
            "queue_rank",
            "act_by",
            "id",
            sqlite_where=text(f"current = 1 AND {TO_DO}"),
            postgresql_where=text(f"current AND {TO_DO}"),
        ),
        Index(
            "ix_feedback_item_unclocked",
            "id",
            sqlite_where=text("clocked_at IS NULL"),
            postgresql_where=text("clocked_at IS NULL"),
        ),
        Index(
            "ix_feedback_item_snoozed",
            "snoozed_until",
            sqlite_where=text("snoozed_until IS NOT NULL"),
            postgresql_where=text("snoozed_until IS NOT NULL"),
        ),
        Index("ix_feedback_item_conversation", "conversation_id", "placed_at"),
        Index("ix_feedback_item_customer", "customer_id", "channel", "placed_at"),
        Index(
            "ix_feedback_item_held",
            "held_at",
            "id",
            sqlite_where=text("held_at IS NOT NULL"),
            postgresql_where=text("held_at IS NOT NULL"),
        ),
        Index(
            "ix_feedback_item_unclassified",
            "id",
            sqlite_where=text("classified_at IS NULL AND current = 1"),
            postgresql_where=text("classified_at IS NULL AND current"),
        ),
        Index(
            "ix_feedback_item_heard",
            "channel",
            "received_at",
            sqlite_where=text("current = 1"),
            postgresql_where=text("current"),
        ),
        Index(
            "ix_feedback_item_unmasked",
            "id",
            sqlite_where=text("masked IS NULL"),
            postgresql_where=text("masked IS NULL"),
        ),
        Index(
            "ix_feedback_item_unreadable",
            "id",
            sqlite_where=text("unread_because IS NOT NULL"),
            postgresql_where=text("unread_because IS NOT NULL"),
        ),
    )

    id: Mapped[Id]
    channel: Mapped[str] = mapped_column(String(10))
    source: Mapped[str] = mapped_column(String(120))
    natural_key: Mapped[str] = mapped_column(String(400))
    content_hash: Mapped[str] = mapped_column(String(64))
    version: Mapped[int] = mapped_column(default=1)
    supersedes_id: Mapped[Ref | None] = mapped_column(ForeignKey("feedback_item.id"))
    first_id: Mapped[Ref | None] = mapped_column(ForeignKey("feedback_item.id"))
    """The first version's id; null on the first version itself: `item.first_id or item.id` names the item for good."""
    current: Mapped[bool] = mapped_column(default=True)

    text: Mapped[str] = mapped_column(Text)
    subject: Mapped[str] = mapped_column(String(400), default="")
    subject_words: Mapped[str | None] = mapped_column(Text)
    """What its words are about, for likening it to others of the same person (see `conversations.subject_words`); null:
    not looked at when it was kept."""
    question: Mapped[str] = mapped_column(String(1000), default="", server_default="")
    """What a survey asked, when the words answer a question."""
    language: Mapped[str | None] = mapped_column(String(8))
    """ISO 639-1, as found; null when it is not known."""
    language_p: Mapped[float | None] = mapped_column(Float)
    """How sure the language is, 0 to 1."""
    said_at: Mapped[datetime | None]
    """The source's own time; null when nobody knows."""
    placed_at: Mapped[datetime]
    """Where it stands in time: `said_at`, else `received_at`. Lists, clocks and conversations go by it."""
    revised_at: Mapped[datetime | None]
    """The source's own time of this version, when it tells."""
    received_at: Mapped[datetime]
    author_name: Mapped[str] = mapped_column(String(200), default="")
    author_handle: Mapped[str] = mapped_column(String(320), default="")
    voice: Mapped[Voice] = mapped_column(
        one_of(Voice, length=10, name="voice"), default=Voice.CUSTOMER, server_default="customer"
    )
    """As whom the author spoke."""
    held_at: Mapped[datetime | None]
    """When it was set apart as unwanted; it is not `current` then, so it starts and counts nothing."""
    held_because: Mapped[str] = mapped_column(String(200), default="", server_default="")
    rating: Mapped[float | None] = mapped_column(Float)
    url: Mapped[str] = mapped_column(String(1000), default="")
    extra: Mapped[dict[str, Any]]
    masked: Mapped[dict[str, Any] | None]
    """What was masked in its words: kind -> how often; NULL: kept before words were masked (see `privacy.older_items`).
    """
    raw: Mapped[dict[str, Any]] = mapped_column(Json, deferred=True, default=dict)
    """Empty: the record lies in `raw_record`. The release before wrote it here; the column goes with the next one."""
    erased_at: Mapped[datetime | None]
    """When who said it was erased: words and author are gone, what was counted stays."""

    import_run_id: Mapped[Ref | None] = mapped_column(ForeignKey("import_run.id"), index=True)
    conversation_id: Mapped[Ref | None] = mapped_column(ForeignKey("conversation.id"))
    episode_id: Mapped[Ref | None] = mapped_column(ForeignKey("episode.id"), index=True)
    customer_id: Mapped[Ref | None] = mapped_column(ForeignKey("customer.id"))
    classified_at: Mapped[datetime | None]
    unread_because: Mapped[str | None] = mapped_column(Text)
    """What broke when it was to be classified; the others are read without it."""
    read_again_at: Mapped[datetime | None]
    """When it is tried again, after it broke."""
    decision: Mapped[str | None] = mapped_column(String(20))
    answered_at: Mapped[datetime | None]
    distributed_to: Mapped[str | None] = mapped_column(String(80))
    """To whom it was handed last: a group's key, @ and a person's user name, or a process's key; None: taken back."""
    incident_id: Mapped[Ref | None]
    """The incident whose updates answer for it, while one that people confirmed goes on: it is out of the queue. No
    foreign key: it came later."""
    queue_rank: Mapped[int] = mapped_column(SmallInteger, default=UNREAD_RANK, server_default=str(UNREAD_RANK))
    """What to do next comes first: by harm and promise, the lowest before the others."""
    act_by: Mapped[datetime | None] = mapped_column(default=_when_placed)
    """Of one rank the earliest first: when it is due by clock or promise, else how long it may wait."""
    clocked_at: Mapped[datetime | None]
    """When its clocks and its place were worked out; null while something has happened since."""
    snoozed_until: Mapped[datetime | None]
    """Out of the way until then, or until the customer says something."""


class Classification(Base):
    """A claim about an item by a model version, or by a person (`human:<username>`); one is current."""

    __tablename__ = "classification"
    __table_args__ = (
        Index(
            "uq_classification_current",
            "item_id",
            unique=True,
            sqlite_where=text("current"),
            postgresql_where=text("current"),
        ),
        Index("ix_classification_item", "item_id"),
        Index("ix_classification_primary", "primary", "current"),
    )

    id: Mapped[Id]
    item_id: Mapped[Ref] = mapped_column(ForeignKey("feedback_item.id"))
    model_version: Mapped[str] = mapped_column(String(120))
    kinds: Mapped[dict[str, Any]]
    primary: Mapped[str] = mapped_column(String(20))
    sentiment: Mapped[float]
    urgency: Mapped[int]
    topic: Mapped[str | None] = mapped_column(String(120))
    confidence: Mapped[float]
    abstained: Mapped[bool] = mapped_column(default=False)
    evidence: Mapped[list[Any]]
    """[{start, end, text, label, weight}], offsets in characters of the item's text."""
    aspects: Mapped[list[Any]] = mapped_column(default=list, server_default="[]")
    """[{start, end, kind, topic, sentiment}] where parts of the text speak of different things, else empty."""
    note: Mapped[str] = mapped_column(String(40), default="", server_default="")
    """Why it abstained or what makes it doubtful: language not read, language not sure, no known words."""
    complexity: Mapped[str | None] = mapped_column(String(10))
    """simple, harder or difficult, by the topic."""
    sensitivity: Mapped[str | None] = mapped_column(String(10))
    """open, personal or delicate, by what was masked and the topic."""
    classified_at: Mapped[datetime]
    current: Mapped[bool] = mapped_column(default=True)


class TopicComplexity(Base):
    """How much it takes to settle what is said about a topic, as somebody decided; the newest row of a topic counts."""

    __tablename__ = "topic_complexity"
    __table_args__ = (
        CheckConstraint("length(reason) > 0", name="reason"),
        Index("ix_topic_complexity_topic", "topic", "id"),
    )

    id: Mapped[Id]
    topic: Mapped[str] = mapped_column(String(120))
    complexity: Mapped[str] = mapped_column(String(10))
    reason: Mapped[str] = mapped_column(Text)
    user_id: Mapped[Ref] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime]


class ChannelAdvice(Base):
    """One version of the table; the newest counts, the id is its number."""

    __tablename__ = "channel_advice"
    __table_args__ = (CheckConstraint("length(reason) > 0", name="reason"),)

    id: Mapped[Id]
    cells: Mapped[dict[str, Any]]
    """{complexity: {sensitivity: channel}}"""
    reason: Mapped[str] = mapped_column(Text)
    user_id: Mapped[Ref] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime]


class Correction(Base):
    """One label that a person overruled; kept for training."""

    __tablename__ = "correction"

    id: Mapped[Id]
    item_id: Mapped[Ref] = mapped_column(ForeignKey("feedback_item.id"), index=True)
    field: Mapped[str] = mapped_column(String(20))
    before: Mapped[Any | None] = mapped_column(Json)
    after: Mapped[Any | None] = mapped_column(Json)
    user_id: Mapped[Ref] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime]


class Decision(Base):
    """What a person decided becomes of an item, and why; the newest counts."""

    __tablename__ = "decision"
    __table_args__ = (CheckConstraint("length(reason) > 0", name="reason"),)

    id: Mapped[Id]
    item_id: Mapped[Ref] = mapped_column(ForeignKey("feedback_item.id"), index=True)
    decision: Mapped[DecisionKind] = mapped_column(one_of(DecisionKind, length=20, name="decision"))
    reason: Mapped[str] = mapped_column(Text)
    user_id: Mapped[Ref | None] = mapped_column(ForeignKey("user_account.id"))
    """Null when a step of a process wrote down what a person decided in its form."""
    at: Mapped[datetime]


class Reply(Base):
    """Something a named person sent. No author, no row: the database itself holds this law."""

    __tablename__ = "reply"
    __table_args__ = (
        CheckConstraint("length(text) > 0", name="text"),
        Index(
            "ix_reply_sent",
            "sent_at",
            sqlite_where=text("sent_at IS NOT NULL"),
            postgresql_where=text("sent_at IS NOT NULL"),
        ),
    )

    id: Mapped[Id]
    item_id: Mapped[Ref] = mapped_column(ForeignKey("feedback_item.id"), index=True)
    conversation_id: Mapped[Ref] = mapped_column(ForeignKey("conversation.id"), index=True)
    author_user_id: Mapped[Ref] = mapped_column(ForeignKey("user_account.id"))
    approved_at: Mapped[datetime]
    text: Mapped[str] = mapped_column(Text)
    channel: Mapped[str] = mapped_column(String(10))
    status: Mapped[ReplyStatus] = mapped_column(one_of(ReplyStatus, length=10), default=ReplyStatus.KEPT)
    sent_at: Mapped[datetime | None]


class Distribution(Base):
    """An item handed to who can do something about it: a group, a person or a process; and what came back."""

    __tablename__ = "distribution"
    __table_args__ = (
        Index(
            "ix_distribution_case",
            "case_id",
            sqlite_where=text("case_id IS NOT NULL"),
            postgresql_where=text("case_id IS NOT NULL"),
        ),
        Index("ix_distribution_at", "at", "id"),
        Index("ix_distribution_ended_at", "ended_at"),
    )

    id: Mapped[Id]
    item_id: Mapped[Ref] = mapped_column(ForeignKey("feedback_item.id"), index=True)
    group_key: Mapped[str] = mapped_column(String(80), index=True)
    """Group that has it, or that the person belongs to; empty for a process, and for a person of no group."""
    note: Mapped[str] = mapped_column(Text, default="")
    user_id: Mapped[Ref | None] = mapped_column(ForeignKey("user_account.id"))
    """Who handed it over; null: a process did."""
    at: Mapped[datetime]
    to_user_id: Mapped[Ref | None]
    """The person it was handed to; null: any of the group, or a process. No foreign key: it came later."""
    process_key: Mapped[str] = mapped_column(String(200), default="", server_default="")
    """The process it was handed to; empty: people have it."""
    from_group: Mapped[str] = mapped_column(String(80), default="", server_default="")
    """Group of who handed it over."""
    due_at: Mapped[datetime | None]
    """Until when it was promised."""
    case_id: Mapped[Ref | None]
    """Number of the case that does the work; no foreign key, for this room knows no cases."""
    status: Mapped[DistributionStatus] = mapped_column(
        one_of(DistributionStatus, length=10), default=DistributionStatus.NOTED, server_default="noted"
    )
    ended_at: Mapped[datetime | None]
    """When it came back or was taken back."""
    ended_by: Mapped[Ref | None]
    """Who said what came out, or took it back. No foreign key: it came later."""
    outcome: Mapped[str] = mapped_column(String(40), default="", server_default="")
    """What came of it in a word, as its form has it."""
    result: Mapped[str] = mapped_column(Text, default="", server_default="")
    """What came out, or why it was taken back, in words."""

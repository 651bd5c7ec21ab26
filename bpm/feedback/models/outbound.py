"""Tables of what goes out to customers: messages with their states, receipts, templates, words in the making."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, Float, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from bpm.feedback.status import MessageKind, MessageState, Provenance
from bpm.foundation.db import Base, Id, Ref, one_of

DUE = "state IN ('created', 'held', 'temporary_failure') AND next_at IS NOT NULL"
"""A message that goes out by itself: literally as in its index, or no database would use that."""


class OutboundMessage(Base):
    """One message to one place. Law 1 stands in the database: no conversation without a named author who approved."""

    __tablename__ = "outbound_message"
    __table_args__ = (
        CheckConstraint(
            "kind <> 'conversation' OR (author_user_id IS NOT NULL AND approved_at IS NOT NULL)", name="author"
        ),
        CheckConstraint("length(text) > 0", name="text"),
        Index("ix_outbound_message_due", "next_at", "id", sqlite_where=text(DUE), postgresql_where=text(DUE)),
        Index("ix_outbound_message_state", "state", "id"),
        Index("ix_outbound_message_remote_id", "remote_id"),
        Index("ix_outbound_message_author", "author_user_id", "id"),
        Index("ix_outbound_message_sent_at", "sent_at"),
    )

    id: Mapped[Id]
    key: Mapped[str] = mapped_column(String(200), unique=True)
    """What it is about: one key is one message, and the same at every try."""
    kind: Mapped[MessageKind] = mapped_column(one_of(MessageKind, length=20, name="kind"))
    author_user_id: Mapped[Ref | None] = mapped_column(ForeignKey("user_account.id"))
    approved_at: Mapped[datetime | None]
    """When the author pressed send, or their mentor did."""
    approved_by: Mapped[Ref | None]
    """Their mentor, where the author learns; null: the author. No foreign key: it came later."""
    item_id: Mapped[Ref | None] = mapped_column(ForeignKey("feedback_item.id", ondelete="CASCADE"), index=True)
    """What it answers or is about."""
    conversation_id: Mapped[Ref | None] = mapped_column(ForeignKey("conversation.id"), index=True)
    customer_id: Mapped[Ref | None] = mapped_column(ForeignKey("customer.id"), index=True)
    reply_id: Mapped[Ref | None] = mapped_column(ForeignKey("reply.id", ondelete="SET NULL"), unique=True)
    """What stands of it in the conversation."""
    channel: Mapped[str] = mapped_column(String(10))
    connector_id: Mapped[Ref | None] = mapped_column(ForeignKey("connector.id", ondelete="SET NULL"), index=True)
    """The connection that it goes by; null: the company's mail server, or by hand."""
    way: Mapped[str] = mapped_column(String(80))
    """How it goes: connector, mail or by_hand."""
    contact_point_id: Mapped[Ref | None] = mapped_column(
        ForeignKey("contact_point.id", ondelete="SET NULL"), index=True
    )
    to_address: Mapped[str] = mapped_column(String(320), default="")
    copies: Mapped[list[Any]] = mapped_column(default=list, server_default="[]")
    """Addresses that get it, too."""
    public: Mapped[bool] = mapped_column(default=False)
    from_name: Mapped[str] = mapped_column(String(200), default="")
    from_address: Mapped[str] = mapped_column(String(320), default="")
    subject: Mapped[str] = mapped_column(Text, default="")
    text: Mapped[str] = mapped_column(Text)
    files: Mapped[list[Any]] = mapped_column(default=list, server_default="[]")
    """Ids of the attachments that go along."""
    answers: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
    """Shape of `connectors.sending.Answers`."""
    provenance: Mapped[Provenance] = mapped_column(
        one_of(Provenance, length=10, name="provenance"), default=Provenance.TYPED
    )
    template_id: Mapped[Ref | None] = mapped_column(ForeignKey("reply_template.id", ondelete="SET NULL"), index=True)
    drafted: Mapped[str] = mapped_column(Text, default="")
    """The words of the template or draft that it began as."""
    edit_distance: Mapped[int | None]
    """Characters that a person changed of `drafted` (Levenshtein)."""
    canned: Mapped[float | None] = mapped_column(Float)
    """How much it reads like something said before: 0 to 1."""
    warned: Mapped[list[Any]] = mapped_column(default=list, server_default="[]")
    """Codes of the warnings that the author was shown and sent it in spite of."""
    state: Mapped[MessageState] = mapped_column(one_of(MessageState, length=20, name="state"))
    held_for: Mapped[str] = mapped_column(String(20), default="")
    """Why it waits: undo, later, quiet_hours, their_hours."""
    attempts: Mapped[int] = mapped_column(default=0)
    next_at: Mapped[datetime | None]
    """When it is tried (again); null: not by itself."""
    sending_since: Mapped[datetime | None]
    last_error: Mapped[str] = mapped_column(Text, default="")
    """What the other side, or the way to it, said last."""
    remote_id: Mapped[str] = mapped_column(String(400), default="")
    """What the channel calls it."""
    url: Mapped[str] = mapped_column(String(1000), default="")
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    """When it left, or somebody said that it was said."""
    delivered_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]


class OutboundStep(Base):
    """One state that a message came to, and why; only ever added to."""

    __tablename__ = "outbound_step"

    id: Mapped[Id]
    message_id: Mapped[Ref] = mapped_column(ForeignKey("outbound_message.id", ondelete="CASCADE"), index=True)
    at: Mapped[datetime]
    state: Mapped[MessageState] = mapped_column(one_of(MessageState, length=20, name="state"))
    why: Mapped[str] = mapped_column(Text, default="")
    user_id: Mapped[Ref | None] = mapped_column(ForeignKey("user_account.id"))


class OutboundReceipt(Base):
    """What a channel said of a message later; one that comes before our own record is kept until that is written."""

    __tablename__ = "outbound_receipt"
    __table_args__ = (
        UniqueConstraint("connector_key", "remote_id", "state", "at"),
        Index("ix_outbound_receipt_remote_id", "remote_id"),
    )

    id: Mapped[Id]
    connector_key: Mapped[Ref]
    """Id of the connection that brought it; 0: the company's mail server."""
    remote_id: Mapped[str] = mapped_column(String(400))
    state: Mapped[str] = mapped_column(String(20))
    at: Mapped[datetime]
    why: Mapped[str] = mapped_column(Text, default="")
    received_at: Mapped[datetime]
    message_id: Mapped[Ref | None] = mapped_column(ForeignKey("outbound_message.id", ondelete="CASCADE"), index=True)
    """The message that it was applied to; null: it waits for one."""


class ReplyTemplate(Base):
    """Words to begin a reply with: whose they are, who approved them, and until when they may be used."""

    __tablename__ = "reply_template"

    id: Mapped[Id]
    name: Mapped[str] = mapped_column(String(120), unique=True)
    subject: Mapped[str] = mapped_column(String(400), default="")
    text: Mapped[str] = mapped_column(Text)
    topic: Mapped[str] = mapped_column(String(120), default="")
    """Of the items that it is offered for first; empty: of all."""
    owner_user_id: Mapped[Ref] = mapped_column(ForeignKey("user_account.id"))
    review_by: Mapped[date]
    """The last day on which it may be used without being looked at again."""
    approved_by: Mapped[Ref | None] = mapped_column(ForeignKey("user_account.id"))
    approved_at: Mapped[datetime | None]
    """Null since its words were changed: nobody may use it."""
    created_at: Mapped[datetime]
    changed_by: Mapped[Ref] = mapped_column(ForeignKey("user_account.id"))
    """Who wrote the words as they are: somebody else approves them."""
    changed_at: Mapped[datetime]
    retired_at: Mapped[datetime | None]


class ReplyInWriting(Base):
    """What somebody is about to say about an item: kept while typing, gone when it is sent."""

    __tablename__ = "reply_in_writing"
    __table_args__ = (UniqueConstraint("item_id", "user_id"),)

    id: Mapped[Id]
    item_id: Mapped[Ref] = mapped_column(ForeignKey("feedback_item.id", ondelete="CASCADE"))
    user_id: Mapped[Ref] = mapped_column(ForeignKey("user_account.id"), index=True)
    written: Mapped[dict[str, Any]]
    """Name of a field -> what is in it."""
    at: Mapped[datetime]


class ItemLook(Base):
    """Which item somebody has open now; one row for each person, gone stale when they leave."""

    __tablename__ = "item_look"

    user_id: Mapped[Ref] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"), primary_key=True)
    item_id: Mapped[Ref] = mapped_column(ForeignKey("feedback_item.id", ondelete="CASCADE"), index=True)
    at: Mapped[datetime]

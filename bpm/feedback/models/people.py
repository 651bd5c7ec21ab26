"""Tables of what colleagues make of people: changes to undo, proposals, consent, blocked and own addresses."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bpm.feedback.status import ContactKind, Role
from bpm.foundation.db import Base, Id, Json, Ref, one_of


class ConversationPerson(Base):
    """Says that somebody takes part in a conversation, in one role; a person may have several.

    A customer, or a colleague (`user_id`) in the role of an agent. `home_id` is the customer that they are by their
    own contact point; `customer_id` the one that they are by people's word (see `CustomerChange`).
    """

    __tablename__ = "conversation_person"
    __table_args__ = (
        UniqueConstraint("conversation_id", "home_id", "role"),
        UniqueConstraint("conversation_id", "user_id", "role"),
        CheckConstraint("(home_id IS NULL) <> (user_id IS NULL)", name="somebody"),
        Index("ix_conversation_person_customer", "customer_id", "last_at"),
        Index("ix_conversation_person_home", "home_id"),
    )

    id: Mapped[Id]
    conversation_id: Mapped[Ref] = mapped_column(ForeignKey("conversation.id", ondelete="CASCADE"))
    home_id: Mapped[Ref | None] = mapped_column(ForeignKey("customer.id", ondelete="CASCADE"))
    customer_id: Mapped[Ref | None] = mapped_column(ForeignKey("customer.id", ondelete="CASCADE"))
    user_id: Mapped[Ref | None] = mapped_column(ForeignKey("user_account.id"), index=True)
    role: Mapped[Role] = mapped_column(one_of(Role, length=10, name="role"))
    first_at: Mapped[datetime]
    last_at: Mapped[datetime]


class CustomerChange(Base):
    """What a colleague changed about customers, as one step that can be undone: a merge, a split, a correction.

    What holds is what the changes that stand say, the latest last: so they can be undone in any order.
    """

    __tablename__ = "customer_change"

    id: Mapped[Id]
    verb: Mapped[str] = mapped_column(String(20))
    customer_id: Mapped[Ref] = mapped_column(index=True)
    """Whom it is about."""
    other_id: Mapped[Ref | None] = mapped_column(index=True)
    """The second one of a merge or a split."""
    reason: Mapped[str] = mapped_column(Text, default="")
    user_id: Mapped[Ref | None] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime]
    undone_at: Mapped[datetime | None]
    undone_by: Mapped[Ref | None] = mapped_column(ForeignKey("user_account.id"))


class CustomerChangePart(Base):
    """One value that a change set: of what (`thing`, its id, the field), what it was and what it became."""

    __tablename__ = "customer_change_part"
    __table_args__ = (Index("ix_customer_change_part_thing", "thing", "thing_id", "field"),)

    id: Mapped[Id]
    change_id: Mapped[Ref] = mapped_column(ForeignKey("customer_change.id", ondelete="CASCADE"), index=True)
    thing: Mapped[str] = mapped_column(String(20))
    thing_id: Mapped[Ref]
    field: Mapped[str] = mapped_column(String(20))
    before: Mapped[Any | None] = mapped_column(Json)
    after: Mapped[Any | None] = mapped_column(Json)


class LinkProposal(Base):
    """Two conversations or two customers that may be one, for a person to say; the left one would join the right one.

    `evidence` says by what; `accepted` is null until somebody has decided.
    """

    __tablename__ = "link_proposal"
    __table_args__ = (
        UniqueConstraint("kind", "left_id", "right_id"),
        CheckConstraint("kind IN ('conversation', 'customer')", name="kind"),
        Index("ix_link_proposal_open", "accepted", "confidence", "id"),
    )

    id: Mapped[Id]
    kind: Mapped[str] = mapped_column(String(12))
    left_id: Mapped[Ref] = mapped_column(index=True)
    right_id: Mapped[Ref] = mapped_column(index=True)
    item_id: Mapped[Ref | None] = mapped_column(ForeignKey("feedback_item.id"), index=True)
    """The item in which it was noticed."""
    confidence: Mapped[float]
    evidence: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]
    accepted: Mapped[bool | None]
    settled_at: Mapped[datetime | None]
    settled_by: Mapped[Ref | None] = mapped_column(ForeignKey("user_account.id"))


class Consent(Base):
    """What somebody agreed to have an address used for: through which channel, on what evidence, from when to when."""

    __tablename__ = "consent"

    id: Mapped[Id]
    contact_point_id: Mapped[Ref] = mapped_column(ForeignKey("contact_point.id", ondelete="CASCADE"), index=True)
    purpose: Mapped[str] = mapped_column(String(40))
    channel: Mapped[str] = mapped_column(String(10))
    given_by: Mapped[str] = mapped_column(Text)
    """From what it is known: a form, a call, a letter."""
    given_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
    noted_by: Mapped[Ref | None] = mapped_column(ForeignKey("user_account.id"))


class OwnAddress(Base):
    """An address or account of the company itself: what comes from there is no customer's."""

    __tablename__ = "own_address"
    __table_args__ = (UniqueConstraint("kind", "scope", "value"),)

    id: Mapped[Id]
    kind: Mapped[ContactKind] = mapped_column(one_of(ContactKind, length=10, name="kind"))
    scope: Mapped[str] = mapped_column(String(120), default="")
    """The source of an account; empty: on every one."""
    value: Mapped[str] = mapped_column(String(320))
    created_at: Mapped[datetime]


class BlockedSender(Base):
    """An address whose items are held apart while `lifted_at` is null."""

    __tablename__ = "blocked_sender"
    __table_args__ = (Index("ix_blocked_sender_value", "value"),)

    id: Mapped[Id]
    kind: Mapped[ContactKind] = mapped_column(one_of(ContactKind, length=10, name="kind"))
    scope: Mapped[str] = mapped_column(String(120), default="")
    value: Mapped[str] = mapped_column(String(320))
    reason: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime]
    user_id: Mapped[Ref | None] = mapped_column(ForeignKey("user_account.id"))
    lifted_at: Mapped[datetime | None]


class ConversationNote(Base):
    """What colleagues say to each other about a conversation; no customer reads it."""

    __tablename__ = "conversation_note"
    __table_args__ = (CheckConstraint("length(text) > 0", name="text"),)

    id: Mapped[Id]
    conversation_id: Mapped[Ref] = mapped_column(ForeignKey("conversation.id"), index=True)
    author_id: Mapped[Ref] = mapped_column(ForeignKey("user_account.id"))
    text: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]

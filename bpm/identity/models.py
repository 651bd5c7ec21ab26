"""Users, their roles and groups, what all of them have to know, the forms they sent, the wrong passwords that came."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bpm.foundation.db import Base, BigInt, Id, Ref


class Group(Base):
    """People who share work items: a department or a team; `key` is what lanes and models name."""

    __tablename__ = "user_group"

    id: Mapped[Id]
    key: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[str] = mapped_column(String(200))


class Membership(Base):
    """A person in a group."""

    __tablename__ = "membership"

    user_id: Mapped[Ref] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"), primary_key=True)
    group_id: Mapped[Ref] = mapped_column(ForeignKey("user_group.id", ondelete="CASCADE"), primary_key=True)


class User(Base):
    """A person who signs in."""

    __tablename__ = "user_account"

    id: Mapped[Id]
    username: Mapped[str] = mapped_column(String(80), unique=True)
    display_name: Mapped[str] = mapped_column(String(200))
    password_hash: Mapped[str] = mapped_column(String(300))
    roles: Mapped[list[Any]]
    active: Mapped[bool] = mapped_column(default=True)
    session_mark: Mapped[int] = mapped_column(default=1)
    """Read by the release before alone, whose sessions were cookies: raised when all sessions of the person end."""
    created_at: Mapped[datetime]
    email: Mapped[str | None] = mapped_column(String(320), unique=True, index=True)
    """In lower case; where invitations and new passwords are sent."""
    time_zone: Mapped[str] = mapped_column(String(64), default="")
    """A name of the IANA database; empty: UTC."""
    language: Mapped[str] = mapped_column(String(16), default="")
    theme: Mapped[str] = mapped_column(String(8), default="")
    """light, dark, or empty: as the system is."""
    start_page: Mapped[str] = mapped_column(String(60), default="")
    """Endpoint of the page after signing in; empty: by role."""
    after_task: Mapped[str] = mapped_column(String(8), default="")
    """Where completing a task leads to: next, the task that waits next; stay, that task; empty: the list."""
    totp_since: Mapped[datetime | None]
    """Since when an authenticator app is asked for at sign-in; its secret is sealed by `bpm.secrets`."""
    totp_step: Mapped[int] = mapped_column(BigInt, default=0)
    """The newest time step of which a code was taken: no code counts twice (RFC 6238, 5.2)."""

    groups: Mapped[list[Group]] = relationship(secondary="membership", order_by=Group.key, lazy="selectin")


class Saved(Base):
    """A list's filters under a name: see `bpm.identity.saved_views`."""

    __tablename__ = "saved_view"
    __table_args__ = (
        Index("ix_saved_view_owner_id", "owner_id", "list"),
        Index("ix_saved_view_group_key", "group_key", "list"),
    )

    id: Mapped[Id]
    list: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(80))
    query: Mapped[str] = mapped_column(Text)
    """Query string of its address: it may hold what a person searched for."""
    owner_id: Mapped[Ref] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"))
    group_key: Mapped[str | None] = mapped_column(String(80))


class GroupAlias(Base):
    """A name by which models offer work, and the group that it stands for here."""

    __tablename__ = "group_alias"

    name: Mapped[str] = mapped_column(String(80), primary_key=True)
    """The key made of the lane's or attribute's text, as `team_assistance`."""
    group_id: Mapped[Ref] = mapped_column(ForeignKey("user_group.id", ondelete="CASCADE"), index=True)


class Banner(Base):
    """Something that everybody who signs in has to know about this installation, for example that it is a demo."""

    __tablename__ = "notice"

    key: Mapped[str] = mapped_column(String(40), primary_key=True)
    message: Mapped[str] = mapped_column(Text)


class ReceivedCommand(Base):
    """A form that was taken: sent again, it leads to what it made the first time."""

    __tablename__ = "received_command"
    __table_args__ = (Index("ix_received_command_received_at", "received_at"),)

    user_id: Mapped[Ref] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"), primary_key=True)
    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    """SHA-256 over the form's random word, its address and its values."""
    led_to: Mapped[str] = mapped_column(Text)
    """Address of the page that the answer led to."""
    received_at: Mapped[datetime]


class LoginAttempts(Base):
    """How many wrong passwords came for one account, from one address, or both: see `bpm.identity.login_throttle`."""

    __tablename__ = "login_attempts"
    __table_args__ = (Index("ix_login_attempts_forget_at", "forget_at"),)

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    """SHA-256 over what is counted: no name and no address is kept."""
    wrong: Mapped[int]
    open_at: Mapped[datetime]
    """When the next try is let through."""
    forget_at: Mapped[datetime]
    """When the row counts no longer."""

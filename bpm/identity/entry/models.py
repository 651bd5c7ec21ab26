"""How people come in: their sessions, links that work once, recovery codes, accounts at a provider,
and the words by which their programs come in."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from bpm.foundation.db import Base, Id, Ref


class UserSession(Base):
    """A browser in which a person is signed in."""

    __tablename__ = "user_session"

    id: Mapped[Id]
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    """SHA-256 of the 128 random bits in the cookie."""
    user_id: Mapped[Ref] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime] = mapped_column(index=True)
    last_seen_at: Mapped[datetime]
    """Within a minute; pages that only listen do not count."""
    address: Mapped[str] = mapped_column(String(64))
    device: Mapped[str] = mapped_column(String(120))
    """The browser in words, as "Firefox on Windows"."""
    method: Mapped[str] = mapped_column(String(16))
    """password, provider or link."""
    second_factor: Mapped[str] = mapped_column(String(16))
    """code, recovery code, provider; empty: none."""
    proven_at: Mapped[datetime]
    """When the person last proved who they are: at sign-in, or again before administration."""
    provider_session: Mapped[str | None] = mapped_column(String(255), index=True)
    """What the provider calls its own session (`sid`), by which it may end this one."""
    id_token: Mapped[str | None] = mapped_column(Text)
    """The provider's token, sealed: shown to it again when the person signs out."""


class OneTimeLink(Base):
    """A link that lets a person choose a password, once."""

    __tablename__ = "one_time_link"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[Ref] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"), index=True)
    purpose: Mapped[str] = mapped_column(String(16))
    """invitation or password."""
    expires_at: Mapped[datetime] = mapped_column(index=True)


class RecoveryCode(Base):
    """A code that opens once in place of the authenticator app."""

    __tablename__ = "recovery_code"

    user_id: Mapped[Ref] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"), primary_key=True)
    code_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    """SHA-256; each code has 80 random bits."""


class ExternalAccount(Base):
    """An account at an OpenID provider and the person whose it is (OpenID Connect Core, 2: `iss` and `sub`)."""

    __tablename__ = "external_account"

    issuer: Mapped[str] = mapped_column(String(255), primary_key=True)
    subject: Mapped[str] = mapped_column(String(255), primary_key=True)
    user_id: Mapped[Ref] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime]


class ApiToken(Base):
    """A word by which a program calls the API, for one person or as a service of its own; only its hash is kept."""

    __tablename__ = "api_token"

    id: Mapped[Id]
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    """SHA-256 of 256 random bits."""
    shown: Mapped[str] = mapped_column(String(24))
    """How it begins, by which its owner knows it again."""
    name: Mapped[str] = mapped_column(String(120))
    """What it is for, in the words of who made it."""
    user_id: Mapped[Ref | None] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"), index=True)
    """Whose it is; NULL: it is a service's, which is nobody and speaks to no customer."""
    scopes: Mapped[list[Any]]
    """Values of `Permission`, sorted: what it may at most."""
    created_by: Mapped[Ref | None] = mapped_column(ForeignKey("user_account.id", ondelete="SET NULL"))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    last_used_at: Mapped[datetime | None]
    """Within a minute."""
    ended_at: Mapped[datetime | None]

"""Tables of forms that stand on web sites, and of answers that wait for a person's look."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from bpm.foundation.db import Base, Id, Ref


class WebForm(Base):
    """A form that can be embedded; `key` is in its address."""

    __tablename__ = "web_form"

    id: Mapped[Id]
    name: Mapped[str] = mapped_column(String(120), unique=True)
    key: Mapped[str] = mapped_column(String(80), unique=True)
    source: Mapped[str] = mapped_column(String(120))
    channel: Mapped[str] = mapped_column(String(10))
    question: Mapped[str] = mapped_column(String(400))
    language: Mapped[str] = mapped_column(String(8), default="")
    sites: Mapped[list[Any]]
    """Origins whose pages may send answers; empty: any."""
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime]


class HeldAnswer(Base):
    """An answer that looks like spam: a person takes it in or throws it away, and then it is gone from here."""

    __tablename__ = "held_answer"

    id: Mapped[Id]
    form_id: Mapped[Ref] = mapped_column(ForeignKey("web_form.id"), index=True)
    answer: Mapped[dict[str, Any]]
    """text, name, email, page, case, key as they were sent."""
    why: Mapped[str] = mapped_column(String(400))
    received_at: Mapped[datetime]

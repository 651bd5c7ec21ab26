"""The table of sealed secrets."""

from datetime import datetime

from sqlalchemy import LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from bpm.foundation.db import Base


class Secret(Base):
    """One secret of one owner, as AES-256-GCM left it."""

    __tablename__ = "secret"

    owner_kind: Mapped[str] = mapped_column(String(40), primary_key=True)
    owner_key: Mapped[str] = mapped_column(String(120), primary_key=True)
    key_id: Mapped[str] = mapped_column(String(12))
    nonce: Mapped[bytes] = mapped_column(LargeBinary)
    ciphertext: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime]
    """When this value was put there."""
    rotated_at: Mapped[datetime | None]
    """When it was last sealed anew with another key."""

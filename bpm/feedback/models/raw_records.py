"""The table of what came as it came, apart from the items that everything else reads."""

from sqlalchemy import ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from bpm.foundation.db import Base, Ref


class RawRecord(Base):
    """An item's record as it was received, nothing masked: opened by right, with a reason, on record."""

    __tablename__ = "raw_record"

    item_id: Mapped[Ref] = mapped_column(
        ForeignKey("feedback_item.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    key_id: Mapped[str] = mapped_column(String(12), default="")
    """The key that it is sealed with; empty: it was kept when there was no key, and is plain."""
    nonce: Mapped[bytes] = mapped_column(LargeBinary, default=b"")
    content: Mapped[bytes] = mapped_column(LargeBinary)
    """JSON in UTF-8, sealed with AES-256-GCM where there is a key."""

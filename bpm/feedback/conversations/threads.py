"""Names of what we say ourselves: what customers answer to it joins the conversation in which it was said."""

from typing import Any, cast

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite

from bpm.feedback.models import ThreadKey
from bpm.foundation.work import Work

NAMES = cast("Table", ThreadKey.__table__)


def name_thread(work: Work, conversation_id: int, *, source: str, key: str) -> None:
    """Let that name stand for the conversation; a name that stands for one already keeps it."""
    row = {"source": source, "key": key[:400], "customer_key": 0, "conversation_id": conversation_id}
    insert: Any = (postgresql if work.session.get_bind().dialect.name == "postgresql" else sqlite).insert(NAMES)
    known = insert.values(row).on_conflict_do_nothing(index_elements=["source", "key", "customer_key"])
    work.session.execute(known)

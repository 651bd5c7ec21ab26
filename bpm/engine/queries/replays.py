"""What finished cases came to in a draft, as it is kept with it."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from bpm.engine.models import ProcessVersion
from bpm.foundation.work import Work


def get_replay(work: Work, version_id: int) -> Mapping[str, Any] | None:
    """The result (see `engine.replay`), perhaps not whole yet (`done` < `of`); None: none was begun."""
    found: Mapping[str, Any] | None = work.session.scalar(
        select(ProcessVersion.replayed).where(ProcessVersion.id == version_id)
    )
    return found

"""What people said once about a source, remembered for its next file: its zone, order of dates, own speakers."""

from collections.abc import Mapping

from sqlalchemy import select

from bpm.feedback.models import SourceOption
from bpm.foundation.work import Work

REMEMBERED = ("_zone", "_date_order", "_agents", "_customers", "_own")


def with_remembered(work: Work, source: str, mapping: Mapping[str, str]) -> dict[str, str]:
    """The mapping with what was said of the source before, where it says nothing itself."""
    options = work.session.scalar(select(SourceOption.options).where(SourceOption.source == source))
    return {**(options or {}), **mapping}


def remember(work: Work, source: str, mapping: Mapping[str, str]) -> None:
    """Keep what a file's options say of its source; what is not said leaves what was said before."""
    said = {name: value for name, value in mapping.items() if name in REMEMBERED and value}
    if not said:
        return
    row = work.session.scalar(select(SourceOption).where(SourceOption.source == source))
    if row is None:
        work.session.add(SourceOption(source=source, options=said, updated_at=work.now()))
    elif any(row.options.get(name) != value for name, value in said.items()):
        row.options, row.updated_at = {**row.options, **said}, work.now()

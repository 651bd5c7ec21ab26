"""Mappings that people save by name: which column becomes which field, kept, renamed, and thrown away."""

from collections.abc import Mapping

from sqlalchemy import select

from bpm import audit
from bpm.feedback.channels import get_format
from bpm.feedback.channels.fields import check_mapping
from bpm.feedback.models import SavedMapping
from bpm.foundation.errors import ConflictError, InvalidInputError, NotFoundError
from bpm.foundation.texts import _
from bpm.foundation.work import Work

LONGEST_NAME = 120


def save_mapping(work: Work, name: str, *, format_name: str, mapping: Mapping[str, str]) -> None:
    """Keep a mapping under a name; the same name again replaces it. InvalidInputError for bad values."""
    get_format(format_name)
    check_mapping(mapping)
    named = _checked(name)
    row = work.session.scalar(select(SavedMapping).where(SavedMapping.name == named))
    if row is None:
        row = SavedMapping(name=named, format=format_name, mapping={}, created_at=work.now())
        work.session.add(row)
    work.session.flush()
    before = {"mapping": row.mapping or None}
    audit.record(work, "mapping.save", _thing(row), before=before, after={"mapping": dict(mapping)})
    row.format, row.mapping = format_name, dict(mapping)


def rename_mapping(work: Work, mapping_id: int, name: str) -> None:
    """Give it another name. NotFoundError, InvalidInputError without a name, ConflictError for a taken one."""
    row, named = _row(work, mapping_id), _checked(name)
    other = work.session.scalar(select(SavedMapping.id).where(SavedMapping.name == named, SavedMapping.id != row.id))
    if other is not None:
        raise ConflictError(
            _("Another mapping is called %(name)s.") % {"name": named}, remedy=_("Choose another name, or delete it.")
        )
    audit.record(work, "mapping.rename", _thing(row), before={"name": row.name}, after={"name": named})
    row.name = named


def delete_mapping(work: Work, mapping_id: int) -> str:
    """Throw it away; its name. What was imported by it stays as it is. NotFoundError."""
    row = _row(work, mapping_id)
    gone = {"name": row.name, "format": row.format, "mapping": dict(row.mapping)}
    audit.record(work, "mapping.delete", _thing(row), before=gone, after={"mapping": None})
    work.session.delete(row)
    return row.name


def _checked(name: str) -> str:
    named = " ".join(name.split())
    if not named or len(named) > LONGEST_NAME:
        say = _("Give it a name of at most %(most)s characters.") % {"most": LONGEST_NAME}
        raise InvalidInputError(_("The mapping has no name, or too long a one."), remedy=say, fields={"name": say})
    return named


def _row(work: Work, mapping_id: int) -> SavedMapping:
    row = work.session.get(SavedMapping, mapping_id)
    if row is None:
        raise NotFoundError(_("There is no saved mapping %(number)s.") % {"number": mapping_id})
    return row


def _thing(row: SavedMapping) -> audit.Thing:
    return audit.Thing("mapping", row.id, row.name)

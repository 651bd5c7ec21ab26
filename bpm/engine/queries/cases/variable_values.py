"""Whether a case's variable holds a value that a person typed: compared by its kind, at most one level deep."""

import json
import re
from typing import Any

from sqlalchemy import ColumnElement, Text, and_, cast, func, or_
from sqlalchemy.dialects.postgresql import JSONB

from bpm.foundation.errors import InvalidInputError
from bpm.foundation.texts import _
from bpm.foundation.work import Work

_NAME = re.compile(r"[^\W\d][\w -]{0,99}(\.[\w -]{1,100})?")
MOST = 500
"""Characters of a value that is looked for."""


def holds(work: Work, column: ColumnElement[Any], name: str, value: str) -> ColumnElement[bool]:
    """The condition that the variable `name` (or the entry `name.entry` of an object) holds the value.

    What is typed as true, false, null or a number means that, and the text of these letters too; in double quotes it
    means the text alone. A number is not equal to a text elsewhere: 4711 finds 4711, 4711.0 and "4711", never true.
    """
    if not _NAME.fullmatch(name):
        raise InvalidInputError(
            _("%(name)s is no name of a variable.") % {"name": name[:100]},
            place="variable",
            remedy=_("Write a name, or name.entry for an entry of an object."),
        )
    path, meant = name.split("."), _meant(value.strip()[:MOST])
    if work.session.get_bind().dialect.name == "postgresql":
        held = func.jsonb_extract_path(column, *path)
        return or_(*(held == cast(json.dumps(each), Text).cast(JSONB) for each in meant))
    where = "$" + "".join(f'."{part}"' for part in path)
    return or_(*(_on_sqlite(column, where, each) for each in meant))


def _on_sqlite(column: ColumnElement[Any], where: str, value: Any) -> ColumnElement[bool]:
    kind, held = func.json_type(column, where), func.json_extract(column, where)
    if value is None:
        return kind == "null"
    if isinstance(value, bool):
        return kind == ("true" if value else "false")
    if isinstance(value, str):
        return and_(kind == "text", held == value)
    return and_(kind.in_(("integer", "real")), held == value)


def _meant(typed: str) -> list[Any]:
    """What the typed letters may stand for."""
    try:
        value = json.loads(typed, parse_constant=lambda _word: typed)
    except ValueError:
        return [typed]
    if isinstance(value, str):
        return [value]
    is_number = isinstance(value, int | float) and abs(value) < 2**63
    return [value, typed] if value is None or is_number else [typed]

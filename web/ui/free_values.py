"""The field in which operators type variables by name, read or refused line by line."""

from typing import Any

import orjson
from flask import request

from bpm.foundation.errors import InvalidInputError
from bpm.foundation.texts import _
from web.ui.fields import Field
from web.ui.posted import Posted

FREE = Field(
    name="free values",
    label="Values",
    kind="area",
    help="One on each line, as name = value. Numbers, true, false and JSON are taken as such, the rest as text.",
)
"""Where operators change variables; staff meet it nowhere."""


def read_free(posted: Posted) -> tuple[dict[str, Any], dict[str, str]]:
    """The lines of the field `FREE` as values, and what could not be read."""
    values: dict[str, Any] = {}
    for number, line in enumerate(posted.get(FREE.name, "").splitlines(), start=1):
        name, sign, text = (part.strip() for part in line.partition("="))
        if not line.strip():
            continue
        if not (sign and name.isidentifier()):
            return values, {FREE.name: f"Line {number} is not of the form name = value."}
        try:
            values[name] = orjson.loads(text)
        except ValueError:
            values[name] = text
    return values, {}


def typed_values() -> dict[str, Any]:
    """The variables typed into the form's free field; InvalidInputError names the line that cannot be read."""
    values, problems = read_free(request.form)
    if problems:
        raise InvalidInputError(
            _("The values were not taken. %(problem)s") % {"problem": problems[FREE.name]},
            remedy=_("Nothing was changed."),
            fields=problems,
        )
    return values

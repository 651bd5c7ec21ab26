"""The free field of forms in which an operator types variables, read or refused line by line."""

from typing import Any

from flask import request

from bpm.foundation.errors import InvalidInputError
from web.ui.fields import FREE, read_free


def typed_values() -> dict[str, Any]:
    """The variables typed into the form's free field; InvalidInputError names the line that cannot be read."""
    values, problems = read_free(request.form)
    if problems:
        raise InvalidInputError(
            f"The values were not taken. {problems[FREE.name]}", remedy="Nothing was changed.", fields=problems
        )
    return values

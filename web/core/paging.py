"""Keyset paging: a list goes on after the last row seen, so that page 1,000 costs as much as page 1."""

from flask import request

from bpm.foundation.errors import InvalidInputError
from web.core.numbers import key_of

SIZE = 50
"""Rows of one page."""


def after(name: str = "after") -> int | None:
    """The key after which the list goes on, from ?after=; None at its beginning. `name`: of a page's second list."""
    raw = request.args.get(name, "")
    if not raw:
        return None
    key = key_of(raw)
    if key is None:
        raise InvalidInputError("The address does not say where the list goes on.", remedy="Start at the first page.")
    return key

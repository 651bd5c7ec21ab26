"""How much one request may ask for: its query and its form have a bounded length, number of fields and of values."""

from collections import Counter

from flask import Flask, request

from bpm.foundation.errors import InvalidInputError, TooLargeError

LONGEST_QUERY = 16_000
"""Bytes after the `?`: twice what browsers and proxies agree on, and far more than a page of filters writes."""
MOST_PARAMETERS = 200
MOST_VALUES_EACH = 50
"""How often one name may come in a query."""
LONGEST_FORM = 2_000_000
"""Bytes of a form without files."""
MOST_FIELDS = 5_000
"""Of a form without files: a million of them, two bytes each, would take a second to read."""

REMEDY = "Ask for less at once; a page's own links and forms stay far below this."


def set_up(app: Flask) -> None:
    """Refuse what is over the bounds before anything looks at it."""
    app.config["MAX_FORM_MEMORY_SIZE"] = LONGEST_FORM
    app.before_request(_check_query)
    app.before_request(_check_form)


def _check_query() -> None:
    query = request.query_string
    if len(query) > LONGEST_QUERY:
        raise InvalidInputError(
            f"The address asks for too much: {len(query):,} bytes after the question mark, at most {LONGEST_QUERY:,}.",
            remedy=REMEDY,
        )
    if query.count(b"&") >= MOST_PARAMETERS:
        raise InvalidInputError(f"The address has more than {MOST_PARAMETERS} parameters.", remedy=REMEDY)
    often = Counter(pair.partition(b"=")[0] for pair in query.split(b"&"))
    if often.most_common(1)[0][1] > MOST_VALUES_EACH:
        raise InvalidInputError(f"The address gives one name more than {MOST_VALUES_EACH} values.", remedy=REMEDY)


def _check_form() -> None:
    """Forms with files are bounded by Flask (MAX_FORM_PARTS); those without are not."""
    if request.mimetype != "application/x-www-form-urlencoded":
        return
    if (request.content_length or 0) > LONGEST_FORM:
        raise TooLargeError(f"The form is larger than {LONGEST_FORM:,} bytes.", remedy="Send less at once.")
    if request.get_data(cache=True, parse_form_data=False).count(b"&") >= MOST_FIELDS:
        raise TooLargeError(f"The form has more than {MOST_FIELDS:,} fields.", remedy="Send less at once.")

"""Whole numbers that people and other systems write into addresses and forms: keys, or nothing."""

import re

from werkzeug.routing import IntegerConverter, Map

LARGEST_KEY = 2**63 - 1
"""What the databases can hold as a key; an address with a larger number names nothing."""


class KeyConverter(IntegerConverter):
    """`<int:...>` in a route: a number that can be a key, else there is no such page."""

    def __init__(self, url_map: Map) -> None:
        super().__init__(url_map, max=LARGEST_KEY)


def key_of(written: str) -> int | None:
    """The key written in plain digits; None for anything else, and for what no database can hold."""
    number = int(written) if re.fullmatch(r"[0-9]{1,19}", written) else None
    return number if number is not None and number <= LARGEST_KEY else None

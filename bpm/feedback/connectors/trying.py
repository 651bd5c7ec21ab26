"""A connection tried before it is kept: the first items, or what is wrong and what to do about it."""

from collections.abc import Mapping
from dataclasses import dataclass

from bpm.feedback.channels import Row
from bpm.feedback.connectors.connection import Connection
from bpm.feedback.connectors.keeping import get_connector, secrets_of
from bpm.feedback.connectors.mail import own_addresses
from bpm.feedback.connectors.polling import door_of
from bpm.feedback.connectors.reading import Meaning, read_some
from bpm.feedback.connectors.wishes import check_wish
from bpm.foundation.errors import EarshotError
from bpm.foundation.work import Transactions

SHOWN = 5
"""Rows that a trial shows."""


@dataclass(frozen=True)
class Trial:
    """The first rows as they would come in, or the problem with its remedy."""

    rows: tuple[Row, ...] = ()
    problem: str = ""


def try_connector(
    transactions: Transactions, kind: str, given: Mapping[str, str], *, connector_id: int | None = None
) -> Trial:
    """Ask it once and keep nothing. InvalidInputError with `fields` when what was filled in does not fit."""
    with transactions.reading() as work:
        kept = secrets_of(work, get_connector(work, connector_id)) if connector_id is not None else {}
        door, now, own = door_of(work.settings), work.now(), own_addresses(work)
    wish = check_wish(kind, given, kept=frozenset(kept))
    connection = Connection(wish.settings, {}, door, now, secrets={**kept, **wish.secrets}, trial=True)
    try:
        fetched = wish.kind.fetch(connection)
        meaning = Meaning(wish.channel, wish.name, wish.settings, own)
        return Trial(tuple(read_some(fetched, meaning, now=now, rows=SHOWN)))
    except EarshotError as error:
        return Trial(problem=str(error))

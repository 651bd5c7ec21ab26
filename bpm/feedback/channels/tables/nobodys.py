"""Rows of a table in which no customer speaks: sums below the answers, posts that are gone, what a program wrote."""

import re

from bpm.feedback.raw_item import RawItem
from bpm.foundation.texts import _

_TOTALS = re.compile(
    r"(?:grand\s)?totals?|sub-?totals?|sum|average|mean|median|count|overall|gesamt(?:summe|ergebnis)?|summe|mittelwert"
    r"|durchschnitt|anzahl|total\sgeneral|promedio|suma|moyenne|somme|media|totale|gemiddelde|totaal",
    re.IGNORECASE,
)
_GONE = frozenset(("[deleted]", "[removed]", "[deleted by user]", "[removed by reddit]", "[ removed by reddit ]"))
_IS_A_BOT = "i am a bot, and this action was performed automatically"
_BOTS = frozenset(("automoderator",))


def why_nobodys(item: RawItem) -> str:
    """Why an item of a table is nobody's voice; empty when it is somebody's."""
    words = item.text.strip()
    if words.casefold() in _GONE:
        return _("deleted or removed: its words are gone")
    if item.author_handle.casefold() in _BOTS or _IS_A_BOT in words[:5_000].casefold():
        return _("a bot's words")
    known = (item.natural_key, item.author_name, item.author_handle, item.author_email, item.author_phone)
    alone = item.said_at is None and not any(known) and not item.author_id
    return _("a row of totals") if alone and _TOTALS.fullmatch(words.rstrip(": ")) else ""

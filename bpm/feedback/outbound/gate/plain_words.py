"""Plain language: euphemisms, hedges and the passive in what goes out, each with a better way. Never blocks."""

import re
from functools import cache
from pathlib import Path
from typing import Any

import orjson

from bpm.feedback.outbound.gate.verdict import Remark
from bpm.foundation.texts import _

FILE = Path(__file__).with_name("plain_words.json")
MOST_HINTS = 6
LONGEST = 20_000


def plain_hints(text: str) -> tuple[Remark, ...]:
    """What could be said more plainly, in the order in which it stands in the text."""
    lists, found = _lists(), list[tuple[int, Remark]]()
    low = " ".join(re.sub(r"…|\.{3}", " ", text[:LONGEST].replace("’", "'")).casefold().split())
    for phrase in lists["phrases"]:
        at = _place_of(phrase["find"], low)
        if at >= 0:
            said = _("“%(words)s” is a %(kind)s.") % {"words": phrase["find"], "kind": phrase["kind"]}
            found.append((at, Remark("plain", said, phrase["better"])))
    passive = _passive().search(low)
    if passive is not None:
        said = _("“%(words)s” leaves out who does it.") % {"words": passive[0]}
        found.append((passive.start(), Remark("plain", said, lists["passive"]["better"])))
    return tuple(remark for _at, remark in sorted(found, key=lambda each: each[0])[:MOST_HINTS])


def _place_of(words: str, text: str) -> int:
    found = re.search(rf"(?<!\w){re.escape(words)}(?!\w)", text)
    return found.start() if found else -1


@cache
def _lists() -> dict[str, Any]:
    lists: dict[str, Any] = orjson.loads(FILE.read_bytes())
    return lists


@cache
def _passive() -> re.Pattern[str]:
    words = _lists()["passive"]
    helpers, irregular = "|".join(words["helpers"]), "|".join(words["irregular"])
    return re.compile(rf"\b(?:{helpers}) (?:being )?(?:\w{{3,30}}ed|{irregular})\b")

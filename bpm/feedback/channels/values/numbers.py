"""Ratings as people and tools write them: a number, a number out of so many, stars that can be counted."""

import math
import re

from bpm.feedback.channels.values.dates import is_filler
from bpm.feedback.channels.values.month_names import MONTHS
from bpm.feedback.channels.values.plain import plain
from bpm.foundation.texts import _

_FULL, _EMPTY = "★⭐🌟✭✮", "☆✩"
_STARS = re.compile(rf"^[{_FULL}{_EMPTY}\ufe0f½ ]+$|^\*{{1,10}}$")
_OUT_OF = r"(?:\s?/\s?|\s(?:out of|of|von|sur|de|su|van|av|af|z|из)\s)\d{1,3}(?:[.,]0)?(?![\d/.])"
_UNIT = (
    r"\s?(?:stars?|sterne?|étoiles?|estrellas?|stelle|stella|sterren|estrelas?|stjärnor|points?|punkte?|pts?\b\.?"
    rf"|[{_FULL}]\ufe0f?)"
)
_LEADING = re.compile(
    rf"^[+]?(?P<number>-?\d{{1,6}}(?:[.,]\d{{1,6}})?)(?P<half>\s?½)?(?:(?:{_OUT_OF})(?:{_UNIT})?(?:\s.{{0,200}})?"
    rf"|(?:{_UNIT})?(?:\s?[-–—:=|(,.]\s?(?P<words>\D.{{0,200}}))?)$",
    re.IGNORECASE | re.DOTALL,
)
_WITHIN = re.compile(rf"^[^\d]{{1,40}}\b(\d{{1,3}}(?:[.,]\d{{1,3}})?){_OUT_OF}[^\d]{{0,40}}$", re.IGNORECASE)
_AT_THE_END = re.compile(r"^[^\d]{1,100}\((-?\d{1,3}(?:[.,]\d{1,3})?)\)$")
_ENUM = {"ONE": 1.0, "TWO": 2.0, "THREE": 3.0, "FOUR": 4.0, "FIVE": 5.0}
"""How the Google Business Profile API writes stars."""


def read_number(value: object) -> tuple[float | None, str]:
    """A rating and, when there is none, why (empty where the cell says that it has none).

    `9`, `4,5`, `9/10`, `9 out of 10`, `10 - extremely likely`, `5 stars`, `★★★★☆`. Words alone are no number, and a
    share in per cent is none of the scale's.
    """
    if value is None or is_filler(value):
        return None, ""
    written = str(value).strip()
    found = None if isinstance(value, bool) else _number(written[:400])
    if found is None or not math.isfinite(found):
        return None, _("%(value)r is no number") % {"value": written[:60]}
    return found, ""


def _number(written: str) -> float | None:
    if written in _ENUM:
        return _ENUM[written]
    if _STARS.match(written):
        return sum(written.count(star) for star in _FULL + "*") + 0.5 * written.count("½") or None
    if match := _LEADING.match(written):
        return None if _is_a_date(match["words"]) else _of(match["number"]) + (0.5 if match["half"] else 0)
    if match := _AT_THE_END.match(written) or _WITHIN.match(written):
        return _of(match[1])
    try:
        return float(written) if written[0] in "+-.0123456789" else None
    except ValueError:
        return None


def _of(digits: str) -> float:
    return float(digits.replace(",", "."))


def _is_a_date(words: str | None) -> bool:
    """Spreadsheets turn 4/5 into `4. Mai` or `5-Apr`."""
    first = re.match(r"[^\W\d_]+", words or "")
    return first is not None and plain(first[0]) in MONTHS

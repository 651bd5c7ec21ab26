"""Street addresses, only where a street with its number and a postcode stand together, or a cue names one."""

import re
from collections.abc import Iterator

from bpm.feedback.privacy.mask.near import FAR, Stretches, matches, near_digits
from bpm.feedback.privacy.mask.spans import Span

_STATES = (
    "AL AK AZ AR CA CO CT DE FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND OH OK OR PA "
    "RI SC SD TN TX UT VT VA WA WV WI WY DC AS GU MP PR VI FM MH PW AA AE AP"
).replace(" ", "|")
_AMERICAN = re.compile(rf"\b(?i:({_STATES}))\.?,? (\d{{5}}(?:-\d{{4}})?)(?![\w-])")
_BRITISH = re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}\b", re.IGNORECASE)
_CONTINENTAL = re.compile(
    r"(?<![\w.,-])(?:[DF]-)?\d{5} +(?=[A-ZÀ-ÖØ-Þ])"
    r"[A-ZÀ-ÖØ-Þ][\w'’.-]{0,40}(?: (?:(?:an|am|ob|bei|im|in|sur|de|du|la|le|les|der|den|dem|vor|unter)\b ?){0,2}"
    r"[A-ZÀ-ÖØ-Þ][\w'’.-]{0,40}){0,2}"
)
_STREET_WORDS = (
    "street|st|avenue|ave|road|rd|lane|ln|drive|dr|boulevard|blvd|court|ct|way|close|crescent|place|pl|terrace|square|"
    "sq|highway|hwy|parkway|pkwy|circle|cir|trail|row|mews|grove|gardens|alley|plaza"
)
_ENGLISH = re.compile(
    rf"\b\d{{1,6}}[A-Za-z]?,? (?:[\w'.-]{{1,30}} ){{1,4}}(?:{_STREET_WORDS})\b\.?"
    r"(?:,? (?:apt|suite|unit|flat|ste|#)\.? ?\w{1,6})?",
    re.IGNORECASE,
)
_NUMBERED = re.compile(
    r"(?:\b(?:flat|studio|apt\.?|unit|suite|psc|box)\s[\dA-Za-z]{1,6}\b|(?<![\w.,$€£-])\d{1,6}[A-Za-z]?\b|\bUSN[SV]|\bUSS|\bUSCGC|\bUnit)",
    re.IGNORECASE,
)
_GERMAN = re.compile(
    r"[A-ZÄÖÜ][\w.-]{0,40}(?: [A-ZÄÖÜ][\w.-]{0,40}){0,3}?(?:straße|strasse|str\.?|weg|"
    r"allee|platz|gasse|ring|damm|ufer|chaussee|stieg|pfad|"
    r"Straße|Strasse|Str\.|Weg|Allee|Platz|Gasse|Ring|Damm|Ufer) ?\d{1,5}(?: ?[a-z]\b)?(?:[-/]\d{1,5})?",
)
_FRENCH = re.compile(
    r"(?:\b\d{1,4}(?: ?(?:bis|ter))?,? )?\b(?:rue|avenue|av\.|boulevard|bd|chemin|place|impasse|"
    r"allée|quai|route|cours|square)"
    r" (?:[\w'’.-]{1,30}[ ,]{0,2}){1,5}",
    re.IGNORECASE,
)
_CUE = re.compile(
    r"\b(?:address|addresse|adress|adresse|live at|lives at|living at|reside at|deliver(?:ed)? to|ship(?:ped)? to|"
    r"sen[dt] to|moved to|wohne in|wohnhaft|wohne in der|habite)"
    r"(?: (?:is|at|now|changed to|ist|lautet|est|to|the|au|:))*:?\s*$",
    re.IGNORECASE,
)
_REACH, _CUE_REACH = 130, 40


def addresses(text: str, low: str, near: Stretches) -> Iterator[Span]:
    """The spans of street addresses; `low` is the text in lower case, `near` where its digits are."""
    for found in matches(_AMERICAN, text, near):
        start = _numbered_before(text, found.start(), written_large=found[1].isupper())
        if start is not None:
            yield Span("address", start, found.end())
    for found in matches(_BRITISH, text, near):
        start = _numbered_before(text, found.start(), written_large=True)
        if start is not None and any(each.isalpha() for each in text[start : found.start()]):
            yield Span("address", start, found.end())
    far = near_digits(text, FAR)
    yield from _continental(text, far)
    yield from _by_cue(text, low, far)


def _numbered_before(text: str, end: int, *, written_large: bool) -> int | None:
    """Where the house or flat number begins that a postcode at `end` belongs to, in the same sentence."""
    begin = max(0, end - _REACH)
    window = text[begin:end]
    for mark in (". ", "? ", "! ", "; "):
        cut = _last_sentence_end(window, mark)
        begin, window = begin + cut, window[cut:]
    numbers = list(_NUMBERED.finditer(window))
    if not numbers or (not written_large and not _ENGLISH.search(window)):
        return None
    first = _ENGLISH.search(window)
    chosen = first.start() if first else numbers[0].start()
    flats = [each.start() for each in numbers if each[0][0].isalpha()]
    return begin + min([chosen, *flats]) if len(window) - chosen >= 6 else None


def _last_sentence_end(window: str, mark: str) -> int:
    """Where the last sentence begins; "Apt. 5" and "St. Ives" end none."""
    place = window.rfind(mark)
    if place < 0 or re.search(r"\b(?:apt|st|ave|rd|blvd|dr|ln|ste|no|str|hwy|n|s|e|w)$", window[:place], re.IGNORECASE):
        return 0
    return place + len(mark)


def _continental(text: str, near: Stretches) -> Iterator[Span]:
    places = list(matches(_CONTINENTAL, text, near))
    if not places:
        return
    for found in places:
        begin = max(0, found.start() - 80)
        window = text[begin : found.start()]
        for pattern in (_GERMAN, _FRENCH):
            streets = [each for each in pattern.finditer(window) if not window[each.end() :].strip(" ,\n\r\t-")]
            if streets:
                yield Span("address", begin + streets[0].start(), found.start() + len(found[0].rstrip(" ,.\n")))
                break


def _by_cue(text: str, low: str, near: Stretches) -> Iterator[Span]:
    """A street and its number right after "my address is", "I live at", "ship to"."""
    if not any(
        cue in low
        for cue in ("address", "adress", "live", "living", "reside", "ship", "send to", "sent to", "wohn", "habite")
    ):
        return
    for pattern in (_ENGLISH, _GERMAN, _FRENCH):
        for found in matches(pattern, text, near):
            if any(each.isdigit() for each in found[0]) and _CUE.search(
                text[max(0, found.start() - _CUE_REACH) : found.start()]
            ):
                yield Span("address", found.start(), found.start() + len(found[0].rstrip(" ,")))

"""Names of people, only where the words around say that one stands there: "my name is", "Mrs", a closing line."""

import re
from collections.abc import Iterator

from bpm.feedback.privacy.mask.spans import Span
from bpm.feedback.privacy.mask.words import words

_TOLD = re.compile(
    r"(?:(?:^|[\n.,;!?]\s*|\band |\bsure |\byes |\bmy )(?:customer )?name ?(?:is|:)|"
    r"\b(?:my (?:full |first |last |real )?name(?: is|'s|:|’s)|(?:full |first |last |customer )name(?: is|:)|"
    r"(?<=\bhis )name is|(?<=\bher )name is|the name is|ich heiße|ich heisse|mein name ist|mein name:|name lautet|"
    r"je m'appelle|je m’appelle|mon nom est|nom ?:|me llamo|mi chiamo))\s+",
    re.IGNORECASE,
)
_TITLE = re.compile(
    r"\b(?:Mr|Mrs|Ms|Miss|Mx|Herrn?|Frau|Mme|Mlle|Madame|Monsieur)\b\.? "
    r"(?:(?:Dr|Prof)\.? )?((?:(?:von|van|de|du|la|le|der|den|di|da) ){0,3}(?:[A-ZÀ-ÖØ-Þ][\w'’.-]{1,30})"
    r"(?: (?:(?:von|van|de|du|la|le|der|Le|La|De)\b ?){0,3}[A-ZÀ-ÖØ-Þ][\w'’-]{1,30}){0,2})"
)
_INTRODUCED = re.compile(
    r"(?i:\bthis is|\bhier ist|\bici) ([A-ZÀ-ÖØ-Þ][\w'’-]{1,30}(?: [A-ZÀ-ÖØ-Þ][\w'’.-]{0,30}){1,2})"
    r"(?= (?:calling|speaking|am Apparat|à l'appareil)\b)"
)
_CLOSING = re.compile(
    r"(?:^|\n)[ \t]*(?:(?:kind|best|warm|many|with kind|with best)? ?(?:regards|wishes|greetings)|"
    r"thanks(?: and regards)?|"
    r"many thanks|thank you|cheers|sincerely|yours(?: sincerely| faithfully| truly)?|respectfully|"
    r"mit freundlichen grüßen|mit freundlichen gruessen|freundliche grüße|viele grüße|beste grüße|liebe grüße|gruß|mfg|"
    r"cordialement|bien cordialement|salutations|bien à vous|sincères salutations)[ \t]*[,.!]?[ \t]*\n{1,2}[ \t]*"
    r"([A-ZÀ-ÖØ-Þ][\w'’.-]{0,30}(?: [A-ZÀ-ÖØ-Þ][\w'’.-]{0,30}){0,3})[ \t]*(?=\n|$)",
    re.IGNORECASE,
)
_STOP = words(
    "and but or my i is ssn account acc ac number no the a an email mail id card phone contact with from on in not for "
    "to of it its credit last first policy address city zip pin order booking confirmation und aber ich et mais je "
    "please thank thanks sir mam madam here there also that this wrong spelled spelt misspelled correct incorrect "
    "already still so very too what which who how why when where being on listed under showing displayed required "
    "empty blank missing taken used unknown private hidden associated in can you could will was has have had are am "
    "saved just mine yours strictly amazing her his their salad social security password user username company "
    "new old same different changed"
)
_NAME = re.compile(r"[^\W\d_](?:[^\W\d_]|['’.-]{1,2}(?=[^\W\d_]))*\.?")
_MOST = 3
_ASKED_NAME = re.compile(
    r"\b(?:your|ihren?|votre) (?:(?:full|first|last|vollen|vollständigen) )?(?:name|nom)\b", re.IGNORECASE
)
_ANSWERS = words("yes yeah yep sure ok okay hi hello hey nope wait hold hmm sorry certainly ja nein oui non one moment")
_PARTICLES = words("de du la le van von der den zu zur da di dos bin al el del des")
_TITLES = words("mr mrs ms miss mx dr prof ing dipl dipl.-ing univ.prof univ herr frau mme mlle sir")
_DEGREE = re.compile(r",? (?:MD|DDS|DVM|PhD|Jr\.?|Sr\.?|II|III|IV|V|MBA\.?|B\.\w+\.?|M\.\w+\.?)(?!\w)")
_FAMOUS = words("bean robot president right perfect wonderful t trump beast burns krabs miyagi incredible nice")


def answered_name(text: str, asked: str) -> Iterator[Span]:
    """A name that is all of the answer to a question for one."""
    stripped = text.strip(" .,!\n")
    parts = stripped.split()
    if (
        1 <= len(parts) <= _MOST
        and _ASKED_NAME.search(asked)
        and all(_NAME.fullmatch(each) and each.casefold() not in _STOP | _ANSWERS for each in parts)
    ):
        start = text.index(stripped)
        yield Span("name", start, start + len(stripped))


def names(text: str, low: str) -> Iterator[Span]:
    """The spans of names; `low` is the text in lower case."""
    if "name" in low or "heiß" in low or "heiss" in low or "appelle" in low or "nom" in low or "llamo" in low:
        for found in _TOLD.finditer(text):
            end = _name_from(text, found.end())
            if end > found.end():
                yield Span("name", found.end(), end)
    for found in _TITLE.finditer(text):
        if found[1].casefold().rstrip(".") not in _FAMOUS:
            yield Span("name", *found.span(1))
    yield from (Span("name", *found.span(1)) for found in _INTRODUCED.finditer(text))
    if "\n" in text:
        yield from (Span("name", *found.span(1)) for found in _CLOSING.finditer(text) if _is_written_as_name(found[1]))


def _name_from(text: str, start: int) -> int:
    """Where a name that begins at `start` ends: three words beside titles and particles, parted by blanks."""
    end, place, count = start, start, 0
    while count < _MOST and (word := _NAME.match(text, place)):
        said = word[0].casefold().rstrip(".")
        if said in _STOP or not said.strip("x") or (end > start and _ends_case(text, start, word)):
            break
        small = said in _PARTICLES or said in _TITLES
        count += not small
        end = word.end() - (word[0].endswith(".") and not small and len(word[0]) > 2)
        if end < word.end() or text[end : end + 1] not in (" ", "\u00a0"):
            break
        place = end + 1
    degree = _DEGREE.match(text, end) if end > start else None
    return degree.end() if degree else end


def _ends_case(text: str, start: int, word: re.Match[str]) -> bool:
    """After a name in capitals a small word is no more of it, but "de", "van" and their like."""
    small = word[0][0].islower() and word[0].casefold() not in _PARTICLES
    return text[start].isupper() and small


def _is_written_as_name(written: str) -> bool:
    parts = written.split()
    return parts[0][0].isupper() and all(
        (each[0].isupper() or each in _PARTICLES) and each.strip("X.") and each.casefold() not in _STOP
        for each in parts
    )

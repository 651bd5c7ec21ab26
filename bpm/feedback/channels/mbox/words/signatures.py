"""What programs and lawyers add to people's words: signatures, lines of devices, footers, a gateway's warnings."""

import re
from collections.abc import Sequence
from functools import lru_cache

from bpm.feedback.channels.mbox.languages import alternatives, folded, one_of, phrases

MOST_SIGNED = 20
"""Lines of a signature at most; what is longer are words."""
LONGEST_DEVICE = 90
"""Characters of a device's line."""
_MOST_BELOW = 3 * MOST_SIGNED

_BRANDS = (
    r"(?:iphone|ipad|ipod|android|samsung|galaxy|huawei|xiaomi|redmi|oppo|oneplus|pixel|nokia|htc|xperia|motorola|"
    r"blackberry|windows|outlook|yahoo|gmail|icloud|proton ?mail|gmx|web\.de|mail\.ru|aol|thunderbird|fairphone|"
    r"bluemail|fastmail|spark|mailbird|hotmail|live mail|webmail|t-online|orange|vivo|honor|airmail|canary|"
    r"superhuman|яндекс|mail für|mail for|mail pour|correo para|posta per|naver|qq|163|foxmail|tutanota|tuta|zoho|"
    r"k-9|ios|mail app)"
)
_WHOLE_SENTENCE = re.compile(r"[!?；;]|[.:](?=\s+\w)")
_LIST = re.compile(r"^\s*(?:[-*•·–]\s|\(?\d{1,3}[.)]\s|[a-z][.)]\s)", re.IGNORECASE)
_CONTACT = re.compile(
    r"@|https?://|www\.|\+?\d[\d ()/.-]{6,}\d|\b(?:tel|fax|mob|phone|telefon|gmbh|ltd|inc|llc)\b", re.IGNORECASE
)
_WARNS = re.compile(
    r"^\s*\W*\[|caution|warning|attention|\bclick|attachments?\b|achtung|vorsicht|anhäng|anhang|prudence|"
    r"pièces? jointe|\bliens?\b|precaución|adjunto|enlaces|cuidado|anexos?|atenção|attenzione|allegat|let op|bijlage|"
    r"varning|advarsel|bilag|vedlegg|bilagor|varoitus|liitte|uwaga|załączn|pozor|příloh|figyelem|mellékl|atenție|"
    r"atașament|dikkat|вниман|вложен|увага|вкладен|προσοχή|συνημμέν|注意|添付|附件|주의|첨부"
)
"""What such a warning is about, beside where the mail came from."""
_LINK = re.compile(r"\s*<?https?://\S{1,300}>?|\s*\[https?://\S{1,300}\]")


def is_device_line(line: str) -> bool:
    """Whether a phone or mail program wrote the line: `Sent from my iPhone`, in any language."""
    if len(line) > LONGEST_DEVICE + 320:
        return False
    plain = _LINK.sub("", folded(line)).strip(" \t*_-–—<>[]()|~.:。")
    if not 4 < len(plain) <= LONGEST_DEVICE or _WHOLE_SENTENCE.search(plain):
        return False
    return any(form.match(plain) for form in _device_lines())


@lru_cache(maxsize=1)
def _device_lines() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """`Sent from ... iPhone ...`, and forms with the verb at the end; both hold a device and no comma before it."""
    of_device = rf"[^\s,，]{{0,20}}?(?:{_BRANDS}|{one_of('devices')})[^\s,，]{{0,20}}"
    begins = alternatives(each for each in phrases("device") if "…" not in each)
    closed = "|".join(
        rf"{_part(start)}(?:[^\s,，]{{1,20}}\s+){{0,3}}?{of_device}(?:\s+\S{{1,20}}){{0,3}}?\s*{_part(end)}"
        for start, end in (each.split("…") for each in phrases("device") if "…" in each)
    )
    return (
        re.compile(rf"{begins}\s*(?:[^\s,，]{{1,20}}\s+){{0,4}}?{of_device}(?:,?\s+\S{{1,20}}){{0,3}}$"),
        re.compile(rf"(?:{closed})$"),
    )


def _part(written: str) -> str:
    plain = re.escape(written.strip())
    return rf"{plain}\s+" if plain and written.endswith(" ") else plain


def signature_length(lines: Sequence[str], place: int) -> int:
    """How many lines the signature takes that begins at this line; 0: it begins none.

    The mark is two dashes and a space (RFC 3676, 4.3). Where programs took the space away, or people drew a line, what
    follows decides: a list or sentences are words.
    """
    line = lines[place]
    if line.rstrip("\r\n") not in ("-- ", "--", "-- \xa0", "—", "– ", "--\xa0") or place == 0:
        return 0
    before = next((each for each in reversed(lines[max(0, place - 3) : place]) if each.strip()), "")
    length = _until_old_mail(lines, place + 1)
    if length > _MOST_BELOW:
        return 0
    below = [each for each in lines[place + 1 : place + 1 + length] if each.strip()]
    if not below:
        return 1
    if is_device_line(below[0]):
        return 1
    if before.rstrip().endswith((":", "：")) or _LIST.match(below[0]):
        return 0
    if len(below) > MOST_SIGNED:
        return 0
    if line.startswith("--") and line.endswith((" ", "\xa0")):
        return length + 1
    return length + 1 if _looks_signed(below) else 0


def _until_old_mail(lines: Sequence[str], start: int) -> int:
    for at in range(start, min(len(lines), start + _MOST_BELOW + 1)):
        if lines[at].startswith(">"):
            return at - start
    return len(lines) - start


def _looks_signed(below: Sequence[str]) -> bool:
    """Names, places and numbers, no sentences."""
    if any(len(each) > 70 for each in below):
        return False
    sentences = sum(each.rstrip().endswith((".", "!", "?", "。")) and len(each.split()) > 2 for each in below)
    return sentences == 0 and (len(below) <= 3 or any(_CONTACT.search(each) for each in below))


_SHORT_FOOTER = re.compile(
    r"\W*(?:virus-free|virenfrei|sans virus|libre de virus|privo di virus|livre de vírus|virusvrij)\b\.?.{0,60}"
    r"|\W*(?:this e-?mail|diese e-?mail|cet e-?mail|ce courrier|este (?:correo|e-?mail)|questa e-?mail|dit e-?mail)"
    r".{0,60}\b(?:viruses|viren|virus)\b.{0,120}\b(?:avast|avg|avira|norton|mcafee|kaspersky|eset)\b.{0,80}"
    r"|(?=.{0,120}(?:environment|tree|umwelt|bäume|environnement|ambiente|milieu|miljö|miljø))"
    r".{0,60}\b(?:before (?:you )?print(?:ing)?|bevor sie diese|vor dem (?:aus)?drucken|avant d'imprimer"
    r"|antes de imprimir"
    r"|prima di stampare|voordat u (?:deze|dit)|innan du skriver ut|før du (?:printer|skriver ut))\b.{0,120}",
    re.DOTALL,
)
"""What virus scanners and friends of trees put below."""


def is_footer(paragraph: str) -> bool:
    """Whether a paragraph is a lawyer's footer (this mail, its recipient, what is forbidden) or a program's."""
    plain = folded(paragraph[:3000])
    if len(plain) < 250 and _SHORT_FOOTER.fullmatch(plain.strip()):
        return True
    if (len(plain) < 60 and not re.search(r"[\u3040-\uffef]", plain)) or not _mail().search(plain[:600]):
        return False
    return len(set(_legal().findall(plain))) >= 2


@lru_cache(maxsize=1)
def _mail() -> re.Pattern[str]:
    return re.compile(one_of("mail"))


@lru_cache(maxsize=1)
def _legal() -> re.Pattern[str]:
    return re.compile(one_of("legal"))


def is_warning(paragraph: str) -> bool:
    """Whether a paragraph at the top is a mail gateway's warning: `This email originated from outside ...`."""
    plain = folded(paragraph)
    return len(plain) < 600 and bool(_outside().search(plain)) and bool(_WARNS.search(plain))


@lru_cache(maxsize=1)
def _outside() -> re.Pattern[str]:
    return re.compile(one_of("outside"))

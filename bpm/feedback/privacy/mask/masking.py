"""`mask`: what is private in one text; a cheap look first, since most texts hold nothing of the kind."""

import re

from bpm.feedback.privacy.mask.addresses import addresses
from bpm.feedback.privacy.mask.cues import cue_before
from bpm.feedback.privacy.mask.mails import mails
from bpm.feedback.privacy.mask.names import answered_name, names
from bpm.feedback.privacy.mask.national import national_numbers
from bpm.feedback.privacy.mask.near import has, near_digits
from bpm.feedback.privacy.mask.numbers import numbers
from bpm.feedback.privacy.mask.plain import Plain
from bpm.feedback.privacy.mask.spans import Masked, Span, replaced, settle
from bpm.feedback.privacy.mask.spoken import spoken_numbers
from bpm.feedback.privacy.mask.words import words, words_of

_DIGITS = re.compile(r"\d\D{0,3}\d\D{0,3}\d")
_POSTCODE = re.compile(r"\d{5}|\d[A-Za-z]{2}\b")
_HOMES = (
    "address",
    "adress",
    "live",
    "living at",
    "reside",
    "ship",
    "send to",
    "sent to",
    "moved to",
    "wohn",
    "habite",
)
_MAILS = ("mail", "@", " at ", "(at", "[at", "yahoo", "outlook", "arobase", "gamil", "icloud", "gmx", "aol")
_NAMES = ("name", "appelle", "heiss", "llamo", "chiamo", "this is ", "hier ist ", "\n")
_TITLES = words("mr mrs ms miss mx herr herrn frau mme mlle madame monsieur nom")
_NUMBERS = words(
    "zero oh one two three four five six seven eight nine double null eins zwei zwo drei vier fünf sechs sieben "
    "acht neun zéro un deux trois quatre cinq sept huit neuf"
)
_NUMBER_WORDS = re.compile(rf"(?:(?:{'|'.join(sorted(_NUMBERS))})[\s,.-]{{1,3}}){{2}}")


def mask(text: str, *, asked: str = "") -> Masked:
    """The text with `[type]` in place of what is private, and the spans in characters of `text`.

    `asked` is what was said or asked right before it: "1234" says nothing, after "Your account number?" it does.
    Nothing of a value stays, not its last four. What is masked already is found again as it is: `mask` twice is once.
    """
    if not text:
        return Masked(text)
    plain = Plain(text)
    spans = plain.back(_found(plain.text, asked))
    if (whole := plain.joined()) is not None:
        cut = (span for span in _found(whole.text, asked) if whole.crosses(span))
        spans += whole.back(span for span in cut if _is_sure(whole.text, span))
    if not spans:
        return Masked(text)
    settled = settle(spans)
    return Masked(replaced(text, settled), settled)


def _is_sure(text: str, span: Span) -> bool:
    """Two lines are one number only where check digits or the words before say so."""
    return span.type in ("card", "iban", "email") or cue_before(text, span.start).meaning == span.type


def _found(text: str, asked: str) -> list[Span]:
    low = text.casefold()
    spans: list[Span] = []
    near = near_digits(text)
    if near and has(_DIGITS, text, near):
        spans += numbers(text, near, asked)
        spans += national_numbers(text, near)
    if near and (has(_POSTCODE, text, near) or any(cue in low for cue in _HOMES)):
        spans += addresses(text, low, near)
    if any(mark in low for mark in _MAILS):
        spans += mails(text, low)
    said = words_of(low)
    if not _NUMBERS.isdisjoint(said) and _NUMBER_WORDS.search(low):
        spans += spoken_numbers(text)
    if any(cue in low for cue in _NAMES) or not _TITLES.isdisjoint(said):
        spans += names(text, low)
    if asked and len(text) <= 80:
        spans += answered_name(text, asked)
    return spans

"""National numbers and identity papers with letters or with signs of their own, beside those of `numbers`.

Sources: Spain RD 1553/2005 (DNI, NIE), Italy DM 12.3.1974 (codice fiscale), Finland DVV (henkilötunnus), Belgium RN,
Switzerland AHV (756), Brazil CPF, India PAN and Aadhaar (Verhoeff 1969). A shape that something else may have needs its
check digits or a word before it that names it.
"""

import re
from collections.abc import Iterator

from bpm.feedback.privacy.mask.cues import cue_before
from bpm.feedback.privacy.mask.near import Stretches, has, matches
from bpm.feedback.privacy.mask.spans import Kind, Span

_CLEAR = re.compile(
    r"(?<![\w-])(?:[A-Za-z]{6}\d{2}[A-Ea-eHhLlMmPpR-Tr-t]\d{2}[A-Za-z]\d{3}[A-Za-z]"
    r"|756[. ]\d{4}[. ]\d{4}[. ]\d{2}|\d{2}\.\d{2}\.\d{2}-\d{3}\.\d{2}|\d{3}\.\d{3}\.\d{3}-\d{2})(?![\w-])"
)
"""Codice fiscale, AHV, Belgium's register, CPF: nothing else is written so."""
_PAN = re.compile(r"(?<![\w-])[A-Z]{3}[ABCFGHJLPT][A-Z]\d{4}[A-Z](?![\w-])")
_PAPERS = re.compile(
    r"\b(?i:nhs|medicare|sin|pps|rut|curp|pan|nie|licen[cs]e|passport|passeport|reisepass|ausweis)"
    r"(?: (?i:number|no\.?|nr\.?|card|id|nummer|numéro))?(?: (?i:is|ist|est|es)|:| =)?[ :]{1,2}"
    r"((?=(?:[A-Za-z .-]{0,6}\d){6})[A-Za-z\d]+(?:[ .-][A-Za-z]*\d[A-Za-z\d]*){0,5})(?![\w@])"
)
"""Papers whose names are words of their own, too: only with six digits right after them."""
_SPANISH = re.compile(r"(?<![\w-])([XYZxyz]|\d)(\d{7})[ -]?([A-Za-z])(?![\w-])")
_FINNISH = re.compile(r"(?<![\w-])(\d{6})[-+A](\d{3})([0-9A-FHJ-NPR-Y])(?![\w-])")
_AADHAAR = re.compile(r"(?<![\w.-])[2-9]\d{3}([ -])\d{4}\1\d{4}(?![\w-])")
_LETTERED = re.compile(
    r"(?<![\w.@/-])(?=[A-Za-z\d.-]*[A-Za-z])(?=(?:[A-Za-z.-]*\d){4})[A-Za-z\d]+(?:[.-][A-Za-z\d]+){0,5}(?![\w@/])"
)
_MANY = re.compile(r"\d(?:[ .-]?\d){3}")
_MIXED = re.compile(r"\d[ .-]?[A-Za-z]|[A-Za-z][ .-]?\d")
_SPANISH_LETTERS, _FINNISH_LETTERS = "TRWAGMYFPDXBNJZSQVHLCKE", "0123456789ABCDEFHJKLMNPRSTUVWXY"
_FIVE = (
    (0, 1, 2, 3, 4, 5, 6, 7, 8, 9),
    (1, 2, 3, 4, 0, 6, 7, 8, 9, 5),
    (2, 3, 4, 0, 1, 7, 8, 9, 5, 6),
    (3, 4, 0, 1, 2, 8, 9, 5, 6, 7),
    (4, 0, 1, 2, 3, 9, 5, 6, 7, 8),
    (5, 9, 8, 7, 6, 0, 4, 3, 2, 1),
    (6, 5, 9, 8, 7, 1, 0, 4, 3, 2),
    (7, 6, 5, 9, 8, 2, 1, 0, 4, 3),
    (8, 7, 6, 5, 9, 3, 2, 1, 0, 4),
    (9, 8, 7, 6, 5, 4, 3, 2, 1, 0),
)
"""The group of the symmetries of a five-sided figure, which Verhoeff's digits are multiplied in."""
_SHUFFLED = (1, 5, 7, 6, 2, 8, 3, 0, 9, 4)
_NAMED: tuple[Kind, ...] = ("ssn", "account")


def national_numbers(text: str, near: Stretches) -> Iterator[Span]:
    """The spans of those that shape or check digits give away, and of mixed ones that a word before them names.

    `near` is where the digits are.
    """
    yield from (Span("ssn", *found.span(1)) for found in matches(_PAPERS, text, near))
    are_mixed, are_many = is_mixed(text, near), has(_MANY, text, near)
    if are_mixed or are_many:
        yield from (Span("ssn", *found.span()) for found in matches(_CLEAR, text, near))
    if are_many:
        yield from _with_check_digits(text, near)
    for found in matches(_LETTERED, text, near) if are_mixed else ():
        cue = cue_before(text, found.start())
        for kind in _NAMED:
            if cue.meaning == kind and (cue.named or cue.near):
                yield Span(kind, *found.span())


def is_mixed(text: str, near: Stretches) -> bool:
    """Whether a letter stands by a digit, or only a blank, a dot or a dash between: a cheap look before dearer ones."""
    return has(_MIXED, text, near)


def _with_check_digits(text: str, near: Stretches) -> Iterator[Span]:
    yield from (Span("ssn", *found.span()) for found in matches(_PAN, text, near))
    for found in matches(_SPANISH, text, near):
        first = {"X": "0", "Y": "1", "Z": "2"}.get(found[1].upper(), found[1])
        if _SPANISH_LETTERS[int(first + found[2]) % 23] == found[3].upper():
            yield Span("ssn", *found.span())
    for found in matches(_FINNISH, text, near):
        if _FINNISH_LETTERS[int(found[1] + found[2]) % 31] == found[3]:
            yield Span("ssn", *found.span())
    for found in matches(_AADHAAR, text, near):
        if is_verhoeff(re.sub(r"\D", "", found[0])):
            yield Span("ssn", *found.span())


def is_verhoeff(digits: str) -> bool:
    """Whether the last digit is Verhoeff's check of the others."""
    check = 0
    for place, each in enumerate(reversed(digits)):
        digit = int(each)
        for _ in range(place % 8):
            digit = _SHUFFLED[digit]
        check = _FIVE[check][digit]
    return check == 0

"""Cards, accounts, national numbers and phones: every run of digits named by its check digits, shape and cue."""

import re
from collections.abc import Iterator

from bpm.feedback.privacy.mask import checks
from bpm.feedback.privacy.mask.cues import Cue, cue_before, cue_of_question, leads_up
from bpm.feedback.privacy.mask.national import is_mixed
from bpm.feedback.privacy.mask.near import Stretches, matches
from bpm.feedback.privacy.mask.phones import is_phone
from bpm.feedback.privacy.mask.runs import Run, runs_of
from bpm.feedback.privacy.mask.spans import Kind, Span

_IBAN = re.compile(r"(?<![A-Za-z0-9])([A-Za-z]{2}\d{2})((?:[ \u00a0.-]?[A-Za-z0-9]){11,34})")
_NINO = re.compile(r"(?<![A-Za-z0-9])[A-Za-z]{2}[ -]?\d{2}[ -]?\d{2}[ -]?\d{2}[ -]?[A-Za-z](?![A-Za-z0-9])")
_PENSION = re.compile(r"(?<![A-Za-z0-9])\d{2}[ -]?\d{6}[ -]?[A-Za-z][ -]?\d{3}(?![A-Za-z0-9])")
_CORSICAN = re.compile(r"(?<!\w)[1-478] ?\d\d ?\d\d ?2[ABab] ?\d{3} ?\d{3} ?\d\d(?!\w)")
_YEAR = re.compile(r"(?:19|20)\d\d")
_COUNTED = re.compile(
    r"\s*(?:%|usd|eur|dollars?|euros?|bucks|pounds|days?|weeks?|months?|years?|hours?|minutes?|times|people|"
    r"customers|points|am|pm|miles|tage|wochen|jours|mois|st|nd|rd|th|percent|different|more|other)\b",
    re.IGNORECASE,
)
_BREAK = re.compile(r"(?<=\d)\s*[\s/]\s*(?=[\d(+])")
_JOINED = re.compile(
    r"\s*(?:,|and|or|to|und|et|oder|ou|&|/|the|other|another|second|is|my)?"
    r"(?:\s*(?:the|other|another|second|is|my|is|number|one))*\s*",
    re.IGNORECASE,
)


def numbers(text: str, near: Stretches, asked: str = "") -> Iterator[Span]:
    """The spans of everything with digits in `text`, said after `asked`, but mail and street addresses.

    `near` is where the digits are.
    """
    if is_mixed(text, near):
        yield from _with_letters(text, near)
    previous: Span | None = None
    for run in runs_of(text, near):
        cue = cue_before(text, run.start)
        if asked and not cue.meaning and leads_up(text, run.start):
            cue = cue_of_question(asked)
        spans = _of_run(run, cue)
        if not spans and previous is not None and _continues(text, previous, run):
            spans = [Span(previous.type, run.start, run.end)]
        yield from spans
        previous = spans[-1] if spans and not _is_number_by_itself(spans[-1]) else None


def _with_letters(text: str, near: Stretches) -> Iterator[Span]:
    for found in matches(_IBAN, text, near):
        written = re.sub(r"[ \u00a0.-]", "", found[0]).upper()
        length = checks.iban_length(written[:2])
        if length and checks.is_iban(written[:length]):
            yield Span("iban", found.start(), found.start() + _taken(found[0], length))
    for pattern, check in ((_NINO, checks.is_nino), (_PENSION, checks.is_pension_number), (_CORSICAN, checks.is_nir)):
        for found in matches(pattern, text, near):
            written = re.sub(r"[ -]", "", found[0]).upper()
            if check(written) or cue_before(text, found.start()).meaning == "ssn":
                yield Span("ssn", *found.span())


def _taken(written: str, count: int) -> int:
    """How many characters hold the first `count` letters and digits."""
    for place, each in enumerate(written):
        count -= each.isalnum()
        if not count:
            return place + 1
    return len(written)


def _of_run(run: Run, cue: Cue) -> list[Span]:
    """What the run is as a whole; what two runs are that only a blank divides."""
    kind = _kind_of(run, cue)
    if kind:
        return [Span(kind, run.start, run.end)]
    return _parts(run, cue) if len(run.groups) > 1 and len(run.digits) >= 7 else []


def _kind_of(run: Run, cue: Cue) -> Kind | None:
    whole = run.stands_alone or (run.before == "#" and cue.meaning not in ("other", ""))
    if not whole:
        return "card" if len(run.digits) >= 14 and checks.is_card(run.digits) and not run.before.isalnum() else None
    return _checked(run, cue) or ("phone" if is_phone(run, cue) else None) or _told(run, cue)


def _checked(run: Run, cue: Cue) -> Kind | None:
    """By check digits and shapes that nothing else has."""
    digits, contiguous = run.digits, len(run.groups) == 1
    if run.has_extension:
        return None
    if checks.is_nir(digits) and cue.meaning != "card" and not (digits[0] == "3" and checks.is_card(digits)):
        return "ssn"
    if checks.is_card(digits) and (contiguous or _grouped_like_a_card(run)):
        return "card"
    if run.groups == (4, 4, 4, 4) and len(run.separators) == 1 and cue.meaning not in ("other", "account"):
        return "card"  # misheard or misspelt: nothing else is written so
    if run.groups == (3, 2, 4) and (run.separators == {"-"} or (checks.is_ssn(digits) and run.separators == {" "})):
        return "ssn"
    if checks.is_tax_id(digits) and (contiguous or run.groups in ((2, 3, 3, 3), (3, 3, 3, 2), (2, 9))):
        return None if cue.meaning in ("other", "phone", "account") else "ssn"
    return None


def _grouped_like_a_card(run: Run) -> bool:
    return len(run.separators) == 1 and min(run.groups[:-1]) >= 4 and len(run.groups) <= 5


def _told(run: Run, cue: Cue) -> Kind | None:
    """By the words before it alone."""
    if cue.meaning not in ("card", "ssn", "account", "iban") or _is_an_amount_or_year(run, cue):
        return "card" if cue.last_four and not cue.meaning and len(run.digits) == 4 else None
    if not (cue.named or cue.near) or len(run.digits) > 34:
        return None
    if cue.meaning == "iban":
        return "account"
    return cue.meaning


def _is_an_amount_or_year(run: Run, cue: Cue) -> bool:
    if _COUNTED.match(run.after):
        return True
    return len(run.digits) == 4 and not cue.named and _YEAR.fullmatch(run.digits) is not None


def _parts(run: Run, cue: Cue) -> list[Span]:
    """Two numbers with only a blank between: the longest beginning that is one, then what follows it."""
    breaks = [found.span() for found in _BREAK.finditer(run.text)][:12]
    for end, rest in reversed(breaks):
        kind = _kind_of(run.part(0, end), cue)
        if kind:
            later = run.part(rest, len(run.text))
            return [Span(kind, run.start, run.start + end), *_rest_of(later, kind)]
    for _, start in breaks:
        kind = _kind_of(run.part(start, len(run.text)), Cue())
        if kind:
            return [Span(kind, run.start + start, run.end)]
    return []


def _rest_of(run: Run, kind: Kind) -> list[Span]:
    """What follows the first number: one of its own, a few other digits, or more of the same."""
    own = _kind_of(run, Cue())
    if own is None and len(run.digits) <= 4:
        return []
    return [Span(own or kind, run.start, run.end)]


def _continues(text: str, previous: Span, run: Run) -> bool:
    """Whether the run is one more of what was named: "from account 4587 to 1478"."""
    between = text[previous.end : run.start]
    return (
        len(between) <= 30
        and run.stands_alone
        and 3 <= len(run.digits) <= 20
        and _JOINED.fullmatch(between) is not None
        and not _is_an_amount_or_year(run, Cue())
    )


def _is_number_by_itself(span: Span) -> bool:
    """A phone says nothing of the number after it."""
    return span.type == "phone"

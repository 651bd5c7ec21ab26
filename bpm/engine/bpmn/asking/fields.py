"""A field of a form from all uses of one variable: its kind, what may be chosen, and what is said beside it."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from bpm.engine.bpmn.asking.reads import Read
from bpm.engine.bpmn.document import Element, kind, label
from bpm.engine.expressions.uses import ITEM, Use
from bpm.engine.forms.in_words import in_words, question_of
from bpm.engine.forms.model import Field, Kind, Option
from bpm.foundation.texts import _

PAIRS = (
    ("true", "false"), ("yes", "no"), ("y", "n"), ("ja", "nein"), ("j", "n"), ("oui", "non"), ("on", "off"),
    ("ok", "nok"), ("si", "no"),
)  # fmt: skip
"""Texts that mean yes and no: who compares with one of them means the other as well."""
_KINDS: Sequence[tuple[str, Kind]] = (
    ("duration", "duration"), ("date-time", "date-time"), ("time", "time"), ("date", "date"), ("integer", "integer"),
    ("number", "number"),
)  # fmt: skip


@dataclass
class _Part:
    """The uses of a variable, or of an entry of it, and those of its own entries."""

    uses: list[Use] = field(default_factory=list)
    inner: dict[str, "_Part"] = field(default_factory=dict)

    def at(self, path: Sequence[str]) -> "_Part":
        part = self
        for step in path:
            part = part.inner.setdefault(step, _Part())
        return part


def field_of(name: str, reads: Iterable[Read], *, required: bool, has_other: bool) -> Field:
    """The field that asks for the variable `name`; `has_other`: something is done with values that nobody names."""
    reads = list(reads)
    whole = _Part()
    for read in reads:
        whole.at(read.use.path[1:]).uses.append(read.use)
    made = _field(name, whole, required=required, has_other=has_other)
    places = list(dict.fromkeys(f"“{label(read.element)}”" for read in reads))
    decides = all(kind(read.element).endswith("Gateway") for read in reads)
    why = _("Decides %(places)s.") if decides else _("Needed for %(places)s.")
    helps = [_limits(whole), why % {"places": ", ".join(places[:3])}]
    return replace(made, help=" ".join(filter(None, helps)))


def place_in_words(element: Element) -> str:
    """An element as designers speak of it: the gateway "Found?"."""
    words = {
        "exclusiveGateway": _("the gateway"), "inclusiveGateway": _("the gateway"), "complexGateway": _("the gateway"),
        "scriptTask": _("the script"), "businessRuleTask": _("the decision"), "userTask": _("the task"),
        "manualTask": _("the task"), "serviceTask": _("the service task"), "sendTask": _("the message"),
        "callActivity": _("the called process"), "subProcess": _("the subprocess"),
        "intermediateCatchEvent": _("the event"), "boundaryEvent": _("the event"), "startEvent": _("the start"),
    }  # fmt: skip
    has_timer = any(kind(part) == "timerEventDefinition" for part in element)
    word = _("the timer") if has_timer else words.get(kind(element), _("the step"))
    return f"{word} “{label(element)}”"


def _field(name: str, part: _Part, *, required: bool, has_other: bool) -> Field:
    evidence = {use.evidence for use in part.uses}
    required = required and "maybe-null" not in evidence
    if ITEM in part.inner:
        return _list(name, part, required=required, has_other=has_other)
    if part.inner:
        inner = [_field(key, each, required=required, has_other=has_other) for key, each in sorted(part.inner.items())]
        return Field(name, "group", in_words(name), required=required, fields=tuple(inner))
    if "holds" in evidence and not evidence & {"option"}:
        values = _values(use for use in part.uses if use.evidence == "holds")
        return Field(name, "many", in_words(name), options=tuple(map(_option, values)))
    if "list" in evidence:
        return Field(name, "lines", in_words(name), required=required)
    return _plain(name, part, required=required, has_other=has_other or "fallback" in evidence)


def _list(name: str, part: _Part, *, required: bool, has_other: bool) -> Field:
    items = part.inner[ITEM]
    if not items.inner:
        numbers = {use.evidence for use in items.uses} & {"number", "integer"}
        if not numbers:
            return Field(name, "lines", in_words(name), required=required)
        inner: list[Field] = [Field("", "number", "")]
        return Field(name, "lines", in_words(name), required=required, fields=tuple(inner))
    inner = [_field(key, each, required=True, has_other=has_other) for key, each in sorted(items.inner.items())]
    return Field(name, "list", in_words(name), required=required, fields=tuple(inner))


def _plain(name: str, part: _Part, *, required: bool, has_other: bool) -> Field:
    evidence = {use.evidence for use in part.uses}
    values = _values(use for use in part.uses if use.evidence == "option")
    texts = [value for value in values if isinstance(value, str)]
    for word, what in _KINDS:
        if word in evidence and not texts:
            return Field(name, what, in_words(name), required=required)
    if texts:
        return _choice(name, values, texts, required=required, has_other=has_other)
    if values and all(isinstance(value, bool) for value in values):
        return Field(name, "yes-no", question_of(name), required=required)
    if values:
        return Field(name, "number", in_words(name), required=required)
    if "boolean" in evidence and "text" not in evidence:
        return Field(name, "yes-no", question_of(name), required=required)
    return Field(name, "text", in_words(name), required=required)


def _choice(name: str, values: list[Any], texts: list[str], *, required: bool, has_other: bool) -> Field:
    pair = next((pair for pair in PAIRS if {text.casefold() for text in texts} <= set(pair)), None)
    if pair is not None and len(values) == len(texts):
        return Field(name, "choice", question_of(name), required=required, options=_pair(pair, texts))
    options = tuple(map(_option, values))
    if has_other or len(values) < 2:
        taken = {text.casefold() for text in texts}
        other = next(word for word in ("other", "none of these", "something else entirely") if word not in taken)
        options = (*options, Option(other, _("None of these")))
    return Field(name, "choice", in_words(name), required=required, options=options)


def _pair(pair: tuple[str, str], texts: list[str]) -> tuple[Option, ...]:
    """Yes and no, written as the model writes the one that it compares with."""
    known = {text.casefold(): text for text in texts}
    like = texts[0]
    written = [known.get(word) or _cased(word, like) for word in pair]
    labels = (_("Yes"), _("No")) if pair != ("ok", "nok") else tuple(written)
    return tuple(Option(value, text) for value, text in zip(written, labels, strict=True))


def _cased(word: str, like: str) -> str:
    return word.upper() if like.isupper() else word.capitalize() if like[:1].isupper() else word


def _values(uses: Iterable[Use]) -> list[Any]:
    found: dict[tuple[type[Any], Any], Any] = {}
    for use in uses:
        found.setdefault((type(use.value), use.value), use.value)
    return list(found.values())


def _option(value: Any) -> Option:
    if isinstance(value, bool):
        return Option(value, _("Yes") if value else _("No"))
    text = str(value)
    return Option(value, in_words(text) if re.fullmatch(r"[^\W\d]\w*", text) else text)


def _limits(part: _Part) -> str:
    """What numbers and dates are compared with, as words: people should know where the line is, and may cross it."""
    marks = {"<": _("less than %(limit)s"), "<=": _("at most %(limit)s"), ">": _("more than %(limit)s"),
             ">=": _("at least %(limit)s")}  # fmt: skip
    said = dict.fromkeys(marks[use.mark] % {"limit": use.value} for use in part.uses if use.mark in marks)
    equals = [str(use.value) for use in part.uses if use.evidence == "option" and _is_number(use.value)]
    said |= dict.fromkeys(equals)
    return _("Compared with: %(limits)s.") % {"limits": ", ".join(said)} if said else ""


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)

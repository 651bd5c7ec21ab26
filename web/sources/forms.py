"""What is asked for a source, as fields to draw."""

from collections.abc import Mapping, Sequence

from bpm.feedback.connectors import GENERAL, Asked, Kind
from bpm.foundation.texts import _
from web.ui.fields import Field

LONGEST = {"text": 200, "password": 4000, "email": 320, "url": 2000}
"""Kind of input -> characters that a person can type."""


def fields_of_kind(
    kind: Kind, values: Mapping[str, str], *, kept: frozenset[str], errors: Mapping[str, str]
) -> tuple[tuple[Field, ...], tuple[Field, ...]]:
    """(name and what the kind asks, what every kind asks); secrets in `kept` need not be given again."""
    first = [each for each in GENERAL if each.name == "name"]
    rest = [each for each in GENERAL if each.name != "name"]
    return _drawn([*first, *kind.asked], values, kept, errors), _drawn(rest, values, kept, errors)


def _drawn(
    asked: Sequence[Asked], values: Mapping[str, str], kept: frozenset[str], errors: Mapping[str, str]
) -> tuple[Field, ...]:
    return tuple(_field(each, values, each.name in kept, errors.get(each.name, "")) for each in asked)


def _field(asked: Asked, values: Mapping[str, str], is_kept: bool, error: str) -> Field:  # noqa: FBT001 (one of two words)
    text = _("One is kept. Leave it empty to keep it.") if is_kept else asked.help
    limits: dict[str, object] = {"maxlength": LONGEST[asked.kind]} if asked.kind in LONGEST else {}
    if asked.is_secret:
        limits["autocomplete"] = "new-password"
    return Field(
        name=asked.name,
        label=asked.label,
        kind=asked.kind,
        help=text,
        required=asked.required and not is_kept,
        value="" if asked.is_secret else values.get(asked.name, asked.default),
        options=asked.options,
        limits=limits,
        rows=3,
        error=error,
    )

"""Forms as the fields to draw, filled in with what is known."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from bpm.engine import forms
from bpm.engine.forms import Form, form_of
from web.ui.durations import UNITS, in_unit

Schema = Mapping[str, Any]

LIMITS = {"minimum": "min", "maximum": "max", "shortest": "minlength", "longest": "maxlength"}
INPUTS = {"date": "date", "date-time": "datetime-local", "time": "time", "email": "email", "link": "url",
          "number": "number", "integer": "number", "money": "number", "long text": "area", "lines": "area",
          "check": "check", "many": "checks", "yes-no": "radios", "group": "group", "list": "rows", "file": "fixed",
          "duration": "duration", "note": "note", "computed": "fixed", "table": "table"}  # fmt: skip
FEW = 4
"""As many choices are seen at once; more are a list that opens."""
BLANK_ROWS = 1
"""Empty rows at the end of a list of rows."""


@dataclass(frozen=True)
class Field:
    """One field as the macro `ui.field` draws it."""

    name: str
    label: str
    kind: str
    """An input's type, or area | select | check | checks | radios | fixed | note | duration | group | rows."""
    help: str = ""
    required: bool = False
    value: str = ""
    values: Sequence[str] = ()
    options: Sequence[tuple[str, str]] = ()
    limits: Mapping[str, Any] = field(default_factory=dict)
    rows: int = 4
    error: str = ""
    prefix: str = ""
    before: str = ""
    after: str = ""
    """What stands before and behind the input: a currency, a unit."""
    unit: str = ""
    """The unit of a duration that is chosen."""
    inner: Sequence[Sequence["Field"]] = ()
    """The fields of a group, as its one row, or of each row of a list."""

    columns: Sequence[str] = ()
    """The headings of a table."""

    @property
    def id(self) -> str:
        return f"field-{self.prefix}{self.name}"

    @property
    def units(self) -> Sequence[tuple[str, str]]:
        return UNITS

    def with_value(self, value: str, *, error: str = "") -> "Field":
        """The same field, filled in."""
        return replace(self, value=value, error=error)


@dataclass(frozen=True)
class DrawnSection:
    """Fields under their heading."""

    title: str
    fields: Sequence[Field]


def fields_of(
    schema: Schema, values: Mapping[str, Any], *, errors: Mapping[str, str] | None = None, prefix: str = ""
) -> list[Field]:
    """The schema's properties as fields with `values` filled in; `prefix` tells forms on one page apart."""
    sections = sections_of(form_of(schema), values, errors=errors, prefix=prefix)
    return [each for section in sections for each in section.fields]


def sections_of(
    form: Form, values: Mapping[str, Any], *, errors: Mapping[str, str] | None = None, prefix: str = ""
) -> list[DrawnSection]:
    """The form's sections, those without fields left out."""
    drawing = _Drawing(errors or {}, prefix)
    return [
        DrawnSection(section.title, [drawing.field(each, values) for each in section.fields])
        for section in form.sections
        if section.fields
    ]


@dataclass(frozen=True)
class _Drawing:
    errors: Mapping[str, str]
    prefix: str

    def field(self, asked: forms.Field, values: Mapping[str, Any], at: str = "") -> Field:
        value = values.get(asked.name, asked.default)
        if asked.value_from:
            value = asked.default
        name = f"{at}{asked.name}"
        drawn = Field(
            name=name,
            label=asked.label,
            kind=_kind(asked),
            help=asked.help,
            required=asked.required,
            value=_text(value),
            values=[_text(each) for each in value] if isinstance(value, list) else [_text(value)],
            options=_options(asked),
            limits=_limits(asked),
            error=self.errors.get(name, ""),
            prefix=self.prefix,
            before=asked.prefix,
            after=asked.suffix,
            columns=[each.label for each in asked.fields] if asked.kind == "table" else (),
            inner=self._inner(asked, value, name),
        )
        if drawn.kind == "duration":
            amount, unit = in_unit(drawn.value)
            return replace(drawn, value=amount, unit=unit)
        if asked.kind == "lines":
            lines = "\n".join(drawn.values) if isinstance(value, list) else drawn.value
            return replace(drawn, value=lines if drawn.kind == "area" else ", ".join(drawn.values))
        if drawn.kind == "fixed":
            return replace(drawn, value=_said(drawn))
        return replace(drawn, value=_typed_date(drawn))

    def _inner(self, asked: forms.Field, value: Any, name: str) -> Sequence[Sequence[Field]]:
        if asked.kind == "table":
            rows = [row for row in value if isinstance(row, Mapping)] if isinstance(value, list) else []
            return [
                [Field("", each.label, "cell", value=_text(row.get(each.name))) for each in asked.fields]
                for row in rows
            ]
        if asked.kind == "group":
            known = value if isinstance(value, Mapping) else {}
            return [[self.field(each, known, f"{name}.") for each in asked.fields]]
        if asked.kind != "list":
            return ()
        rows = [row for row in value if isinstance(row, Mapping)] if isinstance(value, list) else []
        rows = rows if asked.read_only else [*rows, *[{}] * BLANK_ROWS]
        return [
            [_in_row(self.field(each, row, f"{name}.{number}.")) for each in asked.fields]
            for number, row in enumerate(rows)
        ]


def _in_row(drawn: Field) -> Field:
    """A row that stays empty is none: the browser must not ask for its fields."""
    return replace(drawn, required=False)


def _kind(asked: forms.Field) -> str:
    if asked.read_only and asked.kind not in ("group", "list", "note", "table"):
        return "fixed"
    if asked.kind == "choice":
        return "radios" if len(asked.options) <= FEW else "select"
    return INPUTS.get(asked.kind, "text")


def _options(asked: forms.Field) -> list[tuple[str, str]]:
    if asked.kind == "yes-no":
        return [("true", "Yes"), ("false", "No")]
    return [(_text(option.value), option.label) for option in asked.options]


def _limits(asked: forms.Field) -> dict[str, Any]:
    said = {attribute: getattr(asked.limits, name) for name, attribute in LIMITS.items()}
    if asked.kind in ("number", "money"):
        said["step"] = asked.limits.step or "any"
    if asked.kind in ("duration", "lines", "many"):
        return {}
    return {attribute: value for attribute, value in said.items() if value not in (None, "")}


def _said(drawn: Field) -> str:
    """A value that is only read, by the label of what was chosen."""
    named = dict(drawn.options)
    return ", ".join(named.get(each, each) for each in drawn.values)


def _typed_date(drawn: Field) -> str:
    """What the browser's input for date and time can show: no zone, no fraction of a second."""
    return drawn.value[:16] if drawn.kind == "datetime-local" else drawn.value


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).lower() if isinstance(value, bool) else str(value)


def missing(schema: Schema, values: Mapping[str, Any]) -> dict[str, str]:
    """What the schema asks for and `values` lack."""
    return {name: "Please answer this." for name in schema.get("required", ()) if values.get(name) is None}

"""One component of a `.form` file as a field."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from html.parser import HTMLParser
from typing import Any

from bpm.engine.forms.form_js.component import Component, tell_unread
from bpm.engine.forms.form_js.expressions import expression, template
from bpm.engine.forms.form_js.problems import Problems
from bpm.engine.forms.in_words import in_words
from bpm.engine.forms.model import Field, Kind, Limits, Option
from bpm.foundation.errors import ExpressionError
from bpm.foundation.texts import _

_TOLD_WHOLE = frozenset({"image", "filepicker", "iframe", "documentPreview"})
"""Components that are named as a whole, and with them all that they say."""


def name_of(component: Component) -> str:
    """What a designer knows the component by."""
    return str(
        component.get("key") or component.get("path") or text_of(component, "label") or component.get("id") or ""
    )


def text_of(component: Component, word: str) -> str:
    """A setting that is a text, as it is."""
    value = component.get(word)
    return value if isinstance(value, str) else ""


def read(component: Component, problems: Problems) -> Field | None:
    """The field, or None for a component that asks for nothing and shows nothing; what is lost is told."""
    kind, name = str(component.get("type", "")), name_of(component)
    reader = _READERS.get(kind)
    if reader is None:
        problems.say(name or kind, _("The component %(kind)s is not known here.") % {"kind": repr(kind)},
                     _("Ask for it in another way."))  # fmt: skip
        return None
    made = reader(component, problems)
    if kind not in _TOLD_WHOLE:
        tell_unread(component, name or kind, problems)
    if made is not None and made.kind not in ("note", "table") and not made.name:
        problems.say(text_of(component, "label") or kind, _("The component has no key: nothing could be kept of it."),
                     _("Give it a key."), "error")  # fmt: skip
        return None
    return made


def _field(component: Component, kind: Kind, problems: Problems, **more: Any) -> Field:
    validate = component.get("validate")
    rules = validate if isinstance(validate, Mapping) else {}
    appearance = component.get("appearance")
    affixes = appearance if isinstance(appearance, Component) else Component({})
    read_only, read_only_if = _read_only(component, problems)
    key = str(component.get("key") or "")
    made = Field(
        name=key,
        kind=kind,
        label=_plain(component, "label", problems) or in_words(key.rpartition(".")[2]),
        help=_plain(component, "description", problems),
        default=component.raw("defaultValue"),
        required=rules.get("required") is True,
        read_only=read_only,
        read_only_if=read_only_if,
        limits=_limits(component, kind, rules, problems),
        prefix=_plain(affixes, "prefixAdorner", problems),
        suffix=_plain(affixes, "suffixAdorner", problems),
    )
    return replace(made, **more)


def _plain(component: Component, word: str, problems: Problems) -> str:
    """A label or help; one that is worked out is named and shown by its key."""
    text = text_of(component, word)
    if text.startswith("=") or "{{" in text:
        problems.say(name_of(component), _("Its %(word)s is worked out, which is not done here.") % {"word": word},
                     _("Write it out."))  # fmt: skip
        return ""
    return text


def _read_only(component: Component, problems: Problems) -> tuple[bool, str]:
    for word in ("readonly", "disabled"):
        said = component.get(word)
        if said is True:
            return True, ""
        if isinstance(said, str) and said.strip():
            try:
                return False, expression(said)
            except ExpressionError as error:
                problems.say(
                    name_of(component), _("It can always be written. ") + error.message, _("Mend the condition.")
                )
    return False, ""


_LIMITS = {"minLength": "shortest", "maxLength": "longest", "min": "minimum", "max": "maximum", "pattern": "pattern"}
_NUMBERS: tuple[Kind, ...] = ("number", "integer")
_TEXTS: tuple[Kind, ...] = ("text", "long text", "email")


def _limits(component: Component, kind: Kind, rules: Mapping[str, Any], problems: Problems) -> Limits:
    found: dict[str, Any] = {}
    for word, value in rules.items():
        if value in (None, "", False) or (word == "required" and value is True) or _is_checked_type(word, value, kind):
            continue
        fits = word in _LIMITS and kind in (_NUMBERS if word in ("min", "max") else _TEXTS)
        if not fits or (isinstance(value, str) and word != "pattern" and not _number(value)):
            problems.say(name_of(component), _("The rule %(rule)s is not checked here.") % {"rule": f"{word}: {value}"},
                         _("Write a plain limit."))  # fmt: skip
            continue
        found[_LIMITS[word]] = value if word == "pattern" else _whole(value)
    if rules.get("validationType") == "phone" and "pattern" not in found:
        found["pattern"] = r"^\+?[0-9()/ .-]{5,30}$"
    return Limits(**found)


def _is_checked_type(word: str, value: Any, kind: Kind) -> bool:
    return word == "validationType" and (value == "custom" or (value in ("email", "phone") and kind in _TEXTS))


def _number(text: str) -> bool:
    return re.fullmatch(r"-?\d{1,15}(\.\d{1,10})?", text.strip()) is not None


def _whole(value: Any) -> Any:
    number = float(value)
    return int(number) if number.is_integer() else number


def _text(component: Component, problems: Problems) -> Field:
    rules = component.get("validate")
    is_email = isinstance(rules, Mapping) and rules.get("validationType") == "email"
    return _field(component, "email" if is_email else "text", problems)


def _of_kind(kind: Kind) -> Callable[[Component, Problems], Field]:
    return lambda component, problems: _field(component, kind, problems)


def _of_number(component: Component, problems: Problems) -> Field:
    digits, step = component.get("decimalDigits"), component.get("increment")
    if component.get("serializeToString") is True:
        problems.say(name_of(component), _("It is kept as a number, not as a text."), _("Use number() or string()."))
    if digits and not step:
        message = _("How many decimals are written is not limited to %(digits)s.") % {"digits": digits}
        problems.say(name_of(component), message, _("Set the increment, as 0.01."))
    made = _field(component, "integer" if digits == 0 else "number", problems)
    default = made.default
    if isinstance(default, str):
        made = replace(made, default=_whole(default) if _number(default) else None)
        if default.strip() and not _number(default):
            problems.say(name_of(component), _("Its default %(value)s is no number.") % {"value": repr(default[:60])},
                         _("Write a number."))  # fmt: skip
    if step and _number(str(step)):
        return replace(made, limits=replace(made.limits, step=_whole(step)))
    if step:
        problems.say(name_of(component), _("Its increment %(value)s is no number.") % {"value": repr(str(step)[:60])},
                     _("Write a number."))  # fmt: skip
    return made


_TIMES: Mapping[str, Kind] = {"date": "date", "time": "time", "datetime": "date-time"}


def _moment(component: Component, problems: Problems) -> Field:
    subtype = str(component.get("subtype") or "date")
    of_date, of_time = text_of(component, "dateLabel"), text_of(component, "timeLabel")
    label = (of_time if subtype == "time" else "") or of_date or of_time or text_of(component, "label")
    if subtype == "datetime" and of_date and of_time:
        problems.say(name_of(component), _("Date and time stand under one label, without %(label)s.")
                     % {"label": repr(of_time)}, _("Nothing needs to be done."), "info")  # fmt: skip
    if component.get("disallowPassedDates") is True:
        problems.say(name_of(component), _("Dates that are past can be chosen here."), _("Check it in the process."))
    if component.get("timeSerializingFormat") in ("utc_offset", "utc_normalized"):
        problems.say(name_of(component), _("The time is kept as entered, without a zone."), _("Nothing to do."),
                     "info")  # fmt: skip
    made = _field(component, _TIMES.get(subtype, "date"), problems)
    return replace(made, label=label or made.label)


def _of_options(kind: Kind) -> Callable[[Component, Problems], Field]:
    def read_options(component: Component, problems: Problems) -> Field:
        key, said = text_of(component, "valuesKey"), text_of(component, "valuesExpression")
        try:
            source = expression(f"={key}") if key else expression(said)
        except ExpressionError as error:
            source = ""
            problems.say(name_of(component), _("Its options cannot be read. ") + error.message,
                         _("List them, or mend the expression."), "error")  # fmt: skip
        options = () if source else tuple(_listed(component, problems))
        if not options and not source:
            problems.say(name_of(component), _("There is nothing to choose from."), _("List its values."), "error")
        return _field(component, kind, problems, options=options, options_from=source)

    return read_options


def _listed(component: Component, problems: Problems) -> Iterator[Option]:
    for each in component.members("values"):
        if isinstance(each, Component) and ("value" in each or "label" in each):
            value = each.raw("value") if "value" in each else each.get("label")
            yield Option(value, str(each.get("label", value)))
        elif isinstance(each, str | int | float):
            yield Option(each, str(each))
        else:
            problems.say(name_of(component), _("One of its options is none: %(value)s.") % {"value": f"{each!s:.60}"},
                         _("Give it a label and a value."))  # fmt: skip


def _note(text: str, component: Component, problems: Problems) -> Field | None:
    if not text.strip():
        return None
    try:
        worked_out = template(text)
    except ExpressionError as error:
        worked_out = ""
        problems.say(text[:60], _("The text is shown as it is written. ") + error.message, _("Write it without them."))
    return Field("", "note", text, value_from=worked_out)


_MARKDOWN = re.compile(r"^#{1,6}\s+|\*\*|__|^[>*-]\s+", re.MULTILINE)


def _of_text(component: Component, problems: Problems) -> Field | None:
    return _note(_MARKDOWN.sub("", text_of(component, "text")), component, problems)


class _Words(HTMLParser):
    """The words of HTML, a line for each block."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.skipped = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.skipped += tag in ("script", "style")
        if tag in ("p", "br", "div", "li", "tr", "h1", "h2", "h3"):
            self.words.append("\n")

    def handle_endtag(self, tag: str) -> None:
        self.skipped -= tag in ("script", "style") and self.skipped > 0

    def handle_data(self, data: str) -> None:
        if not self.skipped:
            self.words.append(data)


def _of_html(component: Component, problems: Problems) -> Field | None:
    words = _Words()
    words.feed((text_of(component, "content") or text_of(component, "source"))[:100_000])
    words.close()
    problems.say(name_of(component) or "html", _("Of the HTML only the words are shown."), _("Nothing to do."),
                 "info")  # fmt: skip
    return _note("".join(words.words).strip(), component, problems)


def _of_image(component: Component, problems: Problems) -> Field | None:
    alt = text_of(component, "alt")
    problems.say(alt or name_of(component) or "image", _("The image is not drawn; its description is shown."),
                 _("Describe it in words."))  # fmt: skip
    return _note(alt, component, problems)


def _of_button(component: Component, problems: Problems) -> None:
    label = text_of(component, "label")
    if component.get("action") in (None, "", "submit") and label not in ("", "Action", "Submit"):
        problems.say(label, _("The button that completes the task does not say this."), _("Nothing needs to be done."),
                     "info")  # fmt: skip
    if component.get("action") not in (None, "", "submit"):
        problems.say(name_of(component) or "button", _("Only the button that completes the task is drawn."),
                     _("Nothing needs to be done."))  # fmt: skip


def _of_expression(component: Component, problems: Problems) -> Field | None:
    try:
        source = expression(component.get("expression"))
    except ExpressionError as error:
        problems.say(name_of(component), _("It cannot be worked out. ") + error.message, _("Mend it."), "error")
        return None
    if component.get("computeOn", "change") != "change":
        problems.say(name_of(component), _("It is worked out at every change, not only at the end."),
                     _("Nothing needs to be done."), "info")  # fmt: skip
    if not source:
        problems.say(name_of(component), _("It says nothing to work out."), _("Begin its expression with =."))
        return None
    return _field(component, "computed", problems, value_from=source, read_only=True)


def _of_table(component: Component, problems: Problems) -> Field | None:
    said = text_of(component, "dataSource")
    try:
        source = expression(said if said.startswith("=") else f"={said}")
    except ExpressionError as error:
        problems.say(name_of(component), _("The table stays empty. ") + error.message, _("Mend its source."))
        return None
    columns = component.parts("columns")
    if not columns:
        problems.say(name_of(component), _("The table says no columns that are written out."), _("List its columns."))
        return None
    fields = tuple(Field(str(each.get("key", "")), "text", str(each.get("label", ""))) for each in columns)
    return Field("", "table", _plain(component, "label", problems), value_from=source, fields=fields)


def _of_file(component: Component, problems: Problems) -> None:
    problems.say(name_of(component), _("Files are not asked for in the form."), _("Attach them to the task."))


def _of_page(component: Component, problems: Problems) -> None:
    problems.say(name_of(component) or str(component.get("type")), _("Pages of other places are not shown."),
                 _("Link to it in a text."))  # fmt: skip


_READERS: Mapping[str, Callable[[Component, Problems], Field | None]] = {
    "textfield": _text,
    "textarea": _of_kind("long text"),
    "number": _of_number,
    "checkbox": _of_kind("check"),
    "datetime": _moment,
    "radio": _of_options("choice"),
    "select": _of_options("choice"),
    "checklist": _of_options("many"),
    "taglist": _of_options("many"),
    "text": _of_text,
    "html": _of_html,
    "image": _of_image,
    "button": _of_button,
    "expression": _of_expression,
    "table": _of_table,
    "filepicker": _of_file,
    "iframe": _of_page,
    "documentPreview": _of_page,
}

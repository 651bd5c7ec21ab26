"""Forms as they come beside a model: JSON Schema as it is, `.form` files read into it, with what was found."""

from collections.abc import Mapping
from typing import Any

from bpm.engine.forms.form_js import is_form_js, read_form_js
from bpm.engine.forms.schema import schema_of
from bpm.foundation.texts import _

Schema = dict[str, Any]

FINDINGS = "x-findings"
"""Under this word a schema keeps what was not taken of the file that it was read from."""
MOST_FINDINGS = 50
_ORDER = ("error", "warning", "info")


def as_schemas(forms: Mapping[str, Any]) -> dict[str, Any]:
    """Every form as JSON Schema, by its key; what is none already is read, what is neither stays for the check."""
    return {key: as_schema(content) for key, content in forms.items()}


def as_schema(content: Any) -> Any:
    """One form as JSON Schema."""
    if not is_form_js(content):
        return content
    form, problems = read_form_js(content)
    problems = tuple(sorted(problems, key=lambda each: _ORDER.index(each.severity)))
    told = [[each.severity, each.part[:200], each.message[:300], each.remedy] for each in problems[:MOST_FINDINGS]]
    if len(problems) > MOST_FINDINGS:
        parts = ", ".join(dict.fromkeys(each.part for each in problems[MOST_FINDINGS:] if each.part))
        message = _("%(number)s more like these, at: %(parts)s.") % {
            "number": len(problems) - MOST_FINDINGS, "parts": parts[:200]}  # fmt: skip
        worst = next((each.severity for each in problems[MOST_FINDINGS:] if each.severity == "error"), "warning")
        told.append([worst, "", message, _("Mend those that are listed, and the others are listed, too.")])
    return {**schema_of(form), **({FINDINGS: told} if told else {})}

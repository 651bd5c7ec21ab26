"""The fields of an improvement as a person fills them in, and what comes of them."""

from collections.abc import Mapping, Sequence

from werkzeug.datastructures import MultiDict

from bpm import identity
from bpm.foundation.texts import _
from bpm.processes.improvements import ImprovementDraft
from web.core.numbers import key_of
from web.core.request_context import work
from web.ui.fields import Field


def fields_of(
    values: Mapping[str, str], errors: Mapping[str, str], *, processes: list[tuple[str, str]],
    functions: Sequence[tuple[str, str]] = (), chosen: Sequence[str] = (),
) -> tuple[Field, ...]:  # fmt: skip
    """Title, process, description, owner, and the functions that own it where they are asked for."""
    people = [(str(each.id), each.display_name) for each in identity.list_users(work()) if each.active]
    told = {name: (values.get(name, ""), errors.get(name, "")) for name in ("title", "description", "process", "owner")}
    fields = (
        Field("title", _("What shall change?"), "text", required=True, limits={"maxlength": 300})
        .with_value(told["title"][0], error=told["title"][1]),
        Field("process", _("Process"), "select", required=True, options=processes)
        .with_value(told["process"][0], error=told["process"][1]),
        Field("description", _("Why, and how"), "area")
        .with_value(told["description"][0], error=told["description"][1]),
        Field("owner", _("Owner"), "select", _("Who sees to it."), options=people)
        .with_value(told["owner"][0], error=told["owner"][1]),
    )  # fmt: skip
    if not functions:
        return fields
    asked = Field(
        "function", _("Functions that own it together"), "checks", _("Two or more; one alone is listed."),
        options=functions, values=chosen, error=errors.get("owners", ""),
    )  # fmt: skip
    return (*fields, asked)


def drafted(sent: MultiDict[str, str]) -> ImprovementDraft:
    groups = [key for each in sent.getlist("function") if (key := key_of(each)) is not None]
    return ImprovementDraft(
        definition_key=sent.get("process", ""),
        title=sent.get("title", ""),
        description=sent.get("description", ""),
        element=sent.get("element", ""),
        owner_id=key_of(sent.get("owner", "")),
        owners=tuple((group, None) for group in groups),
    )

"""Saved mappings of imports: listed with what each says, renamed, deleted, and tried on the first rows of a file."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import request
from werkzeug.wrappers import Response

from bpm import feedback
from bpm.feedback import queries
from bpm.feedback.channels import FORMATS
from bpm.feedback.queries import MappingRow
from bpm.foundation.errors import ConflictError, InvalidInputError
from bpm.foundation.texts import _
from bpm.identity import Permission
from web.core.rendering import go, render, say
from web.core.request_context import work
from web.core.security import needs
from web.inbox.imports import OPTIONS, blueprint
from web.inbox.words import FIELD_NAMES


@dataclass(frozen=True)
class MappingsPage:
    """What inbox/mappings.html shows; `options` and `formats` are in words."""

    mappings: tuple[MappingRow, ...]
    formats: Mapping[str, str]
    options: Mapping[str, str]
    field_names: Mapping[str, str]
    written: Mapping[int, str]
    """Names that were not taken, by mapping."""
    problems: Mapping[int, str]


@blueprint.get("/mappings")
@needs(Permission.IMPORT)
def mappings() -> str:
    return render("inbox/mappings.html", _page())


def _page(mapping_id: int = 0, problem: str = "") -> MappingsPage:
    return MappingsPage(
        mappings=tuple(queries.list_mappings(work())),
        formats={each.name: each.label for each in FORMATS.values()},
        options={name: meaning for several in OPTIONS.values() for name, meaning in several},
        field_names=FIELD_NAMES,
        written={mapping_id: request.form.get("name", "")} if problem else {},
        problems={mapping_id: problem} if problem else {},
    )


@blueprint.post("/mappings/<int:mapping_id>/name")
@needs(Permission.IMPORT)
def rename_mapping(mapping_id: int) -> Response | tuple[str, int]:
    try:
        feedback.rename_mapping(work(), mapping_id, request.form.get("name", ""))
    except InvalidInputError as error:
        return render("inbox/mappings.html", _page(mapping_id, error.fields["name"])), 400
    except ConflictError as error:
        return render("inbox/mappings.html", _page(mapping_id, f"{error.message} {error.remedy}")), 409
    say(_("Renamed."))
    return go("imports.mappings")


@blueprint.post("/mappings/<int:mapping_id>/deletion")
@needs(Permission.IMPORT)
def delete_mapping(mapping_id: int) -> Response:
    name = feedback.delete_mapping(work(), mapping_id)
    say(_("%(name)s is deleted. What was imported by it stays as it is.") % {"name": name})
    return go("imports.mappings")

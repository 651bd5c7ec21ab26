"""Which departments sign the versions of a process: chosen by whoever administers, with a reason."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import request
from werkzeug.wrappers import Response

from bpm import identity
from bpm.engine import api as engine
from bpm.engine import queries
from bpm.foundation.errors import InvalidInputError
from bpm.foundation.texts import _
from bpm.identity import Permission
from web.core.rendering import go, render, say
from web.core.request_context import work
from web.core.security import needs
from web.designer.blueprint import blueprint
from web.ui.formats import department


@dataclass(frozen=True)
class DepartmentsPage:
    key: str
    name: str
    groups: tuple[tuple[str, str, bool], ...]
    """(key, name, whether it signs)"""
    default: tuple[str, ...]
    reason: str
    errors: Mapping[str, str]


@blueprint.get("/<key>/departments")
@needs(Permission.ADMIN)
def departments(key: str) -> str:
    definition = queries.get_definition(work(), key)
    return _page(key, engine.departments_of(work(), definition.id), {})


@blueprint.post("/<key>/departments")
@needs(Permission.ADMIN)
def set_departments(key: str) -> Response | tuple[str, int]:
    chosen, reason = request.form.getlist("department"), request.form.get("reason", "")
    try:
        after = engine.set_departments(work(), queries.get_definition(work(), key).file_key, chosen, reason=reason)
    except InvalidInputError as error:
        return _page(key, chosen, error.fields or {"departments": str(error)}), 400
    say(_("From now on %(names)s sign.") % {"names": ", ".join(department(each) for each in after)})
    return go("designer.process", key=key)


def _page(key: str, chosen: Sequence[str], errors: Mapping[str, str]) -> str:
    default = work().settings.sign_offs
    names = {group.key: group.name for group in identity.list_groups(work())}
    every = sorted({*names, *default, *chosen})
    return render(
        "designer/signing/departments.html",
        DepartmentsPage(
            key=key,
            name=queries.get_definition(work(), key).name,
            groups=tuple((each, names.get(each) or department(each), each in chosen) for each in every),
            default=default,
            reason=request.form.get("reason", ""),
            errors=errors,
        ),
    )

"""The failures of one group, each with what can be done about it."""

from dataclasses import dataclass
from typing import Any

from flask import request
from werkzeug.wrappers import Response

from bpm.engine import api as engine
from bpm.engine import queries
from bpm.engine.queries import FailureGroup, FailureRow
from bpm.foundation.errors import InvalidInputError
from bpm.identity import Permission
from web.core.numbers import key_of
from web.core.paging import SIZE, after
from web.core.rendering import go, go_back, render, say
from web.core.request_context import work
from web.core.security import needs
from web.operations.blueprint import blueprint
from web.ui.fields import Field
from web.ui.free_values import FREE, typed_values


@dataclass(frozen=True)
class GroupPage:
    group: FailureGroup | None
    rows: tuple[FailureRow, ...]
    after: int | None
    values: Field = FREE


@blueprint.get("/failures")
@needs(Permission.OPERATE)
def failures() -> str | Response:
    """The failures of one group; without one, the overview that lists the groups."""
    if not request.args:
        return go("operations.overview")
    cause, element, version_id = group_named(request.args)
    group = next(
        (
            each
            for each in queries.list_failure_groups(work())
            if (each.cause, each.element, each.version_id) == (cause, element, version_id)
        ),
        None,
    )
    rows = queries.list_failures(
        work(), cause=cause, element=element, version_id=version_id, after=after(), limit=SIZE + 1
    )
    last = rows[SIZE - 1].id if len(rows) > SIZE else None
    return render("operations/failures.html", GroupPage(group, tuple(rows[:SIZE]), last))


@blueprint.post("/failures/<int:failure_id>/retry")
@needs(Permission.OPERATE)
def retry(failure_id: int) -> Response:
    engine.retry(work(), failure_id, reason=request.form.get("reason", ""), variables=typed_values())
    say("It is tried again now.")
    return go_back("operations.overview")


@blueprint.post("/failures/<int:failure_id>/skip")
@needs(Permission.OPERATE)
def skip(failure_id: int) -> Response:
    engine.skip(work(), failure_id, typed_values(), reason=request.form.get("reason", ""))
    say("It was passed over, and the instance went on.")
    return go_back("operations.overview")


def group_named(values: Any) -> tuple[str, str, int]:
    """Cause, element and version of the group that an address or form names."""
    version_id = key_of(values.get("version_id", ""))
    if version_id is None:
        raise InvalidInputError("The address names no group of failures.", remedy="Start from Operations.")
    return values.get("cause", ""), values.get("element", ""), version_id

"""What differs between any two versions of a process, beside one drawing with before and after."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import request, url_for

from bpm.engine import api as engine
from bpm.engine import queries
from bpm.engine.queries import VersionRow
from bpm.foundation.errors import NotFoundError
from bpm.foundation.texts import _
from bpm.identity import Permission
from web.core.rendering import render
from web.core.request_context import work
from web.core.security import needs
from web.designer.blueprint import blueprint
from web.designer.difference_view import DifferenceView, view_of, with_difference
from web.designer.processes import Head, head_of
from web.ui.diagrams import Diagram


@dataclass(frozen=True)
class DifferencePage:
    head: Head
    versions: tuple[VersionRow, ...]
    before: int
    after: int
    view: DifferenceView
    diagram: Diagram


@blueprint.get("/<key>/difference")
@needs(Permission.SEE_PROCESSES)
def difference(key: str) -> str:
    versions = queries.list_versions(work(), key)
    if not versions:
        raise NotFoundError(_("The process %(key)s has no version yet.") % {"key": key})
    numbers = [each.number for each in versions]
    after = _asked("to", numbers, numbers[0])
    before = _asked("from", numbers, next((number for number in numbers if number < after), after))
    ids = {each.number: each.id for each in versions}
    old, new = (queries.get_version(work(), ids[number]) for number in (before, after))
    bundles = queries.bundle_of(old), queries.bundle_of(new)
    view = view_of(engine.difference(*bundles), bundles[1])
    drawing = url_for("designer.drawing", version_id=new.id)
    diagram = with_difference(
        Diagram(source=drawing, process=new.primary), view, url_for("designer.drawing", version_id=old.id)
    )
    head = head_of(key, versions)
    return render("designer/difference.html", DifferencePage(head, tuple(versions), before, after, view, diagram))


def _asked(name: str, numbers: Sequence[int], otherwise: int) -> int:
    """The number of a version that the address asks for."""
    text = request.args.get(name, "").strip()
    if not text:
        return otherwise
    if text not in map(str, numbers):
        raise NotFoundError(_("There is no version %(number)s of this process.") % {"number": text[:20]})
    return int(text)

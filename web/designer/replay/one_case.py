"""One finished case beside itself in the draft: two drawings, and both lists of steps with the first that differs."""

from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import Any

from flask import url_for

from bpm.engine import api as engine
from bpm.engine import queries
from bpm.engine.queries import VersionDetail
from bpm.foundation.errors import NotFoundError
from bpm.foundation.texts import _
from bpm.identity import Permission
from web.core.rendering import render
from web.core.request_context import work
from web.core.security import needs
from web.designer.blueprint import blueprint
from web.ui.diagrams import Diagram, Heat


@dataclass(frozen=True)
class Line:
    """The nth step of both, side by side."""

    number: int
    before: str
    before_at: float | None
    """Seconds after the start."""
    after: str
    after_at: float | None
    differs: bool
    first: bool


@dataclass(frozen=True)
class ReplayedCasePage:
    version: VersionDetail
    case: int
    words: tuple[str, ...]
    why: tuple[str, ...]
    before: Diagram
    after: Diagram
    lines: tuple[Line, ...]
    seconds: tuple[float, float | None]


@blueprint.get("/versions/<int:version_id>/replay/<int:case>")
@needs(Permission.SEE_PROCESSES)
def replayed_case(version_id: int, case: int) -> str:
    found = queries.get_replay(work(), version_id)
    row = next((each for each in (found or {}).get("cases", ()) if each["case"] == case), None)
    if found is None or row is None or not row["before"]:
        raise NotFoundError(_("No path of case %(case)s is kept with this version.") % {"case": case})
    page = ReplayedCasePage(
        version=queries.get_version(work(), version_id),
        case=case,
        words=tuple(engine.replay_words(kind) for kind in row["kinds"]),
        why=tuple(row["why"]),
        before=_drawn(found["against"], row["before"]),
        after=_drawn(version_id, row["after"]),
        lines=_lines(row),
        seconds=tuple(row["seconds"]),
    )
    return render("designer/replay/case.html", page)


def _drawn(version_id: int, steps: list[dict[str, Any]]) -> Diagram:
    """The drawing with the elements that were passed; those left open stand out."""
    heat = {}
    for number, step in enumerate(steps, 1):
        open_ = step["status"] == "open"
        title = f"{step['name'] or step['element']}: {step['status']}"
        heat[step["element"]] = Heat(level=4 if open_ else 1, label=str(number), title=title)
    return Diagram(source=url_for("designer.drawing", version_id=version_id), heat=heat)


def _lines(row: dict[str, Any]) -> tuple[Line, ...]:
    """Both paths, the same steps beside each other: what one of them has more stands alone."""
    before, after = row["before"], row["after"]
    elements = ([step["element"] for step in side] for side in (before, after))
    pairs: list[tuple[Any, Any]] = []
    for how, a, b, c, d in SequenceMatcher(None, *elements, autojunk=False).get_opcodes():
        both = zip_longest(before[a:b], after[c:d])
        alone = [*((step, None) for step in before[a:b]), *((None, step) for step in after[c:d])]
        pairs += both if how == "equal" else alone
    first = next((number for number, (old, new) in enumerate(pairs) if old is None or new is None), None)
    return tuple(_line(number, old, new, first=number == first) for number, (old, new) in enumerate(pairs))


def _line(number: int, old: dict[str, Any] | None, new: dict[str, Any] | None, *, first: bool) -> Line:
    return Line(
        number + 1,
        before=_name(old),
        before_at=old["after"] if old else None,
        after=_name(new),
        after_at=new["after"] if new else None,
        differs=old is None or new is None,
        first=first,
    )


def _name(step: dict[str, Any] | None) -> str:
    return "" if step is None else step["name"] or step["element"]

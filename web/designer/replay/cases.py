"""The cases behind a figure of a replay: all that came to one kind, or all that differ, page by page."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import request

from bpm.engine import api as engine
from bpm.engine import queries
from bpm.engine.queries import VersionDetail
from bpm.foundation.errors import NotFoundError
from bpm.foundation.texts import _
from bpm.identity import Permission
from web.core.paging import SIZE, after
from web.core.rendering import Choice, here, render
from web.core.request_context import work
from web.core.security import needs
from web.designer.blueprint import blueprint
from web.designer.replay.summary import case_row


@dataclass(frozen=True)
class ReplayedCasesPage:
    """What designer/replay/cases.html shows; `after` is how many rows came before the next page."""

    version: VersionDetail
    of: int
    kinds: tuple[Choice, ...]
    rows: tuple[Mapping[str, Any], ...]
    after: int | None


@blueprint.get("/versions/<int:version_id>/replay")
@needs(Permission.SEE_PROCESSES)
def replayed_cases(version_id: int) -> str:
    found = queries.get_replay(work(), version_id)
    if found is None:
        raise NotFoundError(_("No finished cases were replayed through this version."))
    kind, counts = request.args.get("kind", ""), {each: n for each, n in found["counts"].items() if n}
    differ = [each for each in found["cases"] if each["kinds"] != ["same"]]
    wanted = [each for each in found["cases"] if kind in each["kinds"]] if kind else differ
    first = after() or 0
    choices = [Choice(_("All that differ"), here(kind=None), not kind, len(differ))]
    choices += [Choice(engine.replay_words(each), here(kind=each), each == kind, n) for each, n in counts.items()]
    page = ReplayedCasesPage(
        version=queries.get_version(work(), version_id),
        of=found["of"],
        kinds=tuple(choices),
        rows=tuple(case_row(each) for each in wanted[first : first + SIZE]),
        after=first + SIZE if len(wanted) > first + SIZE else None,
    )
    return render("designer/replay/cases.html", page)

"""Pages of rollouts: all of them, that of a process with the form to set one up, one by itself, and its rows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import request
from werkzeug.wrappers import Response

from bpm.engine import queries as engine_queries
from bpm.engine.queries import VersionRow
from bpm.engine.status import VersionStatus
from bpm.foundation.errors import ConflictError, EarshotError, InvalidInputError, NotFoundError, RefusedError
from bpm.foundation.texts import _
from bpm.identity import Permission, may
from bpm.processes import rollouts
from bpm.processes.rollouts import Arm, RolloutRow, RolloutWish
from web.core.numbers import key_of
from web.core.rendering import go, render, say
from web.core.request_context import actor, work
from web.core.security import needs
from web.designer.processes import Head, head_of
from web.rollouts.blueprint import blueprint
from web.rollouts.form import NAMES, candidates, fields_of, wish_of
from web.rollouts.meaning import Meaning, meaning_of
from web.rollouts.view import ARMS, STATUS, VERBS, RolloutView, share_in_words, view_of
from web.ui.fields import Field

ROWS = 200
SELF_TEST_CASES = 586
"""Of an A/A test: as many as show 30 to 20 %, 293 on each side."""


@dataclass(frozen=True)
class ListPage:
    """What rollouts/list.html shows; each with its share in words."""

    rows: tuple[tuple[RolloutRow, str], ...]
    names: Mapping[str, str]
    status: Mapping[str, tuple[str, str]]


@dataclass(frozen=True)
class SetUp:
    """The form to begin one; `problems` are what keeps the version from running beside the live one."""

    fields: tuple[Field, ...]
    meaning: Meaning | None
    self_test: Mapping[str, object]
    """What an A/A test sends."""
    problem: str = ""
    problems: tuple[str, ...] = ()


@dataclass(frozen=True)
class ProcessPage:
    """What rollouts/process.html shows: the open one or the form, and what was before."""

    head: Head
    view: RolloutView | None
    set_up: SetUp | None
    past: tuple[RolloutRow, ...]
    status: Mapping[str, tuple[str, str]]
    arms: Mapping[str, str]
    verbs: Mapping[str, str]
    why_not: str = ""


@dataclass(frozen=True)
class RowsPage:
    """What rollouts/rows.html shows: cases of an arm, of a day or of all."""

    row: RolloutRow
    arm: str
    day: str
    cases: tuple[tuple[int, str | None, datetime, datetime | None], ...]
    cut: bool


@blueprint.get("/rollouts")
@needs(Permission.INSIGHTS)
def overview() -> str:
    names = {each.key: each.name for each in engine_queries.list_definitions(work())}
    rows = tuple((each, share_in_words(each) if each.is_open else "") for each in rollouts.list_rollouts(work()))
    return render("rollouts/list.html", ListPage(rows, names, STATUS))


@blueprint.get("/processes/<key>/rollout")
@needs(Permission.INSIGHTS)
def process(key: str) -> str:
    return render("rollouts/process.html", _page(key))


@blueprint.get("/rollouts/<int:rollout_id>")
@needs(Permission.INSIGHTS)
def rollout(rollout_id: int) -> str:
    row = rollouts.get_rollout(work(), rollout_id)
    head = head_of(row.rollout.definition_key, engine_queries.list_versions(work(), row.rollout.definition_key))
    return render("rollouts/process.html", ProcessPage(head, view_of(row), None, (), STATUS, ARMS, VERBS))


@blueprint.get("/rollouts/<int:rollout_id>/cases/<arm>")
@needs(Permission.INSIGHTS)
def cases(rollout_id: int, arm: str) -> str:
    if arm not in set(Arm):
        raise NotFoundError(_("There is no such arm."))
    row, day = rollouts.get_rollout(work(), rollout_id), request.args.get("day", "")
    found = rollouts.list_cases(work(), rollout_id, Arm(arm), day=day, limit=ROWS + 1)
    return render("rollouts/rows.html", RowsPage(row, ARMS[Arm(arm)], day, tuple(found[:ROWS]), len(found) > ROWS))


@blueprint.post("/processes/<key>/rollout")
@needs(Permission.DEPLOY)
def begin(key: str) -> Response | tuple[str, int] | str:
    """Show what the wish would mean, or begin it."""
    written = {name: request.form.get(name, "").strip() for name in NAMES}
    try:
        wish = wish_of(written)
        if request.form.get("act") == "look":
            return render("rollouts/process.html", _page(key, written=written, wish=wish))
        rollouts.start_as_wished(work(), key, key_of(written["candidate"]) or 0, wish)
    except (InvalidInputError, RefusedError, ConflictError, NotFoundError) as error:
        return render("rollouts/process.html", _page(key, written=written, error=error)), 400
    say(_("It runs: new cases are given their version from now on."))
    return go("rollouts.process", key=key)


def _page(
    key: str,
    *,
    written: Mapping[str, str] | None = None,
    wish: RolloutWish | None = None,
    error: EarshotError | None = None,
) -> ProcessPage:
    versions = engine_queries.list_versions(work(), key)
    head, rows = head_of(key, versions), rollouts.list_rollouts(work(), key)
    open_one = next((each for each in rows if each.is_open), None)
    past = tuple(each for each in rows if not each.is_open)
    view = view_of(open_one) if open_one else None
    why_not = ""
    if head.live_number is None:
        why_not = _("No version is live: a rollout sets another one beside it.")
    elif head.file_key != key:
        why_not = _("It stands in the file of %(key)s: roll that out.") % {"key": head.file_key}
    can = open_one is None and not why_not and may(actor(), Permission.DEPLOY)
    asked = written or {"candidate": request.args.get("candidate", "")}
    set_up = _set_up(key, versions, asked, wish, error) if can else None
    return ProcessPage(head, view, set_up, past, STATUS, ARMS, VERBS, why_not)


def _set_up(
    key: str,
    versions: Sequence[VersionRow],
    written: Mapping[str, str],
    wish: RolloutWish | None,
    error: EarshotError | None,
) -> SetUp:
    live = next((each.id for each in versions if each.status == VersionStatus.LIVE), 0)
    problems = error.fields if isinstance(error, InvalidInputError) else {}
    asked = wish or (None if error else RolloutWish(steps=(0.05, 0.2, 0.5)))
    return SetUp(
        fields=fields_of(written, candidates(versions), problems),
        meaning=meaning_of(asked, rollouts.starts_per_week(work(), key)) if asked else None,
        self_test={
            "candidate": live,
            "how": "share:case",
            "steps": 50,
            "stop_after": SELF_TEST_CASES,
            "reason": _("A/A test: the live version against itself."),
        },
        problem=error.message if error else "",
        problems=tuple(map(str, error.findings)) if isinstance(error, RefusedError) else (),
    )

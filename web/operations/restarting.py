"""Many cases taken up again: chosen in the list of cases, tried, begun for a reason, and ended again where they run."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask import request
from werkzeug.wrappers import Response

from bpm.engine import api as engine
from bpm.engine import queries
from bpm.engine.api import TAKEN_UP
from bpm.engine.queries import CaseFilter, InstanceRow
from bpm.foundation.errors import InvalidInputError
from bpm.foundation.texts import _
from bpm.identity import Permission, may
from web.core.numbers import key_of
from web.core.rendering import go, render, say
from web.core.request_context import actor, work
from web.core.security import needs
from web.instances import case_filters
from web.operations.blueprint import blueprint
from web.operations.outlook import BatchForecast, forecast_of
from web.ui.case_words import step_kind
from web.ui.fields import Field
from web.ui.free_values import FREE, typed_values

MOST = 1_000
"""Cases that are taken up again at once."""


@dataclass(frozen=True)
class RestartManyPage:
    """What operations/restart_many.html shows."""

    rows: tuple[InstanceRow, ...]
    """Those that can be taken up again, newest first."""
    left_out: tuple[tuple[str, int], ...]
    """(why, how many) of the others."""
    capped: bool
    """There are more that fit; these are the newest."""
    name: str
    key: str
    cases: str
    """Their numbers, as the form keeps them."""
    steps: tuple[tuple[str, str], ...]
    """(id, label) of the steps that all of them can begin at."""
    before: tuple[str, ...]
    after: tuple[str, ...]
    last_values: bool
    live_version: bool
    has_newer: bool
    """Whether some ran a version that is not the live one."""
    values: Field
    reason: str
    forecast: BatchForecast | None = None

    @property
    def count(self) -> int:
        return len(self.rows)


@blueprint.get("/batches/restart")
@needs(Permission.OPERATE)
def restart_many() -> str:
    return render("operations/restart_many.html", _page(*_asked()))


@blueprint.post("/batches/restart/forecast")
@needs(Permission.OPERATE)
def try_restart_many() -> str:
    """The same page with what would happen to the first hundred; nothing is kept of it."""
    ids = _numbers(request.form.get("cases", "").split())
    page = _page(ids, capped=False)
    rows = engine.dry_run(work(), "restart", [row.id for row in page.rows], _parameters())
    return render("operations/restart_many.html", replace(page, forecast=forecast_of(rows)))


@blueprint.post("/batches/restart")
@needs(Permission.OPERATE)
def begin_restart_many() -> Response:
    rows, _left_out = _that_can(_numbers(request.form.get("cases", "").split()))
    ids = sorted(row.id for row in rows)
    batch = engine.begin_batch(work(), "restart", ids, _parameters(), reason=request.form.get("reason", ""))
    say(_("Begun. It goes on by itself; you may leave this page."))
    return go("operations.batch", batch_id=batch.id)


@blueprint.post("/batches/<int:batch_id>/undo")
@needs(Permission.OPERATE)
def undo(batch_id: int) -> Response:
    """End what the bulk action made and what still runs of it; the cases that it began from stay as they are."""
    reason = request.form.get("reason", "").strip() or _("Undo of bulk action %(number)s.") % {"number": batch_id}
    taken_back = engine.take_back(work(), batch_id, reason=reason)
    say(_("The new cases that still run are being ended."))
    return go("operations.batch", batch_id=taken_back.id)


def _asked() -> tuple[list[int], bool]:
    """The cases of the address: those that are named, else those that its filter finds; whether there are more."""
    if named := request.args.getlist("case"):
        return _numbers(named), False
    sees_customers = may(actor(), Permission.SEE_FEEDBACK)
    wanted = case_filters.asked(work(), sees_customers=sees_customers).wanted
    statuses = tuple(sorted(TAKEN_UP.intersection(wanted.statuses) if wanted.statuses else TAKEN_UP))
    if not statuses:
        return [], False
    found: list[int] = []
    last: int | None = None
    while len(found) <= MOST:
        page = queries.list_cases(work(), replace(wanted, statuses=statuses), after=last, limit=MOST + 1)
        found += [row.id for row in page.rows]
        last = page.after
        if last is None:
            break
    return found[:MOST], len(found) > MOST


def _numbers(written: Sequence[str]) -> list[int]:
    numbers = [number for each in written if (number := key_of(each)) is not None]
    if len(numbers) > MOST:
        raise InvalidInputError(
            _("At most %(most)s cases are taken up at once.") % {"most": MOST}, remedy=_("Choose fewer.")
        )
    return list(dict.fromkeys(numbers))


def _that_can(ids: Sequence[int]) -> tuple[list[InstanceRow], Counter[str]]:
    """Those of the cases that can be taken up again, all of one process, and why the others cannot."""
    found = queries.list_cases(work(), CaseFilter(ids=tuple(ids)), limit=MOST).rows if ids else ()
    left_out: Counter[str] = Counter()
    rows = []
    for row in found:
        if row.status not in TAKEN_UP:
            left_out[_("still run")] += 1
        elif row.erased_at is not None:
            left_out[_("are erased")] += 1
        else:
            rows.append(row)
    names = Counter(row.name for row in rows)
    if len({row.key for row in rows}) > 1:
        told = ", ".join(f"{name} ({count})" for name, count in names.most_common())
        raise InvalidInputError(
            _("These are cases of several processes: %(names)s.") % {"names": told},
            remedy=_("Choose cases of one process, by the filter above the list."),
        )
    if not rows:
        raise InvalidInputError(
            _("None of these cases can be taken up again."),
            remedy=_("Choose cases that are completed, cancelled or failed, and whose values are not erased."),
        )
    return rows, left_out


def _page(ids: Sequence[int], capped: bool) -> RestartManyPage:  # noqa: FBT001 -- what `_asked` gives
    rows, left_out = _that_can(ids)
    form = request.form
    live = form.get("version") == "live"
    return RestartManyPage(
        rows=tuple(rows),
        left_out=tuple(left_out.most_common()),
        capped=capped,
        name=rows[0].name,
        key=rows[0].key,
        cases=" ".join(str(row.id) for row in rows),
        steps=_steps(rows, live=live),
        before=tuple(form.getlist("before")),
        after=tuple(form.getlist("after")),
        last_values=form.get("with") != "initial",
        live_version=live,
        has_newer=any(row.live_version_id not in (None, row.version_id) for row in rows),
        values=FREE.with_value(form.get(FREE.name, "")),
        reason=form.get("reason", ""),
    )


def _steps(rows: Sequence[InstanceRow], *, live: bool) -> tuple[tuple[str, str], ...]:
    versions = {row.live_version_id if live and row.live_version_id else row.version_id for row in rows}
    listed = [queries.list_beginnings(work(), version) for version in sorted(versions, reverse=True)]
    common = set.intersection(*({each.id for each in steps} for steps in listed))
    steps = (each for each in listed[0] if each.id in common)
    return tuple((each.id, f"{each.name or each.id} ({step_kind(each.type)})") for each in steps)


def _parameters() -> dict[str, Any]:
    form = request.form
    return {
        "before": form.getlist("before")[:100],
        "after": form.getlist("after")[:100],
        "values": "initial" if form.get("with") == "initial" else "last",
        "variables": typed_values(),
        "version": "live" if form.get("version") == "live" else "same",
    }

"""The list of improvements, and opening one from whatever page it was seen on."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import request
from werkzeug.wrappers import Response

from bpm.engine import queries as engine_queries
from bpm.foundation.db import Page
from bpm.foundation.errors import InvalidInputError, NotFoundError
from bpm.foundation.texts import _
from bpm.identity import Permission, list_groups
from bpm.processes import improvements
from bpm.processes.improvements import ImprovementFilter, ImprovementRow, OpenedFrom, Origin
from bpm.processes.status import ImprovementStatus
from web.core.numbers import key_of
from web.core.paging import SIZE, after
from web.core.rendering import Choice, go, here, render, say
from web.core.request_context import actor, work
from web.core.security import needs
from web.improvements.blueprint import blueprint
from web.improvements.drafting import drafted, fields_of
from web.ui.fields import Field

TONES = {"proposed": "info", "approved": "warn", "concluded": "good", "declined": "plain"}
MOST_HANDED = 500
"""Items that another page hands on in the address."""


@dataclass(frozen=True)
class Opening:
    """What the form to propose one was opened from, and how many voices stand behind it; `items`: handed on."""

    kind: str
    ref: str
    label: str
    items: str
    voices: int


@dataclass(frozen=True)
class ListPage:
    """What improvements/list.html shows."""

    found: Page[ImprovementRow]
    functions: Mapping[int, tuple[str, ...]]
    statuses: tuple[Choice, ...]
    processes: tuple[Choice, ...]
    whose: tuple[Choice, ...]
    owned: tuple[Choice, ...]
    lonely: int
    """Under way, and owned by fewer than two functions."""
    fields: tuple[Field, ...]
    tones: Mapping[str, str]
    opening: Opening | None
    asking: bool
    """Whether the form to propose one stands open."""


@blueprint.get("")
@needs(Permission.SEE_PROCESSES)
def improvement_list() -> str:
    return render("improvements/list.html", _list())


def _list(error: InvalidInputError | None = None) -> ListPage:
    asked = request.args
    mine, alone = asked.get("owner") == "me", asked.get("functions") == "one"
    wanted = ImprovementFilter(
        status=asked.get("status") if asked.get("status") in set(ImprovementStatus) else None,
        definition_key=asked.get("process") or None,
        owner_id=actor().user_id if mine else None,
        one_function=alone,
        after=after(),
    )
    known = engine_queries.list_definitions(work())
    shown = [("", _("any")), *((each.key, each.name) for each in known)]
    found = improvements.list_improvements(work(), wanted, limit=SIZE)
    opening = _opening()
    values: Mapping[str, str] = request.form
    if opening is not None and not values:
        values = {"process": request.args.get("process", "") or _process_of(opening)}
    return ListPage(
        found=found,
        functions=improvements.functions_of(work(), [row.id for row in found.rows]),
        statuses=tuple(
            Choice(value or _("any"), here(status=value or None), (wanted.status or "") == value)
            for value in ("", *ImprovementStatus)
        ),
        processes=tuple(
            Choice(label, here(process=value or None), (wanted.definition_key or "") == value) for value, label in shown
        ),
        whose=(Choice(_("anybody's"), here(owner=None), not mine), Choice(_("mine"), here(owner="me"), mine)),
        owned=(
            Choice(_("any"), here(functions=None), not alone),
            Choice(_("of one function or none"), here(functions="one"), alone),
        ),
        lonely=improvements.with_one_function(work()),
        fields=fields_of(
            values, error.fields if error else {}, processes=[(e.key, e.name) for e in known],
            functions=[(str(each.id), each.name) for each in list_groups(work())],
            chosen=request.form.getlist("function"),
        ),
        tones=TONES,
        opening=opening,
        asking=error is not None or opening is not None,
    )  # fmt: skip


def _opening() -> Opening | None:
    """What the address or the form says that it is opened from; a bare `item` is an item."""
    said = request.values
    kind = said.get("from") or ("item" if "item" in said else "")
    if kind not in set(Origin):
        return None
    ref = (said.get("ref") or said.get("item", ""))[:1000]
    if kind == Origin.ITEM and (item := key_of(ref)) is not None:
        kind = improvements.origin_of_item(work(), item)
    handed = _handed(said.get("items", ""))
    try:
        label = said.get("label", "")[:300] or improvements.label_of(work(), Origin(kind), ref)
    except NotFoundError:
        return None
    voices = len(handed) if handed else len(improvements.voices_behind(work(), Origin(kind), ref))
    return Opening(kind, ref, label, ".".join(map(str, handed)), voices)


def _process_of(opening: Opening) -> str:
    return opening.ref.partition(":")[0] if opening.kind == Origin.ELEMENT else ""


def _handed(written: str) -> list[int]:
    return [key for each in written.split(".")[:MOST_HANDED] if (key := key_of(each)) is not None]


@blueprint.post("")
@needs(Permission.SEE_FEEDBACK)
def propose() -> Response | tuple[str, int]:
    opening = _opening()
    source = OpenedFrom(Origin(opening.kind), opening.ref, opening.label) if opening else OpenedFrom(Origin.PLAIN)
    handed = _handed(opening.items) if opening else []
    try:
        number = improvements.propose(work(), drafted(request.form), opened_from=source, voices=handed or None)
    except InvalidInputError as error:
        return render("improvements/list.html", _list(error)), 400
    alone = len(request.form.getlist("function")) < improvements.ENOUGH
    say(_("Proposed. Only one function owns it, or none: find a second one.") if alone else _("Proposed."))
    return go("improvements.improvement", improvement_id=number)

"""The tree: needs of customers, what drives them, and leaves that each name a measure with its limits."""

import math
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import delete, select

from bpm import audit
from bpm.foundation.errors import InvalidInputError, NotFoundError
from bpm.foundation.texts import _
from bpm.foundation.work import Work
from bpm.processes.improvements.records import get_row, note, thing
from bpm.processes.measures.catalogue import MEASURES, MeasureKind
from bpm.processes.models import CtqNode
from bpm.processes.models.register_lists import NodeKind

VARIABLE = "variable:"
PARENTS = {NodeKind.NEED: None, NodeKind.DRIVER: NodeKind.NEED, NodeKind.CTQ: NodeKind.DRIVER}
"""Kind -> under what it stands."""
LONGEST, MOST = 300, 60
_HOUR = 3600.0


@dataclass(frozen=True)
class Unit:
    """How limits of a measure are written: a written number times `factor` is what is measured."""

    words: str
    factor: float = 1.0


@dataclass(frozen=True)
class NodeDraft:
    """What a person fills in; limits as written, in the unit of the measure, empty: none on that side."""

    kind: str
    words: str
    parent_id: int | None = None
    measure: str = ""
    lower: str = ""
    upper: str = ""


@dataclass(frozen=True)
class Node:
    """A part of the tree; limits in the unit of the measure."""

    id: int
    parent_id: int | None
    kind: NodeKind
    words: str
    measure: str
    measure_title: str
    unit: str
    lower: float | None
    upper: float | None
    children: tuple["Node", ...] = ()

    @property
    def limits(self) -> str:
        """In words, as `at most 24 hours`."""
        if self.lower is None and self.upper is None:
            return ""
        words = {"lower": _shown(self.lower), "upper": _shown(self.upper), "unit": self.unit}
        if self.lower is None:
            return (_("at most %(upper)s %(unit)s") % words).strip()
        if self.upper is None:
            return (_("at least %(lower)s %(unit)s") % words).strip()
        return (_("%(lower)s to %(upper)s %(unit)s") % words).strip()


def _shown(limit: float | None) -> str:
    return "" if limit is None else f"{limit:g}"


def unit_of(measure: str) -> Unit:
    """How its limits are written: shares in per cent, times in hours, all else as it is measured."""
    known = MEASURES.get(measure)
    if known is None:
        return Unit("")
    if known.kind is MeasureKind.SHARE:
        return Unit("%", 0.01)
    if known.kind is MeasureKind.DURATION:
        return Unit(_("hours"), _HOUR)
    return Unit(_(known.unit))


def add_node(work: Work, improvement_id: int, draft: NodeDraft) -> int:
    """Add a part to the tree; its id.

    InvalidInputError with `fields`: a leaf names a measure of the catalogue (or `variable:NAME`) and a limit, and
    every part stands under one of the kind above it.
    """
    row = get_row(work, improvement_id)
    kind = next((each for each in NodeKind if each == draft.kind), None)
    known = {each.id: each for each in _rows(work, row.id)}
    problems: dict[str, str] = {}
    lower = upper = None
    if kind is None:
        problems["kind"] = _("Choose a need, a driver or a measure.")
    elif PARENTS[kind] is not None and _kind_of(known.get(draft.parent_id or 0)) is not PARENTS[kind]:
        driver = _("Choose the driver that it belongs to.")
        problems["parent"] = driver if kind is NodeKind.CTQ else _("Choose the need that it belongs to.")
    if not 0 < len(draft.words.strip()) <= LONGEST:
        problems["words"] = _("Say it in one line.")
    if len(known) >= MOST:
        problems["words"] = _("A tree of %(n)s parts is full.") % {"n": MOST}
    if kind is NodeKind.CTQ:
        problems |= _leaf_problems(draft)
        lower, upper = _number(draft.lower, draft.measure), _number(draft.upper, draft.measure)
    if problems:
        raise InvalidInputError(
            _("The tree was not changed."), remedy=_("Look at the fields that are marked."), fields=problems
        )
    node = CtqNode(
        improvement_id=row.id, parent_id=draft.parent_id if kind is not NodeKind.NEED else None, kind=kind,
        words=draft.words.strip(), measure=draft.measure.strip() if kind is NodeKind.CTQ else "",
        lower=lower, upper=upper,
    )  # fmt: skip
    work.session.add(node)
    work.session.flush()
    note(work, row, "ctq", after=f"{node.kind}: {node.words}")
    after = {"kind": node.kind, "words": node.words, "measure": node.measure, "lower": node.lower, "upper": node.upper}
    audit.record(work, "improvement.ctq", thing(row), before={"part": None}, after=after)
    return node.id


def _kind_of(node: CtqNode | None) -> NodeKind | None:
    return node.kind if node is not None else None


def _leaf_problems(draft: NodeDraft) -> dict[str, str]:
    problems = {}
    measure = draft.measure.strip()
    is_variable = measure.startswith(VARIABLE) and len(measure) > len(VARIABLE)
    if measure not in MEASURES and not is_variable:
        problems["measure"] = _("A leaf of the tree names a measure of the list.")
    if not draft.lower.strip() and not draft.upper.strip():
        problems["upper"] = _("Give a limit, on one side at least.")
    for name, written in (("lower", draft.lower), ("upper", draft.upper)):
        if written.strip() and _number(written, measure) is None:
            problems[name] = _("Write the limit as a number.")
    low, high = _number(draft.lower, measure), _number(draft.upper, measure)
    if low is not None and high is not None and low >= high:
        problems["upper"] = _("The upper limit lies above the lower one.")
    return problems


def _number(written: str, measure: str) -> float | None:
    """The limit as it is measured; None where none, or no number, is written."""
    try:
        number = float(written.strip().replace(",", "."))
    except ValueError:
        return None
    return number * unit_of(measure).factor if math.isfinite(number) else None


def drop_node(work: Work, improvement_id: int, node_id: int) -> None:
    """Take a part out of the tree, with everything below it; NotFoundError where it is none of this tree."""
    row, node = get_row(work, improvement_id), work.session.get(CtqNode, node_id)
    if node is None or node.improvement_id != row.id:
        raise NotFoundError(_("The tree has no such part."))
    told = f"{node.kind}: {node.words}"
    work.session.execute(delete(CtqNode).where(CtqNode.id == node.id))  # the database takes what stands below
    work.session.expire_all()
    note(work, row, "ctq", before=told)
    audit.record(work, "improvement.ctq", thing(row), before={"part": told}, after={"part": None})


def _rows(work: Work, improvement_id: int) -> Iterable[CtqNode]:
    return work.session.scalars(select(CtqNode).where(CtqNode.improvement_id == improvement_id).order_by(CtqNode.id))


def read_tree(work: Work, improvement_id: int) -> tuple[Node, ...]:
    """The needs, each with what stands below it."""
    rows = list(_rows(work, improvement_id))
    return tuple(_node(each, rows) for each in rows if each.parent_id is None)


def _node(row: CtqNode, rows: list[CtqNode]) -> Node:
    known, unit = MEASURES.get(row.measure), unit_of(row.measure)
    title = _(known.title) if known else row.measure.removeprefix(VARIABLE)
    return Node(
        row.id, row.parent_id, row.kind, row.words, row.measure, title, unit.words,
        None if row.lower is None else row.lower / unit.factor, None if row.upper is None else row.upper / unit.factor,
        tuple(_node(each, rows) for each in rows if each.parent_id == row.id),
    )  # fmt: skip

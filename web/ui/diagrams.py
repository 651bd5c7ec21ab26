"""What a page asks the diagram island to show: a drawing, pins, marks, one heat layer, a panel."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

Mark = Literal["open", "done", "failed", "added", "removed", "changed", "here"]


@dataclass(frozen=True)
class Pin:
    """A numbered pin on an element; the page's row with id `row` and the pin answer each other."""

    element: str
    label: str
    tone: Literal["bad", "warn", "info"]
    row: str


@dataclass(frozen=True)
class Heat:
    """A figure on an element: `level` 0 (least) to 4 (most) colours it, `label` says it, `url` opens its rows."""

    level: int
    label: str
    title: str
    url: str = ""


@dataclass(frozen=True)
class DrawingNotes:
    """What is said under a drawing: what was laid out here, and what it does not show."""

    processes: Sequence[str] = ()
    """Names of the processes that had no drawing of their own and were laid out."""
    left_out: Sequence[Mapping[str, str]] = ()
    """Elements that are not on the drawing: id, name, type."""
    problem: str = ""
    """Why something could not be laid out, with the remedy."""
    remedy: str = ""


NO_NOTES = DrawingNotes()


def notes_of(stored: Mapping[str, Any] | None) -> DrawingNotes:
    """The notes as they were kept with the file; none where none were."""
    return DrawingNotes(**stored) if stored else NO_NOTES


@dataclass(frozen=True)
class Before:
    """The older drawing that the box can be turned to, with its own marks."""

    source: str
    marks: Mapping[str, Mark]


@dataclass(frozen=True)
class Row:
    """A row of the page that stands for an element: by its id `after` on the drawing, `before` on the older one."""

    row: str
    after: str
    before: str


@dataclass(frozen=True)
class Diagram:
    """One drawing. `source` is the URL of the BPMN file; `panel`, if given, is loaded with ?element= on selection."""

    source: str
    pins: Sequence[Pin] = ()
    marks: Mapping[str, Mark] = field(default_factory=dict)
    heat: Mapping[str, Heat] = field(default_factory=dict)
    panel: str = ""
    """URL whose block `element` is put into #element when an element is selected."""
    selected: str = ""
    process: str = ""
    """Id of the process that the page is about: of several diagrams in a file, the one that shows it comes first."""
    before: Before | None = None
    rows: Sequence[Row] = ()
    """Rows and elements that answer each other, without a pin."""
    notes: DrawingNotes = field(default=NO_NOTES)
    """Stands under the drawing."""

    def as_json(self) -> str:
        plain = asdict(self)
        del plain["notes"]
        return json.dumps(plain, ensure_ascii=False)

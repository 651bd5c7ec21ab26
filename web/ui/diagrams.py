"""What a page asks the diagram island to show: a drawing, pins, marks, one heat layer, a panel."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Literal

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
class Diagram:
    """One drawing. `source` is the URL of the BPMN file; `panel`, if given, is loaded with ?element= on selection."""

    source: str
    pins: Sequence[Pin] = ()
    marks: Mapping[str, Mark] = field(default_factory=dict)
    heat: Mapping[str, Heat] = field(default_factory=dict)
    panel: str = ""
    """URL whose block `element` is put into #element when an element is selected."""
    selected: str = ""

    def as_json(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False)

"""What an element does to customers, in short, for the process page's panel: items there and waiting time."""

from dataclasses import dataclass
from datetime import timedelta

from flask import url_for
from markupsafe import Markup

from bpm.foundation.work import Work
from bpm.processes.queries import ElementMeasures, end_of_day, process_measures
from web.core.rendering import render_part
from web.measures.layers import length_of
from web.measures.periods import USUAL


@dataclass(frozen=True)
class AtElementPage:
    number: int
    days: int
    found: ElementMeasures
    waiting: str
    rows_url: str
    """The items themselves; empty where there are none."""
    url: str


def at_element(work: Work, key: str, *, version_id: int, element: str) -> Markup:
    """The block for one element of a version; nothing for what no case passes, such as a sequence flow."""
    until = end_of_day(work.now())
    measures = process_measures(work, key, version_id=version_id, since=until - timedelta(days=USUAL), until=until)
    found = next((each for each in measures.elements if each.element == element), None)
    if found is None:
        return Markup()
    rows = url_for("insights.rows", key=key, version_id=version_id, element=element, days=USUAL)
    page = AtElementPage(
        number=measures.number,
        days=USUAL,
        found=found,
        waiting=length_of(found.waiting),
        rows_url=rows if found.items else "",
        url=url_for("insights.process", key=key, version=measures.number, element=element, days=USUAL),
    )
    return render_part("measures/at_element.html", "at_element", page)

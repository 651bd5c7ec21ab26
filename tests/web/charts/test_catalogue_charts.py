"""Each measure of the catalogue has the chart of its kind, a phase for each version, and says why there is none."""

from datetime import timedelta

import numpy as np
import pytest

from bpm.app import App
from bpm.processes.measures.asking import Period, Question
from bpm.processes.measures.catalogue import MEASURES
from tests.conftest import MONDAY
from web.charts import catalogue
from web.charts.catalogue import measure_chart

DRAWN = np.random.default_rng(5)


def _weeks(mean: float, n: int, *, weeks: int = 30) -> list[Period]:
    starts = [MONDAY.replace(hour=0) - timedelta(weeks=weeks - each) for each in range(weeks)]
    return [
        Period(start, float(mean * DRAWN.uniform(0.6, 1.4)), n, version=1 if place < 15 else 2)
        for place, start in enumerate(starts)
    ]


@pytest.mark.parametrize(
    ("name", "mean", "said"),
    [
        ("csat", 0.5, "Laney p' chart"),
        ("escapes", 8.0, "Laney u' chart"),
        ("escapes", 0.9, "g chart: events are rare"),
        ("effort", 3.0, "XmR chart"),
        ("first_answer", 7200.0, "XmR chart"),
    ],
)
def test_the_kind_of_data_chooses_the_chart(
    app: App, monkeypatch: pytest.MonkeyPatch, name: str, mean: float, said: str
) -> None:
    def told(_work: object, _asked: Question) -> list[Period]:
        return _weeks(mean, 60)

    monkeypatch.setattr(catalogue, "series", told)
    with app.unit_of_work.reading() as work:
        found = measure_chart(work, "care", MEASURES[name])
    assert found.drawn is not None
    assert said in found.kind
    if "g chart" not in said:
        assert {line.phase for line in found.lines} == {"version 1", "version 2"}
    if name == "first_answer":
        assert found.lines[0].value.endswith((" h", " min"))


def test_a_measure_that_is_not_shown_has_no_chart(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalogue, "series", lambda _work, _asked: [Period(MONDAY, None, 4)] * 30)
    with app.unit_of_work.reading() as work:
        found = measure_chart(work, "care", MEASURES["csat"])
    assert found.drawn is None
    assert "The measure is shown in 0 weeks" in found.why_not

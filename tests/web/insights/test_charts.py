"""The chart of shares over time keeps its words clear of its lines."""

from datetime import UTC, datetime, timedelta

import pytest

from bpm.processes.measures.listening import PeriodShare
from bpm.statistics import share, source_mix
from web.insights.charts import WIDTH, share_chart

DOT = 6
"""Radius of a point with its edge."""
START = datetime(2026, 6, 1, tzinfo=UTC)


@pytest.mark.parametrize("hits", [0, 10, 11, 20])
def test_the_name_of_the_reference_line_stands_beside_the_plot_whatever_the_points_are(hits: int) -> None:
    weeks = [START + timedelta(days=7 * number) for number in range(8)]
    periods = [
        PeriodShare(week, week + timedelta(days=7), share(hits, 20), source_mix({"email": 20})) for week in weeks
    ]

    chart = share_chart(periods, reference=0.5)

    assert chart.reference_label == "50 %"
    assert max(point.x for point in chart.points) + DOT < chart.right < WIDTH - 90, "90 for the word in bold, on phones"


def test_without_a_reference_the_plot_takes_the_whole_width() -> None:
    assert share_chart([]).right > WIDTH - 20
    assert share_chart([]).reference_label == ""

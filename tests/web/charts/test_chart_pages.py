"""A process's control chart says its limits, signals, weeks without items and why there is none; n is asked before."""

from collections.abc import Callable
from datetime import timedelta
from itertools import pairwise

import pytest

from bpm.foundation.clock import FixedClock
from bpm.statistics.charts import Kind, control_chart, series
from tests.processes.conftest import GoLive, Say
from tests.processes.models import CARE
from tests.web.conftest import Browser
from web.ui.control_charts import HEIGHT, LEFT, RIGHT, WIDTH, drawn

SignedIn = Callable[..., Browser]


@pytest.fixture
def manager(signed_in: SignedIn) -> Browser:
    return signed_in("mona", "manager")


@pytest.fixture
def weeks(go_live: GoLive, trigger: Callable[..., int], suffer: Say, clock: FixedClock) -> int:
    """22 weeks of four items, one or two of them negative, the tenth silent; then a week in which all were."""
    version_id = go_live(CARE, "care")
    trigger()
    for week in range(23):
        for number in range(0 if week == 9 else 4):
            bad = number < (4 if week == 22 else 1 + week % 2)
            suffer(f"Week {week}, words {number}", sentiment=-0.9 if bad else 0.4)
        if week < 22:
            clock.advance(timedelta(days=7))
    return version_id


def test_the_chart_of_a_process_has_limits_signals_and_the_same_as_a_table(weeks: int, manager: Browser) -> None:
    page = manager.see("/insights/processes/care/chart")

    picture = page.get("img", "Negative share by week, with limits")
    assert "Limits: 3 sigma from the first 20 weeks of the version, frozen." in picture.name
    assert "1 week had no item." in picture.name
    assert "more negative, beyond the limits." in page
    assert "90 items" not in page
    assert "100 %" in page
    assert "Source mix: email 88." in page
    assert "/insights/processes/care" in page.links


def test_a_week_opens_its_rows(weeks: int, manager: Browser) -> None:
    page = manager.see("/insights/processes/care/chart")
    newest = next(link for link in page.links if link.startswith("/insights/processes/care/chart/2"))

    rows = manager.see(newest)
    assert "Week 22, words 3" in rows
    assert "Week 21, words 0" not in rows
    for day in ("soon", "9999-12-31", "0001-01-01"):
        manager.see(f"/insights/processes/care/chart/{day}", status=404)


def test_a_process_that_nobody_spoke_of_says_why_there_is_no_chart(
    go_live: GoLive, manager: Browser, signed_in: SignedIn
) -> None:
    go_live(CARE, "care")
    assert "There are items of 0 weeks; a chart begins with three." in manager.see("/insights/processes/care/chart")
    signed_in("stella", "staff").see("/insights/processes/care/chart", status=403)


def test_what_n_would_do_is_asked_before_a_change(manager: Browser) -> None:
    assert "Of 100 such changes" not in manager.see("/insights/what-n")
    page = manager.see("/insights/what-n?from=30&to=20&smallest=5&cases=293&each=1")
    assert "To see it 80 times of 100 takes 293 cases on each version" in page
    assert "improved" in page
    wrong = manager.see("/insights/what-n?from=130&to=20&smallest=5&cases=293&each=1")
    assert "Write a number from 0 to 100." in wrong
    assert "Of 100 such changes" not in wrong


def test_a_drawing_keeps_inside_its_canvas_and_its_words_apart() -> None:
    chart = control_chart(series([float(10 + n % 3) for n in range(24)] + [40.0]), Kind.XMR)
    picture = drawn(chart)
    assert all(LEFT < point.x < WIDTH - RIGHT and 0 <= point.y <= HEIGHT for point in picture.points)
    assert picture.points[-1].signal == "3 sigma"
    places = [place for place, _words in picture.ends]
    assert all(later - earlier >= 16 for earlier, later in pairwise(places))

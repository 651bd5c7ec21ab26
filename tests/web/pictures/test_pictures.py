"""Pictures of a process: cost on the diagram, variants, ways, hand-overs, versions side by side, logs too."""

from collections.abc import Callable
from datetime import datetime

import pytest

from bpm.app import App
from bpm.processes import outside
from tests.processes.conftest import GoLive
from tests.processes.models import CARE
from tests.web.conftest import Browser
from tests.web.elsewhere.test_elsewhere_pages import hand_in

SignedIn = Callable[..., Browser]
Period = tuple[datetime, datetime]


@pytest.fixture
def mona(busy: Period, signed_in: SignedIn) -> Browser:
    assert busy
    return signed_in("maria", "manager", "designer")


def test_the_diagram_carries_what_a_pass_costs_and_the_table_says_the_same(mona: Browser) -> None:
    page = mona.see("/insights/processes/care/cost")
    heat = page.drawings[0]["heat"]["read"]
    assert heat["label"] == "10.34", "170 minutes at 36.50 an hour, over ten passes"
    assert heat["level"] == 2
    assert heat["url"].startswith("/insights/costs/cases/care/1")
    assert "103.42" in page
    assert "/insights/processes/care/cost?version=1&days=30" in mona.see("/insights/processes/care").links


def test_variants_ways_and_hand_overs_open_their_cases(mona: Browser) -> None:
    page = mona.see("/insights/processes/care/variants")
    assert "10 cases in 2 variants." in page
    opened = next(link for link in page.links if "/variants/" in link)
    assert "Cases of a variant" in mona.see(opened)
    assert "Case 1" in mona.see(opened) or "Case 10" in mona.see(opened)
    assert mona.see("/insights/processes/care/variants/nothing", status=404)
    assert "No ways part here" in mona.see("/insights/processes/care/ways")
    assert "No case names a department" in mona.see("/insights/processes/care/hand-overs")
    assert mona.see("/insights/processes/care/variants?version=7", status=404)


def test_versions_stand_side_by_side_by_one_scale_with_what_differs(go_live: GoLive, mona: Browser) -> None:
    go_live(CARE.replace(b"Mend what broke", b"Mend it well"), "care")
    page = mona.see("/insights/processes/care/side-by-side?layer=work")
    assert [each["source"] for each in page.drawings] == [
        "/processes/versions/1/drawing",
        "/processes/versions/2/drawing",
    ]
    assert "Version 1 to 2: “Mend what broke” is called “Mend it well”." in page
    assert "No case in this period" in mona.see("/insights/processes/care/variants?version=2")
    assert "10 cases started" in page
    assert "0 cases started" in page
    one = mona.see("/insights/processes/care/side-by-side?of=1")
    assert len(one.drawings) == 1
    assert "Nothing that is drawn differs" in one


def test_a_log_of_elsewhere_has_the_same_pictures(app: App, mona: Browser) -> None:
    hand_in(mona)
    outside.sweep_logs(app.unit_of_work)
    assert "2 cases in 2 variants." in mona.see("/insights/elsewhere/old/variants")
    opened = next(link for link in mona.see("/insights/elsewhere/old/variants").links if "/variants/" in link)
    assert "Cases of a variant" in mona.see(opened)
    assert "Dance" in mona.see("/insights/elsewhere/old/ways")
    assert "No case names a department" in mona.see("/insights/elsewhere/old/hand-overs?days=30")
    assert "/insights/elsewhere/old/variants" in mona.see("/insights/elsewhere/old").links

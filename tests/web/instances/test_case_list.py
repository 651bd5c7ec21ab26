"""Cases over all processes: filters are links that say how many, and what is found is found by what people know."""

import csv
import io
import re
from collections.abc import Callable

import pytest

from bpm import feedback, search
from bpm.app import App
from bpm.engine import api as engine
from bpm.feedback.models import FeedbackItem
from bpm.feedback.raw_item import RawItem
from bpm.processes import attribution
from bpm.wiring import SEARCHED
from tests.conftest import MONDAY
from tests.web.conftest import REFUND, Browser, put_live, start_refund

SignIn = Callable[..., Browser]
RETURNS = REFUND.replace(b'id="refund"', b'id="returns"').replace(b'name="Refund"', b'name="Returns"')


@pytest.fixture
def operator(signed_in: SignIn, refund: int) -> Browser:
    return signed_in("otto", "operator", "advocate")


def test_cases_of_all_processes_are_found_by_key_value_words_and_date(app: App, operator: Browser) -> None:
    put_live(app, RETURNS, "returns.bpmn")
    start_refund(app, "A-17")
    with app.unit_of_work() as work:
        engine.start(work, "returns", {"order": "B-1", "total": 12}, business_key="B-1")
    page = operator.see("/cases")
    assert "A-17" in page
    assert "B-1" in page
    for query in (
        "key=B-1",
        "variable=total&value=12",
        "q=returns",
        "process=returns",
        "q=b-1",
        f"from={MONDAY:%Y-%m-%d}",
    ):
        assert "B-1" in operator.see(f"/cases?{query}"), query
    for query in ("key=B-1", "variable=total&value=12", "process=returns", "q=b-1"):
        assert "A-17" not in operator.see(f"/cases?{query}"), query
    for query in (
        "variable=total&value=%2212%22",
        "from=2100-01-01",
        "status=completed",
        "status=failing",
    ):
        assert "No case fits" in operator.see(f"/cases?{query}"), query


def test_filters_offer_what_occurs_with_counts(app: App, operator: Browser) -> None:
    start_refund(app, "A-1")
    second = start_refund(app, "A-2")
    with app.unit_of_work() as work:
        engine.suspend(work, second, reason="Wait.")
    page = operator.see("/processes/refund/cases")
    for words in ("All 2", "running 1", "suspended 1", "not ended 2"):
        assert words in page, words
    assert "completed" not in page
    narrowed = operator.see("/processes/refund/cases?status=suspended")
    assert "A-2" in narrowed
    assert "A-1" not in narrowed
    assert "A-1" in operator.see("/processes/refund/cases?element=check&status=active")
    assert operator.get("/processes/refund/instances?status=active").headers["Location"].endswith("cases?status=active")


def test_a_customers_cases_are_one_link_away_for_those_who_see_feedback(
    app: App, operator: Browser, signed_in: SignIn
) -> None:
    case = start_refund(app, "A-17")
    start_refund(app, "A-18")
    said = RawItem(
        channel="email", source="post", natural_key="1", text="Where is it?", said_at=MONDAY,
        author_name="Ada Lovelace", author_handle="ada@example.org",
    )  # fmt: skip
    with app.unit_of_work() as work:
        item = feedback.receive(work, said)
        attribution.record(
            work, work.session.get_one(FeedbackItem, item.item_id), instance_id=case, evidence="By hand."
        )
    page = operator.see("/cases")
    assert "Ada Lovelace" in page
    address = next(link for link in page.links if "customer=" in link)
    narrowed = operator.see(address)
    assert "A-17" in narrowed
    assert "A-18" not in narrowed
    assert "Ada Lovelace" not in signed_in("oskar", "operator").see("/cases")


def test_the_filter_is_exported_so_that_no_spreadsheet_runs_it(app: App, operator: Browser) -> None:
    start_refund(app, "=1+1")
    start_refund(app, "A-18")
    answer = operator.get("/cases/export.csv?key=%3D1%2B1")
    rows = list(csv.DictReader(io.StringIO(answer.get_data(as_text=True))))
    assert [row["key"] for row in rows] == ["'=1+1"]
    assert rows[0]["state"] == "running"
    assert rows[0]["stands at"]


def test_what_cannot_be_read_is_named_and_strangers_see_nothing(operator: Browser, signed_in: SignIn) -> None:
    assert "is no day" in operator.see("/cases?from=tomorrow", status=400)
    assert "no name of a variable" in operator.see("/cases?variable=a%22b&value=1", status=400)
    assert operator.get("/cases?status=nonsense&of=x&customer=y&after=7").status_code == 200
    assert operator.get("/processes/nothing/cases").status_code == 404


def test_the_search_finds_cases_customers_and_processes_by_words_in_any_order(app: App, operator: Browser) -> None:
    start_refund(app, "A-17 blue")
    said = RawItem(
        channel="email", source="post", natural_key="1", text="Where is it?", said_at=MONDAY,
        author_name="Ada Lovelace", author_handle="ada@example.org",
    )  # fmt: skip
    with app.unit_of_work() as work:
        feedback.receive(work, said)
    search.sweep_waiting(app.unit_of_work, SEARCHED)
    assert operator.see("/search?q=blue+A-17").has("link", re.compile("case A-17 blue"))
    assert operator.see("/search?q=lovelace+ada").has("link", re.compile("customer Ada Lovelace"))
    assert operator.see("/search?q=refund").has("heading", "Processes")
    assert "Nothing found" in operator.see("/search?q=nothing+of+the+sort")

"""Sources in the browser: tried, kept, paused, asked at once, changed, taken away."""

from collections.abc import Callable

import pytest

from bpm.app import App
from bpm.feedback import connectors
from tests.feedback.connectors.conftest import FakeSystem, app, other_side, settings  # noqa: F401 (fixtures)
from tests.web.conftest import Browser

ANSWER = b'[{"id": "1", "text": "The parcel never came.", "author_name": "Ann", "created_at": "2026-03-01T10:00:00Z"}]'


@pytest.fixture
def advocate(signed_in: Callable[..., Browser]) -> Browser:
    return signed_in("maya", "advocate")


def test_a_source_is_tried_then_kept_and_stands_in_the_list(
    app: App,  # noqa: F811
    other_side: FakeSystem,  # noqa: F811
    advocate: Browser,
) -> None:
    assert "No source is asked yet" in advocate.see("/inbox/sources")
    assert advocate.see("/inbox/sources/new/address").has("button", "Test it")
    other_side.says(ANSWER)
    filled = {"name": "Shop", "address": other_side.address, "every": "900", "format": "json", "token": "planted-1"}
    page = advocate.do("/inbox/sources/new/address", {**filled, "do": "try"})
    assert "it works" in page
    assert "The parcel never came." in page
    assert "planted-1" not in page.markup
    assert "No source is asked yet" in advocate.see("/inbox/sources")
    page = advocate.do("/inbox/sources/new/address", {**filled, "do": "keep"})
    assert "not asked yet" in page
    connectors.sweep_connectors(app.unit_of_work)
    page = advocate.see("/inbox/sources")
    assert "works" in page
    assert "every 15 minutes" in page
    assert "paused" in advocate.do("/inbox/sources/1/pause")
    assert "works" in advocate.do("/inbox/sources/1/resume")
    page = advocate.see("/inbox/sources/1")
    assert "One is kept" in page
    assert "planted-1" not in page.markup
    assert "Taken away" in advocate.do("/inbox/sources/1/remove")


def test_what_is_wrong_stands_at_its_field_or_with_its_remedy(
    other_side: FakeSystem,  # noqa: F811
    advocate: Browser,
) -> None:
    answer = advocate.post("/inbox/sources/new/address", {"name": "", "address": "ftp://x", "do": "try"})
    assert answer.status_code == 400
    other_side.says(b"", 404)
    given = {"name": "Shop", "address": other_side.address, "every": "900", "do": "try"}
    page = advocate.do("/inbox/sources/new/address", given)
    assert "it does not work yet" in page
    assert "Look at the address" in page


def test_only_who_may_import_sees_sources(signed_in: Callable[..., Browser]) -> None:
    assert signed_in("tom", "designer").get("/inbox/sources").status_code == 403


def test_insights_show_which_sources_are_heard(
    app: App,  # noqa: F811
    other_side: FakeSystem,  # noqa: F811
    signed_in: Callable[..., Browser],
) -> None:
    other_side.says(b"", 500)
    with app.unit_of_work() as work:
        connectors.make_connector(work, "address", {"name": "Shop reviews", "address": other_side.address})
    connectors.sweep_connectors(app.unit_of_work)
    page = signed_in("mia", "manager").see("/insights")
    assert "Coverage: which sources are heard" in page
    assert "Shop reviews" in page
    assert "It is asked again by itself" in page


def test_the_card_says_how_far_channels_are_joined_and_a_desk_shows_where_to_call(
    app: App,  # noqa: F811
    advocate: Browser,
) -> None:
    with app.unit_of_work() as work:
        given = {"name": "Desk", "server": "https://desk.example", "account": "1", "token": "planted-3"}
        connectors.make_connector(work, "chatwoot", given)
    page = advocate.see("/inbox/sources")
    assert "How far each channel is joined" in page
    assert "5 of 5" in page
    assert "/api/sources/1" in advocate.see("/inbox/sources/1")
    answer = advocate.client.post("/api/sources/1", data=b"{}")
    assert (answer.status_code, "Calls are not expected here" in answer.get_data(as_text=True)) == (403, True)

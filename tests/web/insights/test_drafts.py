"""Drafts wait for one named person, who sends them in their own name or drops them."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from bpm.app import App
from bpm.engine.api import JobCall
from bpm.feedback.models import Reply
from bpm.processes import SERVICE_TASKS, queries
from tests.processes.conftest import GoLive, Say
from tests.processes.models import CARE
from tests.web.conftest import Browser

SignedIn = Callable[..., Browser]


@pytest.fixture
def maya(app: App, go_live: GoLive, trigger: Callable[..., int], say: Say, signed_in: SignedIn) -> Browser:
    """An advocate for whom one update was drafted."""
    browser = signed_in("maya", "advocate")
    go_live(CARE, "care")
    trigger()
    item_id = say("The app is down.")
    with app.unit_of_work() as work:
        (link,) = queries.item_links(work, item_id)
        assert link.instance_id is not None
        payload = {"update_text": "It is back.", "notify_by": "maya"}
        told = JobCall(1, link.instance_id, link.version_id, "tell", "incident.notify_linked", payload, "job-1", 1)
        SERVICE_TASKS["incident.notify_linked"](work, told)
    return browser


def replies(app: App) -> list[str]:
    with app.unit_of_work.reading() as work:
        return list(work.session.scalars(select(Reply.text)))


def test_a_draft_is_no_reply_until_its_person_sends_it(app: App, maya: Browser) -> None:
    page = maya.see("/drafts")
    assert "It is back." in page
    assert "The app is down." in page
    assert replies(app) == []

    assert maya.post("/drafts/1/send", {"text": "It is back, sorry."}).status_code == 303

    assert replies(app) == ["It is back, sorry."]
    assert "No draft waits for you" in maya.see("/drafts")


def test_a_dropped_draft_goes_to_nobody(app: App, maya: Browser) -> None:
    assert maya.post("/drafts/1/drop").status_code == 303
    assert maya.post("/drafts/1/send", {"text": "It is back."}).status_code == 409
    assert replies(app) == []


def test_the_inbox_leads_to_the_drafts_of_the_person_while_there_are_any(maya: Browser, signed_in: SignedIn) -> None:
    assert maya.see("/inbox").get("link", "Drafts 1").target == "/drafts"
    assert not signed_in("carl", "advocate").see("/inbox").has("link", "Drafts")

    maya.post("/drafts/1/drop")

    assert not maya.see("/inbox").has("link", "Drafts")


def test_nobody_sends_in_anothers_name(app: App, maya: Browser, signed_in: SignedIn) -> None:
    carl = signed_in("carl", "advocate")

    assert "It is back." not in carl.see("/drafts")
    assert carl.post("/drafts/1/send", {"text": "Mine now."}).status_code == 403
    assert replies(app) == []

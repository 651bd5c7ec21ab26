"""What differs between two versions, on the review and on a page of its own that anybody may see who sees processes."""

from collections.abc import Callable

from bpm.app import App
from bpm.engine import api as engine
from tests.web.conftest import REFUND, Browser, put_live

SignIn = Callable[..., Browser]
CHANGED = (
    REFUND.replace(b'camunda:candidateGroups="service"', b'camunda:candidateGroups="it"', 1)
    .replace(b"Explain why not", b"Tell them why")
    .replace(b"${approved == true}", b"${approved == false}")
)


def test_two_versions_are_compared_thing_by_thing(app: App, signed_in: SignIn) -> None:
    put_live(app)
    put_live(app, CHANGED)
    page = signed_in("mia", "manager", groups=("it",)).get("/processes/refund/difference?from=1&to=2")
    text = page.get_data(as_text=True)
    assert page.status_code == 200
    assert "Version 1 → version 2" in text
    for told in ("<dt>groups</dt><dd>service → it", "Explain why not → Tell them why", "<dt>condition"):
        assert told in text


def test_any_two_versions_can_be_compared_and_the_newest_is_compared_with_the_one_before(
    app: App, signed_in: SignIn
) -> None:
    put_live(app)
    put_live(app, CHANGED)
    put_live(app, REFUND.replace(b"Explain why not", b"Say why"))
    browser = signed_in("dora", "designer")
    assert "Version 2 → version 3" in browser.get("/processes/refund/difference").get_data(as_text=True)
    back = browser.get("/processes/refund/difference?from=3&to=1").get_data(as_text=True)
    assert "Say why → Explain why not" in back
    assert "Nothing differs." in browser.get("/processes/refund/difference?from=2&to=2").get_data(as_text=True)
    assert browser.get("/processes/refund/difference?from=9&to=1").status_code == 404
    assert browser.get("/processes/nobody/difference").status_code == 404


def test_the_timeline_leads_to_what_each_version_changed(app: App, signed_in: SignIn) -> None:
    put_live(app)
    put_live(app, CHANGED)
    page = signed_in("dora", "designer").get("/processes/refund").get_data(as_text=True)
    assert "/processes/refund/difference?from=1&amp;to=2" in page


def test_the_page_of_a_draft_tells_those_who_sign_what_differs(app: App, signed_in: SignIn) -> None:
    put_live(app)
    with app.unit_of_work() as work:
        engine.deploy(work, engine.check(CHANGED, "refund.bpmn"))
    page = signed_in("mia", "manager", groups=("it",)).get("/processes/refund?version=2").get_data(as_text=True)
    assert "What differs from live version 1" in page
    assert "Explain why not → Tell them why" in page

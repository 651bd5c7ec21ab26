"""Whoever signs reads the whole review of the draft first, and signs exactly what was shown."""

import re
from collections.abc import Callable

import pytest

from bpm.app import App
from bpm.engine import api as engine
from tests.web.conftest import REFUND, Browser, content_of, put_live, start_refund
from tests.web.designer.test_processes import drop

SignIn = Callable[..., Browser]
CHANGED = REFUND.replace(b"Explain why not", b"Tell them why")
DRAFT = "/processes/refund?version=2"


@pytest.fixture
def draft(app: App) -> int:
    """Version 2, a draft; a case of version 1 runs."""
    put_live(app)
    start_refund(app)
    with app.unit_of_work() as work:
        tests = [{"id": "starts", "steps": [{"do": "start"}]}]
        passed = engine.run_tests(engine.check(CHANGED, "refund.bpmn"), tests)
        version = engine.deploy(work, engine.check(CHANGED, "refund.bpmn"), tests=tests, test_results=passed)
        return version.id


def read(browser: Browser, url: str = DRAFT) -> str:
    page = browser.get(url).get_data(as_text=True)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def test_a_signer_reads_difference_tests_impact_and_content_on_the_page_where_they_sign(
    app: App, signed_in: SignIn, draft: int
) -> None:
    mia = signed_in("mia", "manager", groups=("it",))
    page = read(mia)
    for told in (
        "What differs from live version 1",
        "Explain why not → Tell them why",
        "Its tests",
        "starts",
        "can change over",
        content_of(app, draft)[:12],
        "Sign for IT",
    ):
        assert told in page  # fmt: skip


def test_the_review_of_a_deployed_upload_leads_a_signer_to_the_same_page(app: App, signed_in: SignIn) -> None:
    put_live(app)
    dora, mia = signed_in("dora", "designer"), signed_in("mia", "manager", groups=("it",))
    review = drop(dora, (CHANGED, "refund.bpmn"))
    assert mia.get(review).status_code == 403
    dora.post(f"{review}/deploy", {"key": "refund"})
    assert mia.get(review).location.endswith("/processes/versions/2")


def test_what_was_not_shown_is_refused(app: App, signed_in: SignIn, draft: int) -> None:
    mia = signed_in("mia", "manager", groups=("it",))
    for content in ("", content_of(app, 1)):
        answer = mia.post(f"/processes/versions/{draft}/signatures", {"department": "it", "content": content})
        assert answer.status_code == 409
        assert "not what this version is" in answer.get_data(as_text=True)
    shown = {"department": "it", "content": content_of(app, draft)}
    assert mia.post(f"/processes/versions/{draft}/signatures", shown).status_code == 303
    assert "Mia" in read(mia)


def test_who_signed_for_one_department_is_told_why_not_for_another(app: App, signed_in: SignIn, draft: int) -> None:
    mia = signed_in("mia", "manager", groups=("it", "marketing"))
    shown = {"content": content_of(app, draft)}
    mia.post(f"/processes/versions/{draft}/signatures", {"department": "it", **shown})
    page = read(mia)
    assert "You signed for another department" in page
    assert "Sign for marketing" not in page
    answer = mia.post(f"/processes/versions/{draft}/signatures", {"department": "marketing", **shown})
    assert answer.status_code == 400
    assert "somebody else has to sign for marketing" in answer.get_data(as_text=True)


def test_a_signature_is_taken_back_with_a_reason_and_the_record_shows_it(
    app: App, signed_in: SignIn, draft: int
) -> None:
    mia = signed_in("mia", "manager", groups=("it",))
    shown = {"department": "it", "content": content_of(app, draft)}
    mia.post(f"/processes/versions/{draft}/signatures", shown)
    taken = {"department": "it", "reason": "The text is wrong."}
    assert mia.post(f"/processes/versions/{draft}/signatures/withdrawal", taken).status_code == 303
    page = read(mia)
    assert "took the signature back – The text is wrong." in page
    assert "Sign for IT" in page


def test_changes_wanted_stand_beside_the_department_and_the_uploader_is_told(app: App, signed_in: SignIn) -> None:
    put_live(app)
    dora, mia = signed_in("dora", "designer"), signed_in("mia", "manager", groups=("it",))
    dora.post(drop(dora, (CHANGED, "refund.bpmn")) + "/deploy", {"key": "refund"})
    wish = {"department": "it", "content": content_of(app, 2), "comment": "Name the law."}
    assert mia.post("/processes/versions/2/changes-wanted", wish).status_code == 303
    assert "changes wanted Name the law. Mia" in read(mia)
    assert "Changes are wanted: Refund, version 2" in read(dora, "/notices")


def test_a_newer_draft_takes_the_older_ones_place_on_its_page(app: App, signed_in: SignIn, draft: int) -> None:
    mia = signed_in("mia", "manager", groups=("it",))
    shown = {"department": "it", "content": content_of(app, draft)}
    mia.post(f"/processes/versions/{draft}/signatures", shown)
    with app.unit_of_work() as work:
        engine.deploy(work, engine.check(REFUND.replace(b"Explain why not", b"Say why"), "refund.bpmn"))
    page = read(mia)
    assert "A newer draft took its place; what was signed here lapsed." in page
    assert "Sign for IT" not in page
    assert read(mia, "/processes").count("waits for you") == 1


def test_an_administrator_chooses_who_signs_and_says_why(app: App, signed_in: SignIn, draft: int) -> None:
    root = signed_in("root", "admin")
    assert signed_in("dora", "designer").get("/processes/refund/departments").status_code == 403
    assert "Who signs Refund" in read(root, "/processes/refund/departments")
    alone = root.post("/processes/refund/departments", {"department": ["it"], "reason": "x"})
    assert alone.status_code == 400
    assert "Choose at least two." in alone.get_data(as_text=True)
    mute = root.post("/processes/refund/departments", {"department": ["it", "operations"]})
    assert mute.status_code == 400
    both = {"department": ["it", "operations"], "reason": "Marketing left."}
    assert root.post("/processes/refund/departments", both).status_code == 303
    page = read(root, DRAFT)
    assert "not signed" in page
    assert "Marketing" not in page.split("On record")[0].split("Version 2, draft")[1].split("What runs now")[0]


def test_finished_cases_are_replayed_on_the_page_and_one_opens_side_by_side(app: App, signed_in: SignIn) -> None:
    put_live(app)
    start_refund(app)
    with app.unit_of_work() as work:
        engine.complete(work, 1, {"approved": False, "amount": 20, "reason": "late"})
    with app.unit_of_work() as work:
        engine.complete(work, 2, {})
    with app.unit_of_work() as work:
        other = REFUND.replace(b"${approved == true}", b"${approved == false}")
        engine.deploy(work, engine.check(other, "refund.bpmn"))
    mia = signed_in("mia", "manager", groups=("it",))
    assert "Being replayed" in read(mia)
    engine.sweep_replays(app.unit_of_work)
    page = read(mia)
    assert "Cases that differ: 1" in page
    assert "No result is on record for" in page or "No answer is on record for" in page
    listed = mia.see("/processes/versions/2/replay?kind=lacks")
    assert "No result is on record for “Pay the money back”" in listed or "No answer is on record for" in listed
    assert listed.get("link", "Case 1")
    assert "No case came to this" in mia.see("/processes/versions/2/replay?kind=longer")
    assert mia.get("/processes/versions/1/replay").status_code == 404
    answer = mia.get("/processes/versions/2/replay/1")
    assert answer.status_code == 200
    assert "first difference" in answer.get_data(as_text=True)
    assert mia.get("/processes/versions/2/replay/99").status_code == 404

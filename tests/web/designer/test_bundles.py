"""A designer uploads what changes: the rest is kept and named, part by part, and goes only where it is ticked."""

import io
import json
from collections.abc import Callable

import pytest

from bpm.app import App
from bpm.engine import api as engine
from bpm.engine import queries
from bpm.engine.forms import is_made
from tests.engine.received.files import archive_of
from tests.web.conftest import REFUND, Browser, content_of
from tests.web.designer.test_processes import drop

SignIn = Callable[..., Browser]
FORM = json.dumps({"type": "object", "properties": {"why": {"type": "string", "title": "Why"}}}).encode()
CASES = json.dumps(
    [{"id": "begins with a check", "steps": [{"do": "start", "vars": {"order": "A"}}, {"expect": {"open": ["check"]}}]}]
).encode()
CHANGED = REFUND.replace(b'name="Check the claim"', b'name="Check it twice"')
WHOLE = [(REFUND, "refund.bpmn"), (FORM, "explain.json"), (CASES, "tests.json"), (b"# Money back", "README.md")]


@pytest.fixture
def designer(app: App, signed_in: SignIn) -> Browser:
    """Signed in, with a live version that has a form, a test and a README."""
    browser = signed_in("dora", "designer")
    browser.post(drop(browser, *WHOLE) + "/deploy", {"key": "refund"})
    for department in ("marketing", "it", "operations"):
        signer = signed_in(f"m-{department}", "manager", groups=(department,))
        signer.post("/processes/versions/1/signatures", {"department": department, "content": content_of(app)})
    assert browser.post("/processes/versions/1/live").status_code == 303
    return browser


def text(browser: Browser, url: str) -> str:
    return browser.get(url).get_data(as_text=True)


def test_the_model_alone_keeps_forms_tests_and_words_and_says_so(app: App, designer: Browser) -> None:
    review = drop(designer, (CHANGED, "refund.bpmn"))
    page = text(designer, review)
    assert "What you did not send is kept from version 1" in page
    for part in ("form:explain", "tests:begins with a check"):
        assert f'name="remove" value="{part}"' in page
    assert "begins with a check" in page
    designer.post(f"{review}/deploy", {"key": "refund"})
    with app.unit_of_work.reading() as work:
        version = queries.get_version(work, 2)
    assert (version.source, set(version.uploaded_forms or ())) == (CHANGED, {"explain"})
    assert ([case["id"] for case in version.tests], version.documentation) == (["begins with a check"], "# Money back")
    assert version.test_results[0]["outcome"] == "pass"


def test_what_is_ticked_goes_and_nothing_else(app: App, designer: Browser) -> None:
    review = drop(designer, (CHANGED, "refund.bpmn"))
    designer.post(f"{review}/deploy", {"key": "refund", "remove": ["form:explain"]})
    with app.unit_of_work.reading() as work:
        version = queries.get_version(work, 2)
    assert is_made(version.forms["explain"])
    assert len(version.tests) == 1
    refused = designer.post(f"{review}/deploy", {"key": "refund", "remove": ["form:nothing"]})
    assert refused.status_code == 400


def test_a_version_is_downloaded_whole_and_the_same_again_when_it_is_sent_back(app: App, designer: Browser) -> None:
    answer = designer.get("/processes/versions/1/bundle")
    assert answer.headers["Content-Disposition"] == "attachment; filename=refund-1.zip"
    review = drop(designer, (answer.data, "refund-1.zip"))
    page = text(designer, review)
    assert "are not in what you sent" not in page
    designer.post(f"{review}/deploy", {"key": "refund"})
    with app.unit_of_work.reading() as work:
        assert [version.number for version in queries.list_versions(work, "refund")] == [1]


def test_an_archive_proposes_to_remove_what_is_not_in_it(designer: Browser) -> None:
    page = text(designer, drop(designer, (archive_of([("refund/refund.bpmn", CHANGED)]), "refund.zip")))
    assert "2 parts of version 1 are not in what you sent. They are kept unless you tick them." in page


def test_one_part_goes_with_the_model_of_the_process_whose_page_it_is_sent_from(app: App, designer: Browser) -> None:
    changed = FORM.replace(b'"Why"', b'"Why not"')
    sent = {"file": [(io.BytesIO(changed), "explain.json")], "key": "refund"}
    answer = designer.post("/processes/uploads", sent)
    assert answer.status_code == 303
    designer.post(f"{answer.location}/deploy", {"key": "refund"})
    with app.unit_of_work.reading() as work:
        version = queries.get_version(work, 2)
    assert version.source == REFUND
    assert version.forms["explain"]["properties"]["why"]["title"] == "Why not"


RULES = b"""<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="r" namespace="x">
<decision id="limit" name="Limit"><variable name="limit"/><literalExpression><text>5</text></literalExpression>
</decision></definitions>"""


def test_a_kept_part_that_is_in_the_way_is_named_and_goes_where_it_is_ticked(app: App, designer: Browser) -> None:
    designer.post(drop(designer, (RULES, "old.dmn"), (REFUND, "refund.bpmn")) + "/deploy", {"key": "refund"})
    with app.unit_of_work() as work:
        engine.go_live(work, 2, unsigned="Set up for a test")
    review = drop(designer, (REFUND, "refund.bpmn"), (RULES, "new.dmn"))
    page = designer.see(review)
    assert "cannot be deployed yet" in page
    assert "What you did not send and version 2 has is in the way." in page
    assert page.has("checkbox", "Remove Decision file old.dmn")
    assert designer.post(f"{review}/deploy", {"key": "refund"}).status_code == 400
    assert designer.post(f"{review}/deploy", {"key": "refund", "remove": ["decision:old.dmn"]}).status_code == 303
    with app.unit_of_work.reading() as work:
        assert set(queries.get_version(work, 3).decisions) == {"new.dmn"}


def test_a_dropped_folder_comes_with_its_paths(designer: Browser) -> None:
    sent = {"file": [(io.BytesIO(CHANGED), "refund.bpmn"), (io.BytesIO(b""), ".git"), (io.BytesIO(b""), "")]}
    answer = designer.post("/processes/uploads", {**sent, "path": ["refund/refund.bpmn", "refund/.git"]})
    page = text(designer, answer.location)
    assert "2 parts of version 1 are not in what you sent." in page
    assert "refund/.git" in page
    odd = {"file": [(io.BytesIO(CHANGED), "refund.bpmn")], "path": ["a/refund.bpmn", "a/b.json"]}
    assert "Drop the folder again." in designer.post("/processes/uploads", odd).get_data(as_text=True)
    nothing = designer.post("/processes/uploads", {"file": [(io.BytesIO(b""), "")], "key": "refund"})
    assert (nothing.status_code, "There is no file in what you sent." in nothing.get_data(as_text=True)) == (400, True)
    lonely = designer.post("/processes/uploads", {"file": [(io.BytesIO(FORM), "explain.json")]})
    assert "A part of that name is in: refund." in lonely.get_data(as_text=True)


def test_files_that_have_no_place_are_all_named_and_nothing_is_kept(designer: Browser) -> None:
    files = [(REFUND, "refund.bpmn"), (b"x", "notes.txt"), (b"{", "forms/a.json"), (REFUND, "second.bpmn")]
    data = {"file": [(io.BytesIO(content), name) for content, name in files]}
    answer = designer.post("/processes/uploads", data)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 400
    for name in ("notes.txt", "forms/a.json", "second.bpmn"):
        assert f"<code>{name}</code>" in page
    assert "Unfinished uploads" not in text(designer, "/processes")


def test_more_files_than_are_taken_are_named(designer: Browser) -> None:
    data = {"file": [(io.BytesIO(REFUND), "refund.bpmn"), *((io.BytesIO(FORM), f"f{n}.json") for n in range(64))]}
    page = designer.post("/processes/uploads", data).get_data(as_text=True)
    assert "f63.json" in page
    assert "60" in page


def test_an_unfinished_upload_is_taken_up_again_or_discarded(designer: Browser, signed_in: SignIn) -> None:
    review = drop(designer, (CHANGED, "refund.bpmn"))
    page = text(designer, "/processes")
    assert "Unfinished uploads" in page
    assert f'href="{review}"' in page
    assert "Unfinished uploads" not in text(signed_in("eva", "manager"), "/processes")
    said = designer.post(f"{review}/discard", follow_redirects=True).get_data(as_text=True)
    assert "Discarded: refund.bpmn." in said
    assert "Unfinished uploads" not in said
    assert designer.get(review).status_code == 404


def test_a_deployed_upload_leads_to_its_version_and_is_no_longer_unfinished(designer: Browser) -> None:
    review = drop(designer, (CHANGED, "refund.bpmn"))
    designer.post(f"{review}/deploy", {"key": "refund"})
    assert "Unfinished uploads" not in text(designer, "/processes")
    assert "This upload has become a version." in text(designer, review)
    assert designer.post(f"{review}/discard").status_code == 409


def test_a_test_that_no_longer_fits_the_model_is_told_with_its_remedy(designer: Browser) -> None:
    renamed = REFUND.replace(b'"check"', b'"look"').replace(b">check<", b">look<")
    page = text(designer, drop(designer, (renamed, "refund.bpmn")))
    assert "names &#39;check&#39;, which is no element of the model any more" in page
    assert "Mend the test in tests.json, or remove it." in page

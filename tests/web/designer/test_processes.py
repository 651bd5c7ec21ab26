"""A designer uploads, reviews, deploys, has it signed, puts it live and starts it."""

import io
import json
from collections.abc import Callable

import pytest

from bpm import feedback, processes
from bpm.app import App
from bpm.engine import api as engine
from bpm.engine import queries
from bpm.identity import ROLES, Permission
from tests.web.conftest import REFUND, Browser, content_of, put_live, start_refund

SignIn = Callable[..., Browser]


def drop(browser: Browser, *files: tuple[bytes, str]) -> str:
    """Upload the files and give the address of the review."""
    answer = browser.post("/processes/uploads", {"file": [(io.BytesIO(content), name) for content, name in files]})
    assert answer.status_code == 303, answer.get_data(as_text=True)
    return str(answer.location)


def test_from_a_dropped_file_to_a_running_instance(app: App, signed_in: SignIn) -> None:
    designer = signed_in("dora", "designer")
    review = drop(designer, (REFUND, "refund.bpmn"))
    page = designer.get(review).get_data(as_text=True)
    assert "can be deployed" in page
    answer = designer.post(f"{review}/deploy", {"key": "refund", "note": "First try"}, follow_redirects=True)
    assert "Deployed as draft, version 1." in answer.get_data(as_text=True)
    refused = designer.post("/processes/versions/1/live")
    assert refused.status_code == 400
    assert "marketing has not signed" in refused.get_data(as_text=True)
    for department in ("marketing", "it", "operations"):
        signer = signed_in(f"m-{department}", "manager", groups=(department,))
        assert "waits for you" in signer.get("/processes").get_data(as_text=True)
        assert (
            signer.post(
                "/processes/versions/1/signatures", {"department": department, "content": content_of(app)}
            ).status_code
            == 303
        )
    assert designer.post("/processes/versions/1/live").status_code == 303
    start = designer.get("/processes/refund/start").get_data(as_text=True)
    assert "Order number" in start
    started = designer.post("/processes/refund/start", {"order": "B-1", "business_key": "B-1"})
    assert "Check the claim" in designer.get(started.location).get_data(as_text=True)


def test_a_person_signs_only_for_a_department_they_are_in(app: App, signed_in: SignIn) -> None:
    designer = signed_in("dora", "designer")
    designer.post(drop(designer, (REFUND, "refund.bpmn")) + "/deploy", {"key": "refund"})
    outsider = signed_in("max", "manager", groups=("marketing",))
    assert (
        outsider.post("/processes/versions/1/signatures", {"department": "it", "content": content_of(app)}).status_code
        == 403
    )
    assert (
        designer.post("/processes/versions/1/signatures", {"department": "it", "content": content_of(app)}).status_code
        == 403
    )


def test_a_file_with_problems_shows_each_with_a_numbered_pin_and_cannot_be_deployed(signed_in: SignIn) -> None:
    broken = REFUND.replace(b"${approved == true}", b"${approved ==}")
    designer = signed_in("dora", "designer")
    review = drop(designer, (broken, "refund.bpmn"))
    page = designer.get(review).get_data(as_text=True)
    assert "Must be fixed" in page
    assert 'id="finding-1"' in page
    assert "&#34;row&#34;: &#34;finding-1&#34;" in page
    refused = designer.post(f"{review}/deploy", {"key": "refund"})
    assert refused.status_code == 400


@pytest.mark.parametrize(
    "files",
    [[], [(b"{}", "tests.json")], [(REFUND, "a.bpmn"), (REFUND, "b.bpmn")], [(REFUND, "a.bpmn"), (b"{", "x.json")]],
)
def test_a_drop_that_is_not_one_model_says_what_to_drop(signed_in: SignIn, files: list[tuple[bytes, str]]) -> None:
    data = {"file": [(io.BytesIO(content), name) for content, name in files]}
    answer = signed_in("dora", "designer").post("/processes/uploads", data)
    assert answer.status_code == 400
    assert "What to do" in answer.get_data(as_text=True)


def test_rubbish_becomes_findings_and_never_an_error_of_ours(signed_in: SignIn) -> None:
    designer = signed_in("dora", "designer")
    for content in (b"", b"no xml", b"<a/>", b"\x00\xff" * 100):
        answer = designer.get(drop(designer, (content, "x.bpmn")))
        assert answer.status_code == 200
        assert "cannot be deployed yet" in answer.get_data(as_text=True)


def test_the_review_tells_the_difference_to_the_live_version(signed_in: SignIn, refund: int) -> None:
    changed = REFUND.replace(b'name="Check the claim"', b'name="Check it twice"').replace(
        b'id="explain"', b'id="console"'
    )
    changed = changed.replace(b'"explain"', b'"console"').replace(b">explain<", b">console<")
    changed = changed.replace(b"Explain why not", b"Console them")
    designer = signed_in("dora", "designer")
    page = designer.get(drop(designer, (changed, "refund.bpmn"))).get_data(as_text=True)
    assert "Against live version 1" in page
    assert "<dt>name</dt><dd>Check the claim → Check it twice" in page
    for kind in ("added", "changed", "removed"):
        assert f'">{kind}</span>' in page


def test_tests_dropped_along_run_and_a_red_one_keeps_the_version_from_going_live(signed_in: SignIn) -> None:
    steps = [{"do": "start", "vars": {"order": "A"}}, {"expect": {"open": ["explain"]}}]
    cases = json.dumps([{"id": "nobody explains before it was checked", "steps": steps}]).encode()
    designer = signed_in("dora", "designer")
    review = drop(designer, (REFUND, "refund.bpmn"), (cases, "tests.json"))
    assert "nobody explains before it was checked" in designer.get(review).get_data(as_text=True)
    designer.post(f"{review}/deploy", {"key": "refund"})
    assert "nobody explains before it was checked" in designer.get("/processes/refund/tests").get_data(as_text=True)
    assert designer.post("/processes/versions/1/live").status_code == 400


def test_the_original_comes_back_byte_for_byte(signed_in: SignIn, refund: int) -> None:
    answer = signed_in("dora", "designer").get(f"/processes/versions/{refund}/source")
    assert answer.data == REFUND
    assert answer.headers["Content-Disposition"] == "attachment; filename=refund.bpmn"


def test_selecting_an_element_shows_what_is_known_of_it(signed_in: SignIn, refund: int) -> None:
    browser = signed_in("dora", "designer")
    whole = browser.get("/processes/refund?element=check").get_data(as_text=True)
    part = browser.get(
        "/processes/refund?element=check", headers={"HX-Request": "true", "HX-Target": "element"}
    ).get_data(as_text=True)
    for text in ("Does the order exist", "Amount in euro", "service"):
        assert text in whole
        assert text in part
    assert "<html" not in part


def test_a_wrong_start_form_says_so_at_the_field(signed_in: SignIn, refund: int) -> None:
    answer = signed_in("dora", "designer").post("/processes/refund/start", {"order": ""})
    assert answer.status_code == 400
    assert "field-order-error" in answer.get_data(as_text=True)


ORDER = b'label="Order number" type="string"><camunda:validation><camunda:constraint name="required"/>'
STRICT = REFUND.replace(
    ORDER + b"</camunda:validation></camunda:formField>",
    ORDER + b'<camunda:constraint name="minlength" config="3"/></camunda:validation></camunda:formField>'
    b'<camunda:formField id="amount" label="Amount" type="long"><camunda:validation>'
    b'<camunda:constraint name="max" config="500"/></camunda:validation></camunda:formField>',
)


def test_the_start_form_holds_the_values_to_the_schema_of_the_version(app: App, signed_in: SignIn) -> None:
    put_live(app, STRICT)
    designer = signed_in("dora", "designer")

    answer = designer.post("/processes/refund/start", {"order": "B", "amount": "501", "business_key": "B"})

    page = answer.get_data(as_text=True)
    assert answer.status_code == 400
    for text in ("field-order-error", "Write at least 3 characters.", "field-amount-error", "Give 500 or less."):
        assert text in page
    assert 'value="501"' in page, "what was typed is kept"
    with app.unit_of_work.reading() as work:
        assert not queries.list_instances(work, "refund").rows
    assert designer.post("/processes/refund/start", {"order": "B-1", "amount": "500"}).status_code == 303


def test_a_start_that_is_no_persons_form_may_bring_what_no_form_asks_for(app: App) -> None:
    put_live(app, STRICT)
    with app.unit_of_work() as work:
        started = engine.start(work, "refund", {"order": "B", "item_id": 7})
        assert started.variables["item_id"] == 7


def test_an_instance_shows_what_is_open_what_happened_and_what_it_knows(
    app: App, signed_in: SignIn, refund: int
) -> None:
    instance = start_refund(app)
    page = signed_in("dora", "designer").get(f"/instances/{instance}").get_data(as_text=True)
    for text in ("Check the claim", "A-17", "&#34;check&#34;: &#34;open&#34;", "Steps"):
        assert text in page


def test_what_customers_said_is_not_in_a_case_for_those_who_may_not_read_it(
    app: App, signed_in: SignIn, refund: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(ROLES, "onlooker", frozenset({Permission.SEE_PROCESSES}))
    with app.unit_of_work() as work:
        said = "My lamp broke at once."
        item = feedback.receive(work, feedback.RawItem("email", "shop", said)).item_id
        instance = engine.start(work, "refund", {"order": "A-17", "text": said}).id
        processes.attribute(work, item, version_id=refund, element="check", instance_id=instance)

    pages = {
        name: signed_in(name, role, groups=groups).get(f"/instances/{instance}").get_data(as_text=True)
        for name, role, groups in (
            ("onlooker", "onlooker", ()),
            ("operator", "operator", ()),
            ("works-on-it", "staff", ("service",)),
            ("works-elsewhere", "staff", ("finance",)),
            ("designer", "designer", ()),
        )
    }

    assert "My lamp broke" not in pages["onlooker"]
    for name in ("operator", "works-on-it"):
        assert pages[name].count("My lamp broke") == 2, "in the variables and among what customers said"
    for name in ("works-elsewhere", "designer"):
        assert pages[name].count("My lamp broke") == 1, "among what customers said only"
        assert "Only who works on this case, and operators, see what it knows." in pages[name]


def test_only_an_operator_cancels_and_always_with_a_reason(app: App, signed_in: SignIn, refund: int) -> None:
    instance = start_refund(app)
    designer, operator = signed_in("dora", "designer"), signed_in("otto", "operator")
    assert designer.post(f"/instances/{instance}/cancellation", {"reason": "x"}).status_code == 403
    assert operator.post(f"/instances/{instance}/cancellation", {"reason": " "}).status_code == 400
    page = operator.post(f"/instances/{instance}/cancellation", {"reason": "Doubled"}, follow_redirects=True)
    assert "Doubled" in page.get_data(as_text=True)
    assert "cancelled" in page.get_data(as_text=True)


def test_instances_can_be_filtered_by_status(app: App, signed_in: SignIn, refund: int) -> None:
    start_refund(app)
    browser = signed_in("dora", "designer")
    assert "A-17" in browser.get("/processes/refund/cases?status=active").get_data(as_text=True)
    assert "A-17" not in browser.get("/processes/refund/cases?status=completed").get_data(as_text=True)


def test_a_retired_process_starts_no_more(app: App, signed_in: SignIn, refund: int) -> None:
    designer = signed_in("dora", "designer")
    assert designer.post("/processes/refund/retirement").status_code == 303
    assert designer.get("/processes/refund/start").status_code == 404


def test_versions_stand_on_a_timeline_with_their_signatures(app: App, signed_in: SignIn, refund: int) -> None:
    put_live(app, REFUND.replace(b"Pay the money back", b"Pay back"), note="Shorter words")
    page = signed_in("dora", "designer").get("/processes/refund").get_data(as_text=True)
    assert "Version 1" in page
    assert "Version 2" in page
    assert "Shorter words" in page
    assert "signed by IT, marketing, operations" in page


@pytest.mark.parametrize(
    "form",
    [
        {"properties": []},
        {"properties": {"a": True, "b": 5, "c": {"type": ["null", "string"], "enum": [[1], {"x": 1}]}}},
        {"properties": {"a": {"$ref": "http://127.0.0.1:1/x", "oneOf": 3, "items": [], "x-labels": 4}}},
        {"$defs": {"x": {"$ref": "#/$defs/x"}}, "properties": {"a": {"$ref": "#/$defs/x"}}, "required": 3},
    ],
)
def test_a_form_of_any_shape_is_reviewed_and_named_beside_what_is_live(
    app: App, signed_in: SignIn, form: dict[str, object]
) -> None:
    put_live(app)
    start_refund(app)
    designer = signed_in("dora", "designer")
    answer = designer.get(drop(designer, (REFUND, "refund.bpmn"), (json.dumps(form).encode(), "Check.json")))
    assert answer.status_code == 200
    assert "Form Check" in answer.get_data(as_text=True)


def test_a_file_without_a_drawing_is_laid_out_and_comes_back_as_it_was(signed_in: SignIn) -> None:
    source = (
        b'<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="urn:t">'
        b'<process id="bare" isExecutable="true"><startEvent id="s"/><endEvent id="e"/>'
        b'<sequenceFlow id="f" sourceRef="s" targetRef="e"/></process></definitions>'
    )
    designer = signed_in("dora", "designer")
    review = drop(designer, (source, "投诉 – neu.BPMN"))
    assert "was laid out when the file was uploaded" in designer.get(review).get_data(as_text=True)
    designer.post(f"{review}/deploy", {"key": "bare"})
    assert b"BPMNShape" in designer.get("/processes/versions/1/drawing").data
    answer = designer.get("/processes/versions/1/source")
    assert answer.data == source
    assert answer.headers["Content-Disposition"] == (
        "attachment; filename=\"__ _ neu.BPMN\"; filename*=UTF-8''%E6%8A%95%E8%AF%89%20%E2%80%93%20neu.BPMN"
    )

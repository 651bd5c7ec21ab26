"""Decisions on the designer's screens: dropped along, drawn as tables, tried out."""

import json
from collections.abc import Callable

import pytest

from bpm.app import App
from bpm.engine import api as engine
from tests.engine.decisions.drawing import Rows, definitions, table
from tests.web.conftest import REFUND, Browser
from tests.web.designer.test_processes import drop

SignIn = Callable[..., Browser]
ROWS: Rows = [(["< 100"], ['"at once"']), (["[100..500]"], ['"second look"']), (["> 500"], ['"<b>ask</b>"'])]
LIMIT = definitions(table([("amount", "number")], ["how"], ROWS, identity="limit"))
BROKEN = definitions(table(["amount"], ["how"], [(["< "], ['"never"'])], identity="limit"))
TASK = (
    b'<userTask id="explain" name="Explain why not" camunda:candidateGroups="service">'
    b"<incoming>f4</incoming><outgoing>f6</outgoing></userTask>"
)
DECIDED = REFUND.replace(
    TASK,
    TASK.replace(b"userTask", b"businessRuleTask").replace(
        b' id="explain"', b' id="explain" camunda:decisionRef="limit"'
    ),
)


@pytest.fixture
def designer(signed_in: SignIn) -> Browser:
    return signed_in("dora", "designer")


def test_decisions_dropped_along_are_reviewed_deployed_drawn_and_tried_out(designer: Browser) -> None:
    cases = [{"id": "limits", "decision": "limit", "rows": [{"inputs": {"amount": 50}, "expect": "at once"}]}]
    files = [(DECIDED, "refund.bpmn"), (LIMIT, "limit.dmn"), (json.dumps(cases).encode(), "tests.json")]
    review = drop(designer, *files)
    page = designer.get(review).get_data(as_text=True)
    for text in ("can be deployed", "Decision Limit", "UNIQUE", "second look", "decides by", "limits"):
        assert text in page
    designer.post(f"{review}/deploy", {"key": "refund"})
    page = designer.get("/processes/refund/decisions").get_data(as_text=True)
    assert "one rule at most may hold" in page
    assert "&lt;b&gt;ask&lt;/b&gt;" in page
    assert "holds</span>" not in page
    tried = designer.get("/processes/refund/decisions?decision=limit&value:amount=120").get_data(as_text=True)
    assert "by rule 2" in tried
    assert "&#34;second look&#34;" in tried
    assert tried.count("holds</span>") == 1
    nothing = designer.get("/processes/refund/decisions?decision=limit&value:amount=much").get_data(as_text=True)
    assert "by no rule" in nothing
    answer = designer.get("/processes/versions/1/decisions/limit.dmn")
    assert answer.data == LIMIT


def test_a_decision_with_a_problem_is_listed_and_cannot_be_deployed(designer: Browser) -> None:
    review = drop(designer, (DECIDED, "refund.bpmn"), (BROKEN, "limit.dmn"))
    page = designer.get(review).get_data(as_text=True)
    assert "Must be fixed" in page
    assert "limit.dmn: Table &#39;Limit&#39;: rule 1, column &#39;amount&#39;" in page
    assert designer.post(f"{review}/deploy", {"key": "refund"}).status_code == 400


def test_rubbish_named_dmn_is_a_finding_and_never_an_error_of_ours(designer: Browser) -> None:
    for content in (b"", b"\x00\xff" * 50, b"<a/>", b"<html></html>"):
        answer = designer.get(drop(designer, (REFUND, "refund.bpmn"), (content, "rules.dmn")))
        assert answer.status_code == 200
        assert "cannot be deployed yet" in answer.get_data(as_text=True)


def test_other_rules_are_another_version(app: App) -> None:
    def deploy(rules: bytes) -> int:
        prepared = engine.check(DECIDED, "refund.bpmn", decisions={"limit.dmn": rules})
        with app.unit_of_work() as work:
            return engine.deploy(work, prepared).number

    assert deploy(LIMIT) == 1
    assert deploy(LIMIT) == 1
    assert deploy(LIMIT.replace(b"500", b"600")) == 2


def test_the_review_tells_which_rules_differ_from_the_live_ones(app: App, designer: Browser) -> None:
    prepared = engine.check(DECIDED, "refund.bpmn", decisions={"limit.dmn": LIMIT})
    with app.unit_of_work() as work:
        version = engine.deploy(work, prepared)
        for department in app.settings.sign_offs:
            engine.sign(work, version.id, department, method="console")
        engine.go_live(work, version.id)
    changed = LIMIT.replace(b"[100..500]", b"[100..600]").replace(b"UNIQUE", b"FIRST")
    page = designer.get(drop(designer, (DECIDED, "refund.bpmn"), (changed, "limit.dmn"))).get_data(as_text=True)
    assert "<dd>UNIQUE → FIRST" in page
    assert "<dd>[100..500] → [100..600]" in page
    assert "<del><code>[100..500]</code></del> <ins><code>[100..600]</code></ins>" in page
    selected = designer.get("/processes/refund?element=explain").get_data(as_text=True)
    assert "<dt>decision</dt><dd><code>limit</code>" in selected


def test_a_process_without_decisions_says_how_to_add_one(designer: Browser, refund: int) -> None:
    assert "Drop DMN files together" in designer.get("/processes/refund/decisions").get_data(as_text=True)
    assert designer.get(f"/processes/versions/{refund}/decisions/none.dmn").status_code == 404

"""Every route that changes something leaves a row on the audit trail that says who, what, before and after."""

import io
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, text

from bpm import audit, feedback, identity
from bpm.app import App
from bpm.audit import AuditRow, Filters
from bpm.engine import api as engine
from bpm.engine import queries as engine_queries
from bpm.engine.api import JobCall
from bpm.engine.models import ProcessInstance, ProcessVersion
from bpm.feedback.items import get_current
from bpm.feedback.models import Conversation, OutboundMessage, Theme, ThemeItem
from bpm.feedback.people.consent import give_consent
from bpm.feedback.raw_item import RawItem
from bpm.feedback.triage.corrections import put_off_reading
from bpm.identity import Permission
from bpm.processes import SERVICE_TASKS, attribution, own_ways, queries, rollouts, verdicts
from bpm.processes.alarms.models import Alarm
from bpm.processes.own_ways import WaySource
from bpm.worker import sweep_once
from tests.conftest import MONDAY
from tests.engine.migration.test_migration import WITHOUT_B
from tests.engine.models import TWO_TASKS, begin, go_live
from tests.processes.models import CARE
from tests.web.conftest import PASSWORD, REFUND, Browser, content_of, put_live
from web import create_app
from web.core.on_record import rows as audit_rows
from web.core.request_context import requirement_of
from web.core.security import needs

SignIn = Callable[..., Browser]
GROUPS = ("it", "marketing", "operations", "service")

ELSEWHERE = {
    "hold_outs.prepare": "it needs customers of running cases: see tests/processes/hold_outs/test_notices.py",
    "demo.remove": "it needs the demo: see tests/demo/test_removal.py",
    "hold_outs.send": "the same; each letter is on the trail by itself, too",
    "api.call": "the same, from a connected system",
    "api.webhook": "what it brings is kept as items with their raw record; thirty thousand a minute may come",
    **dict.fromkeys(
        (
            "api_v1.reply",
            "api_v1.take_back",
            "api_v1.start",
            "api_v1.decide",
            "api_v1.tag",
            "api_v1.assign",
            "api_rollouts.start",
            "api_rollouts.pause",
            "api_rollouts.resume",
            "api_rollouts.step",
            "api_rollouts.stop",
            "api_rollouts.decide",
            "api_verdicts.register",
            "api_verdicts.amend",
            "api_verdicts.withdraw",
            "api_verdicts.decide",
        ),
        "programs call them with a token: see tests/web/api for the rows",
    ),
    "space_between.process": "it keeps an upload of a theme's name: see tests/web/insights/test_linking_pages.py",
    "login.told_by_provider": "the provider says it: see tests/web/sign_in/test_provider.py",
    "public_forms.answer": "what a customer writes is kept as an item with its raw record",
    "portal.copy": "it shows a link again and changes nothing",
    **dict.fromkeys(
        (
            "private.write",
            "private.write_mine",
            "private.wish",
            "private.wish_mine",
            "private.tie",
            "private.send_code",
            "private.prove",
            "private.leave",
            "private.ask_person",
            "private.hand_in_own_way",
            "board.support",
            "board.comment",
            "survey.send",
            "answers.solved",
            "survey.stop_now",
        ),
        "customers send it, not people of ours: what they wrote is on the trail by its item (see tests/web/portal)",
    ),
    **dict.fromkeys(audit_rows.SILENT, "what is typed is not said yet, and is kept every second"),
}
"""Routes that change something and leave no row, each with its reason."""
WAYS_IN = {
    "login.sign_in_code", "login.choose", "login.forgotten", "login.prove", "login.take_up",
    "profile.change_password", "profile.second_factor_on",
}  # fmt: skip
"""Routes that take a person in or prove who they are: see tests/web/sign_in/test_on_record.py."""
MAKES = {
    "admin.create", "designer.upload", "designer.deploy", "designer.start", "imports.upload", "imports.add_webhook",
    "triggers.create", "improvements.propose", "perception.make", "inbox.keep", "sources.make", "admin.make_sender",
    "operations.begin", "operations.forecast", "operations.begin_restart_many", "operations.try_restart_many",
    "operations.undo",
    "own_ways.hand_in", "ownership.save_goal", "own_ways.propose", "own_ways.start",
    "designer.migrate",
    "outbox.make_template", "playbooks.make", "economics.propose_stop", "economics.open_improvement",
    "profile.make_token", "admin.make_service_token",
    "verdicts.register", "verdict_acts.add_pattern",
}  # fmt: skip
"""Routes that make something new (or only try it out): there is nothing before."""


class Walk:
    """Sends forms as one person and looks at the rows that each leaves."""

    def __init__(self, app: App, web: Flask, browser: Browser) -> None:
        self.app, self.browser = app, browser
        self.adapter = web.url_map.bind("localhost")
        self.walked: set[str] = set()
        self.wrong: list[str] = []

    def post(self, path: str, form: dict[str, Any] | None = None, *, status: tuple[int, ...] = (303,)) -> Any:
        endpoint, _ = self.adapter.match(path.partition("?")[0], method="POST")
        before = {row.id for row in self.rows()}
        answer = self.browser.post(path, form)
        assert answer.status_code in status, f"{path}: {answer.status_code} {answer.get_data(as_text=True)[-600:]}"
        new = [row for row in self.rows() if row.id not in before]
        self.walked.add(endpoint)
        told = [row for row in new if row.after is not None and (row.before is not None or endpoint in MAKES)]
        signed = endpoint == "login.sign_in"
        if not any((row.actor_kind == "person" or signed) and row.request_id and row.address for row in told):
            self.wrong.append(f"{endpoint}: {[(row.verb, row.before, row.after) for row in new]}")
        return answer

    def rows(self) -> tuple[AuditRow, ...]:
        with self.app.unit_of_work.reading() as work:
            return audit.list_rows(work, Filters(), limit=500).rows


@pytest.fixture
def walk(app: App, web: Flask, signed_in: SignIn) -> Walk:
    signed_in("stella", "staff", groups=("service",))
    return Walk(app, web, signed_in("ada", "admin", groups=GROUPS))


def hear(app: App, text: str) -> int:
    with app.unit_of_work() as work:
        raw = RawItem(channel="email", source="shop", natural_key=text, text=text, said_at=MONDAY - timedelta(days=1))
        return feedback.receive(work, raw).item_id or 0


def uid_of(browser: Browser, page: str) -> str:
    found = re.search(r'<option value="([0-9a-f]{32})">', browser.get(page).get_data(as_text=True))
    assert found
    return found.group(1)


def test_every_route_that_changes_something_leaves_a_row_with_before_and_after(
    app: App, web: Flask, walk: Walk
) -> None:
    for part in (
        deploy_and_run,
        work_at_tasks,
        repair,
        operate_many,
        roll_out,
        answer_customers,
        improve,
        ask_for_figures,
        ask_for_a_verdict,
        write_to_customers,
        see_to_alarms,
        ask_both_sides,
        keep_what_is_known,
        own_together,
        import_files,
        tend_triggers,
        tend_senders,
        count_costs,
        lambda app, walk: learn_under_a_mentor(app, web, walk),
        go,
    ):
        part(app, walk)
    assert walk.wrong == []
    unsafe = {
        rule.endpoint: requirement_of(web.view_functions[rule.endpoint])
        for rule in web.url_map.iter_rules()
        if set(rule.methods or ()) - audit_rows.SAFE
    }
    by_themselves = {name for name, need in unsafe.items() if need is None or need.unit == "own"}
    left = by_themselves - walk.walked - set(ELSEWHERE) - WAYS_IN
    assert left == set(), "these open their own transaction and are not walked here"
    assert not set(ELSEWHERE) & walk.walked


def ask_for_figures(app: App, walk: Walk) -> None:
    with app.unit_of_work() as work:
        ada = identity.find_user(work, "ada")
        ada.email = "ada@example.org"
    walk.post("/insights/reports/kept", {"name": "Waiting", "query": "process=refund&measure=waiting"})
    walk.post("/insights/reports/kept/1/subscribe", {"every": "week"})
    walk.post("/insights/reports/kept/1/unsubscribe")
    walk.post("/insights/reports/kept/1/remove")
    said = {"purpose": "Decide what we mend next.", "evidence": "The verdict on version two showed it."}
    walk.post("/insights/reports/measures", {"measure": "waiting", **said})
    walk.post("/insights/reports/measures/1/end")


def deploy_and_run(app: App, walk: Walk) -> None:
    review = walk.post("/processes/uploads", {"file": (io.BytesIO(REFUND), "refund.bpmn")}).location
    walk.post(f"{review}/deploy", {"key": "refund", "note": "First"})
    mine = {"department": "marketing", "content": content_of(app)}
    walk.post("/processes/versions/1/signatures", mine)
    walk.post("/processes/versions/1/signatures/withdrawal", {"department": "marketing", "reason": "Not yet."})
    walk.post("/processes/versions/1/changes-wanted", {**mine, "comment": "Say it shorter."})
    walk.post("/processes/versions/1/signatures", mine)
    walk.post("/processes/refund/departments", {"department": ["it", "marketing"], "reason": "The two run it."})
    with app.unit_of_work() as work:
        engine.sign(work, 1, "it", method="console")
    walk.post("/processes/versions/1/live")
    walk.post("/processes/refund/start", {"order": "A-1", "business_key": "A-1"})
    walk.post("/processes/versions/1/retention", {"days": "400", "reason": "The contract says so."})


def work_at_tasks(app: App, walk: Walk) -> None:
    walk.post("/tasks/1/claim")
    walk.post("/tasks/1/release")
    walk.post("/tasks/1/assignee", {"to": "person:stella"})
    walk.post("/tasks/1/completion", {"approved": "true", "amount": "20"})


def repair(app: App, walk: Walk) -> None:
    with app.unit_of_work() as work:
        case = engine.start(work, "refund", {"order": "A-2"}, business_key="A-2").id
        other = engine.start(work, "refund", {"order": "A-3"}, business_key="A-3").id
    page = f"/instances/{case}"
    walk.post(f"{page}/variables", {"free values": "order = A-9", "reason": "Typed wrong."})
    walk.post(f"{page}/suspension", {"reason": "Look."})
    walk.post(f"{page}/resumption", {"reason": "Seen."})
    walk.post(f"{page}/moves", {"visit": uid_of(walk.browser, page), "to": "pay", "reason": "Checked."})
    page = f"/instances/{other}"
    walk.post(f"{page}/skips", {"visit": uid_of(walk.browser, page), "reason": "No need.", "free values": "amount = 5"})
    walk.post(f"{page}/cancellation", {"reason": "Doubled."})
    walk.post("/processes/refund/retirement")


def operate_many(app: App, walk: Walk) -> None:
    fail(app)
    retried, skipped = failures(app)[:2]
    walk.post(f"/operations/failures/{retried}/retry", {"reason": "again"})
    walk.post(f"/operations/failures/{skipped}/skip", {"reason": "By hand.", "free values": ""})
    go_live(app, TWO_TASKS)
    first, second = begin(app, "two"), begin(app, "two")
    order = {"act": "suspend", "status": "active", "version_id": str(version_of(app, first)), "reason": "Stock-taking."}
    walk.post("/operations/batches/forecast", order, status=(200,))
    walk.post("/operations/batches", order)
    for turn in ("pause", "resume", "stop"):
        walk.post(f"/operations/batches/1/{turn}")
    with app.unit_of_work() as work:
        engine.cancel(work, first, reason="Wrong.")
    again = {"cases": str(first), "before": "A", "with": "last", "free values": "", "reason": "Once more."}
    walk.post("/operations/batches/restart/forecast", again, status=(200,))
    walk.post("/operations/batches/restart", again)
    engine.sweep_batches(app.unit_of_work)
    walk.post("/operations/batches/2/undo")
    item = hear(app, "Unreadable.")
    with app.unit_of_work() as work:
        put_off_reading(work, item, "it broke")
    walk.post("/operations/unreadable")
    go_live(app, WITHOUT_B)
    walk.post(
        f"/processes/two/migration?from=1&instance={second}", {"act": "go", "reason": "Better."}, status=(200, 303)
    )


def fail(app: App) -> None:
    """Two cases whose first task asks for a worker that nobody wrote."""
    task = re.search(rb'<userTask id="check".*?</userTask>', REFUND, re.DOTALL)
    assert task
    lost = b'<serviceTask id="check" camunda:type="external" camunda:topic="nobody.does.this">'
    flows = b"".join(re.findall(rb"<(?:incoming|outgoing)>.*?</(?:incoming|outgoing)>", task.group()))
    source = REFUND.replace(task.group(), lost + flows + b"</serviceTask>").replace(b'id="refund"', b'id="lost"')
    put_live(app, source.replace(b'bpmnElement="refund"', b'bpmnElement="lost"'), "lost.bpmn")
    for _ in range(2):
        with app.unit_of_work() as work:
            engine.start(work, "lost", {"order": "L-1"})
    while sweep_once(app):
        pass


def failures(app: App) -> list[int]:
    with app.unit_of_work.reading() as work:
        return [row.id for row in engine_queries.list_failures(work, limit=9) if row.cause == "unknown_topic"]


def version_of(app: App, instance_id: int) -> int:
    with app.unit_of_work.reading() as work:
        return work.session.get_one(ProcessInstance, instance_id).version_id


def roll_out(app: App, walk: Walk) -> None:
    """An A/A test of a process that is live, ramped, paused, refused, stopped; and another one, decided."""
    with app.unit_of_work.reading() as work:
        live = engine_queries.get_definition(work, "two").live_version_id
    wish = {"candidate": str(live), "how": "share:case", "steps": "20, 50, 60", "stop_after": "600"}
    walk.post("/processes/two/rollout", wish)
    with app.unit_of_work() as work:
        rollouts.ask_step(work, 1, "Nothing broke.")
    walk.post("/rollouts/1/approval")
    walk.post("/rollouts/1/step", {"reason": "Still nothing."})
    walk.post("/rollouts/1/refusal", {"reason": "Not on a holiday."})
    walk.post("/rollouts/1/pause", {"reason": "A look."})
    walk.post("/rollouts/1/resume", {"reason": "Seen."})
    walk.post("/rollouts/1/stop", {"reason": "It lost an order.", "rest": "finish"})
    walk.post("/processes/two/rollout", wish)
    walk.post("/rollouts/2/decision", {"outcome": "withdraw", "reason": "Only chance told them apart."})


def answer_customers(app: App, walk: Walk) -> None:
    one, two = hear(app, "The parcel never came."), hear(app, "Where is it?")
    walk.post("/inbox/capture", {"channel": "call", "text": "She wants a paper bill.", "person": "Ana"})
    walk.post(f"/inbox/{one}/labels", {"primary": "request"})
    walk.post("/inbox/model/learn")
    walk.post(f"/inbox/{one}/distribution", {"group_key": "service", "note": "Yours?"})
    with app.unit_of_work() as work:
        identity.create_user(work, "gus", display_name="Gus", password=PASSWORD, roles=["operator"], groups=[])
    walk.post(f"/inbox/{two}/shadow", {"would": "do", "shadow_why": "She is right."})
    walk.post(f"/inbox/{two}/gestures", {"what": "Flowers", "cost": "20", "purpose": "pr", "why": "Three weeks."})
    walk.post("/goodwill", {"limit": "30", "reason": "It is spring."})
    walk.post(f"/inbox/{two}/guests", {"person": "gus", "why": "You built it."})
    with app.unit_of_work.reading() as work:
        talk, gus = get_current(work, two).conversation_id, identity.find_user(work, "gus").id
    walk.post(f"/conversations/{talk}/notes", {"text": "What do you think?"})
    walk.post(f"/conversations/{talk}/guests/{gus}/end")
    walk.post("/inbox/routing", {"reason": "One table for all.", "from_level": "harder"})
    walk.post("/inbox/presence", {"away": "1"})
    walk.post(f"/inbox/{two}/assignment", {"person": "stella"})
    walk.post(f"/inbox/{two}/assignment/end")
    walk.post("/inbox/hand-overs/1/withdrawal", {"why": "She wrote again."})
    walk.post(f"/inbox/{one}/decision", {"decision": "do", "reason": "She is right."})
    walk.post(f"/inbox/{one}/reply", {"text": "I am on it."})
    walk.post("/inbox/replies/1/sent")
    walk_the_outbox(walk, one)
    walk.post(f"/conversations/{talk}/reply", {"text": "We found it in Linz."})
    with app.unit_of_work.reading() as work:
        message = work.session.scalars(select(OutboundMessage.id).order_by(OutboundMessage.id.desc())).first()
    walk.post(f"/conversations/{talk}/messages/{message}/back")
    walk.post(f"/inbox/{one}/waiting")
    walk.post(f"/inbox/{one}/going-on")
    walk.post(f"/inbox/{one}/snooze", {"until": "2026-03-06T12:00"})
    walk.post(f"/inbox/{one}/return")
    walk.post("/admin/answer-targets", {"first///-hours": "4"})
    walk.post("/promises", {"item_id": str(one), "promise_text": "I call you.", "until": "2026-03-06T12:00"})
    walk.post("/promises/1/withdrawal", {"note": "She called us."})
    walk.post("/promises/1/reopening")
    walk.post("/promises/1/taking")
    walk.post("/promises/1/keeping", {"note": "Called."})
    walk.post(f"/inbox/{one}/merge", {"other": str(two)})
    with app.unit_of_work.reading() as work:
        merged = work.session.query(Conversation).filter(Conversation.merged_into_id.is_not(None)).one().id
    walk.post(f"/inbox/{one}/unmerge/{merged}")
    walk.post(f"/inbox/{one}/merge", {"other": str(two)})
    walk.post(f"/inbox/{one}/split")
    tag_and_give_many(walk, one, two)


def walk_the_outbox(walk: Walk, item: int) -> None:
    for _number in range(2):
        walk.post(f"/inbox/{item}/reply", {"text": "We look at it again today."})
    walk.post("/outbox/messages/2/said")
    walk.post("/outbox/messages/3/back")
    words = {"name": "Late", "text": "It is late, {{name}}.", "review_by": "2026-09-01", "owner": "1"}
    walk.post("/outbox/templates", words)
    walk.post("/outbox/templates/1", {**words, "text": "It comes late, {{name}}."})
    walk.post("/outbox/templates/1/approval", {"review_by": "2026-10-01"})
    walk.post("/outbox/templates/1/end")
    walk_by_a_playbook(walk, item)
    with walk.app.database.begin() as connection:
        connection.execute(text("UPDATE outbound_message SET state = 'permanent_failure' WHERE id = 1"))
    walk.post("/outbox/messages/1/again")


def walk_by_a_playbook(walk: Walk, item: int) -> None:
    book = {"name": "Late", "steps": "Look\nSay", "review_by": "2026-09-01", "owner": "1"}
    walk.post("/playbooks", book)
    walk.post("/playbooks/1", {**book, "steps": "Look", "reason": "Enough."})
    walk.post(f"/playbooks/1/items/{item}")
    walk.post(f"/playbooks/uses/1/items/{item}/steps/1", {"done": "1"})
    walk.post(f"/playbooks/uses/1/items/{item}/end")
    walk.post("/playbooks/1/end")


def tag_and_give_many(walk: Walk, one: int, two: int) -> None:
    walk.post(f"/inbox/{one}/tags", {"tag": "strike"})
    walk.post("/inbox/many", {"verb": "tag", "item": [one, two], "tag": "walkout"})
    walk.post("/inbox/tags/1/name", {"name": "lockout"})
    walk.post("/inbox/tags/1/merge", {"into": "2"})
    walk.post(f"/inbox/{one}/tags/2/end")


def learn_under_a_mentor(app: App, web: Flask, walk: Walk) -> None:
    with app.unit_of_work() as work:
        identity.create_user(work, "lea", display_name="Lea", password=PASSWORD, roles=["advocate"], groups=[])
        learner, mentor = (identity.find_user(work, name).id for name in ("lea", "ada"))
    walk.post("/outbox/mentors", {"learner": learner, "mentor": mentor})
    item, lea = hear(app, "Where is my kettle now?"), Browser(web.test_client())
    lea.sign_in("lea")
    for number in (1, 2):
        lea.post(f"/inbox/{item}/reply", {"text": f"It is on its way, number {number}."})
        walk.post(
            f"/outbox/approvals/{number}" + ("" if number == 1 else "/back"), {"text": "It is.", "note": "Nicer."}
        )
    theirs = Walk(app, web, lea)
    lea.post(f"/inbox/{item}/reply", {"text": "It is on its way, number three."})
    theirs.post("/outbox/approvals/3/withdrawal")
    walk.wrong += theirs.wrong
    walk.walked |= theirs.walked
    walk.post(f"/outbox/mentors/{learner}/end", {"reason": "She can."})


def improve(app: App, walk: Walk) -> None:
    item = hear(app, "Tell me when the refund leaves.")
    with app.unit_of_work() as work:
        identity.set_skills(work, identity.find_user(work, "ada").id, {"social strategist": None})
    filled = {"title": "Say when the refund leaves", "process": "refund", "description": "By mail.", "owner": "1"}
    walk.post("/improvements", filled)
    walk.post("/improvements/1", {**filled, "title": "Tell them when it leaves"})
    walk.post("/improvements/1/voices", {"item": str(item)})
    walk.post(f"/improvements/1/voices/{item}/removal")
    walk.post("/improvements/1/owners", {"group-1": "all", "group-2": "all"})
    walk.post("/improvements/1/evidence/problem", {"words": "Customers ask when it leaves, three times."})
    walk.post("/improvements/1/voices", {"item": str(item)})
    walk.post("/improvements/1/sign-off", {"words": "That is what they mean."})
    walk.post("/improvements/1/gate")
    walk.post("/improvements/1/back", {"to": "define", "reason": "Too early."})
    walk.post("/improvements/1/worth/customer/time", {"amount": "2", "unit": "days a case", "how": "Cases of May"})
    walk.post("/improvements/1/viewpoints/employees", {"score": "1", "words": "Fewer calls, says the desk."})
    walk.post("/improvements/1/ctq", {"kind": "need", "words": "A quick refund"})
    walk.post("/improvements/1/ctq/1/removal")
    walk.post("/improvements/1/status", {"status": "concluded", "reason": "They are told now."})
    tell = {
        "text": "Hello, we tell you when it leaves now. {{author}}",
        "key": "k",
        "step": "send",
        "confirmed": "canned",
    }
    walk.post("/improvements/1/telling", tell)
    with app.unit_of_work() as work:
        raw = RawItem(channel="email", source="shop", text="And mine?", author_email="jo@example.org")
        known = feedback.receive(work, raw).item_id or 0
        customer = get_current(work, known).customer_id or 0
        query = text("SELECT id FROM contact_point WHERE customer_id = :customer")
        point = work.session.scalar(query, {"customer": customer})
        theme = Theme(name="refunds", words={}, exemplars=b"", first_at=MONDAY, last_at=MONDAY, created_at=MONDAY)
        work.session.add(theme)
        work.session.flush()
        theme.counts_in_id = theme_id = theme.id
        work.session.add(
            ThemeItem(item_id=known, theme_id=theme.id, classification_id=1, signature=b"", placed_at=MONDAY)
        )
        give_consent(work, point or 0, purpose="service", channel="email", given_by="A call")
    talk = {"customer": str(customer), "kind": "call", "why": "What hurts most?", "who": "2"}
    walk.post("/improvements/1/voices", {"item": str(known)})
    walk.post("/improvements/1/talks", talk)
    walk.post(f"/improvements/themes/{theme_id}/talks", talk)
    walk.post(f"/improvements/themes/{theme_id}/told", {"by": "elsewhere", "ref": "https://example.org"})
    walk.post(f"/improvements/themes/{theme_id}/told/1/removal")
    walk.post("/improvements/board", {"said": "Nobody told us.", "did": "We tell you.", "improvement": "1"})
    walk.post("/improvements/board/1/publication")
    walk.post("/improvements/board/1/withdrawal")


def ask_for_a_verdict(app: App, walk: Walk) -> None:
    with app.unit_of_work.reading() as work:
        new, old = (str(each.id) for each in engine_queries.list_versions(work, "two"))
        stella = identity.find_user(work, "stella").id
    rule = {"improved": "keep_new", "worse": "back_to_old", "no difference": "back_to_old", "not shown": "go_on"}
    asked = {
        "process": "two", "title": "Without B", "measure": "rework", "direction": "lower", "smallest": "5",
        "window_days": "30", "design": "before_after", "old": old, "new": new, "per_arm": "50", "looks": "1",
        "starts_on": "2026-03-02", "ends_on": "2026-06-01", **{f"rule-{word}": then for word, then in rule.items()},
    }  # fmt: skip
    walk.post("/insights/verdicts", asked)
    walk.post("/insights/verdicts/1/last-day", {"ends_on": "2026-07-01", "reason": "Few cases in spring."})
    walk.post("/insights/verdicts/1/rescore")
    walk.post("/insights/verdicts", asked)
    walk.post("/insights/verdicts/2/withdraw", {"reason": "Twice."})
    walk.post("/insights/verdicts/patterns", {"name": "A step left out"})
    walk.post("/insights/verdicts/patterns/1", {"name": "Steps left out"})
    with app.unit_of_work() as work:
        verdicts.get_plan_row(work, 1).state = verdicts.PlanState.READ
    walk.post("/insights/verdicts/1/decision", {"choice": "keep_new", "reason": "Staff like it."})
    with app.unit_of_work() as work:
        work.session.get_one(verdicts.VerdictDecision, 1).user_id = stella
    walk.post("/insights/verdicts/1/second")


def see_to_alarms(app: App, walk: Walk) -> None:
    day = MONDAY.date()
    with app.unit_of_work() as work:
        work.session.add(
            Alarm(
                series="negative:refund:check", measure="negative", definition_key="refund", element="check",
                title="More negative feedback: Check in Refund", worse=True, first_day=day, last_day=day, p=0.001,
                says="60 %", looked_at=9, alarmed=1, expected_false=0.1, raised_at=MONDAY,
            )
        )  # fmt: skip
    page = "/insights/alarms/1"
    walk.post(f"{page}/status", {"status": "acknowledged"})
    walk.post(f"{page}/owner", {"owner": "2"})
    walk.post(f"{page}/causes", {"words": "Stock-taking."})
    walk.post(f"{page}/causes/1/removal")
    walk.post(f"{page}/improvement", {"title": "Look twice"})
    baseline = {"element": "check", "since": "2026-02-02", "reason": "Half the people."}
    walk.post("/insights/processes/refund/charts/negative/baseline", baseline)


def ask_both_sides(app: App, walk: Walk) -> None:
    page, places = "/insights/perception/1", {f"place-{number}": str(number + 1) for number in range(3)}
    walk.post("/insights/perception", {"title": "Why?", "question": "Why?", "items": "price\nspeed\nwords"})
    walk.post(f"{page}/invitation")
    walk.post(f"{page}/answer", places)
    walk.post(f"{page}/rankings", {**places, "person": "17", "side": "customers"})
    lines = b"person,side,price,speed,words\n18,customers,1,2,3\n"
    walk.post(f"{page}/imports", {"table": (io.BytesIO(lines), "r.csv")})
    walk.post(f"{page}/close")


def keep_what_is_known(app: App, walk: Walk) -> None:
    article = {"title": "How long?", "text": "Five days.", "review_by": "2026-12-31", "owner": "1"}
    walk.post("/knowledge", article)
    walk.post("/knowledge/1/approval")
    walk.post("/knowledge/1/use", {"item": str(hear(app, "How long does it take?"))})
    walk.post("/knowledge/1/retirement")


def own_together(app: App, walk: Walk) -> None:
    """The process is live again, with owners, parts and a customer's own way."""
    with app.unit_of_work() as work:
        engine.go_live(work, 1)
    with app.unit_of_work.reading() as work:
        stella, ada = (identity.find_user(work, name).id for name in ("stella", "ada"))
    walk.post("/processes/refund/owners", {"owner-service": str(stella), "owner-it": str(ada), "voice": str(stella)})
    walk.post("/processes/refund/roles?version=1", {"element": "check", "function": "it", "C": "true"})
    walk.post("/processes/lost/connectors", {"element": "check", "retries": "5", "reason": "The bank is slow."})
    goal = {"title": "Sooner", "measure": "waiting", "target": "8", "due": "2027-01-31", "function": ["it", "service"]}
    walk.post("/goals", goal)
    walk.post("/goals/1/end", {"status": "reached", "reason": "It is."})
    own_step(app, 0)
    steps = {"process": "refund", "customer": "1", "steps": "Check my photo\nPay the money back"}
    walk.post("/own-ways", steps)
    walk.post("/own-ways/2/pairs", {"step": "1", "element": "check"})
    walk.post("/own-ways/rails", {"process": "refund", "element": "check", "why": "The law asks for it."})
    walk.post("/own-ways/2/decision", {"decision": "accept", "reason": "They asked."})
    walk.post("/own-ways/2/cases", {"business_key": "O-1"})
    for number in (1, 2):
        own_step(app, number)
    walk.post("/own-ways/improvements", {"process": "refund", "text": "Weigh the parcel"})


def own_step(app: App, number: int) -> None:
    with app.unit_of_work() as work:
        raw = RawItem("email", "shop", "So.", natural_key=f"own {number}", author_email=f"own{number}@example.org")
        item = feedback.receive(work, raw).item_id or 0
        customer = get_current(work, item).customer_id or 0
        own_ways.hand_in(work, "refund", customer, ["Weigh the parcel"], source=WaySource.TYPED)


def write_to_customers(app: App, walk: Walk) -> None:
    item = hear(app, "Is it on its way?")
    walk.post(f"/inbox/{item}/private-links")
    walk.post("/inbox/private-links/1/revocation")
    walk.post("/inbox/names", {"kind": "group", "key": "service", "words": "our service team"})


def import_files(app: App, walk: Walk) -> None:
    table = b"when;what;who\n2026-02-03;The parcel never came;a@example.org\n"
    mapping = {"column": ["when", "what", "who"], "field": ["said_at", "text", "author_email"]}
    sent = {"format": "csv", "channel": "email", "source": "shop", "name": "shop table", **mapping}
    place = walk.post("/inbox/imports", {"file": (io.BytesIO(table), "table.csv")}).location
    walk.post(f"{place}/mapping", sent)
    walk.post(f"{place}/start")
    walk.post(f"{place}/undo")
    place = walk.post("/inbox/imports", {"file": (io.BytesIO(table), "other.csv"), "saved": "shop table"}).location
    walk.post(f"{place}/discard")
    walk.post("/inbox/imports/mappings/1/name", {"name": "Shop"})
    walk.post("/inbox/imports/mappings/1/deletion")
    walk.post("/inbox/imports/webhooks", {"name": "Help desk", "channel": "chat"})
    walk.post("/inbox/imports/webhooks/1/switch", {"active": "off"})
    log = b"case,activity,started_at\n1,Apply,2026-02-01\n"
    walk.post("/insights/elsewhere", {"log": (io.BytesIO(log), "loans.csv"), "key": "loans"})
    feed = {"name": "Shop", "address": "https://example.org/feed", "every": "900", "format": "json", "do": "keep"}
    walk.post("/inbox/sources/new/address", feed)
    walk.post("/inbox/sources/1", {**feed, "every": "3600"})


def tend_triggers(app: App, walk: Walk) -> None:
    put_live(app, CARE.encode() if isinstance(CARE, str) else CARE, "care.bpmn")
    filled: dict[str, Any] = {
        "kinds": ["complaint"],
        "action": "start",
        "while_running": "join",
        "as_item_id": "item_id",
    }
    filled |= {"as_text": "words", "literals": "queue = first\n", "name": "Complaints", "do": "save"}
    walk.post("/processes/care/triggers/new", filled)
    walk.post("/processes/care/triggers/1", {**filled, "name": "All complaints"})
    walk.post("/processes/care/triggers/1/on")
    walk.post("/processes/care/triggers/1/off")
    item = hear(app, "The app is down.")
    with app.unit_of_work() as work:
        case = engine.start(work, "care", {"words": "down", "item_id": item, "queue": "first"})
        version = case.version_id
        element = next(each["id"] for each in engine_elements(work, version) if each["type"] == "userTask")
    walk.post(f"/insights/items/{item}/attributions", {"place": f"{version}:{element}"})
    with app.unit_of_work.reading() as work:
        (link,) = queries.item_links(work, item)
    draft(app, case.id, version, item)
    walk.post(f"/insights/attributions/{link.attribution_id}/end")
    walk.post("/drafts/1/send", {"text": "It is back, sorry."})
    walk.post("/drafts/2/drop")
    walk.post("/insights/processes/care/artefacts", {"name": "Refund letter", "element": element, "kind": "letter"})
    walk.post(f"/insights/items/{item}/artefacts", {"artefact": "1"})
    walk.post("/insights/artefacts/1/retirement")
    walk.post("/insights/suggestions/again")
    walk.post("/insights/processes/care/said-after", {"days": "14"})


def tend_senders(app: App, walk: Walk) -> None:
    with app.unit_of_work() as work:
        identity.find_user(work, "ada").email = "ada@example.org"
    given = {
        "address": "help@shop.example",
        "name_pattern": "{author}",
        "tls": "none",
        "host": "127.0.0.1",
        "port": "1",
    }
    walk.post("/admin/senders", given)
    walk.post("/admin/senders/1", {**given, "signature": "Help"})
    walk.post("/admin/senders/1/test")
    for pages in ("/profile/tokens", "/admin/service-tokens"):
        walk.post(pages, {"name": "Parcels", "scopes": ["instances.start"], "days": "30"}, status=(200,))
    walk.post("/profile/tokens/1/end")
    walk.post("/admin/service-tokens/2/end")


def engine_elements(work: Any, version_id: int) -> list[Any]:
    return list(work.session.get(ProcessVersion, version_id).elements)


def draft(app: App, case_id: int, version_id: int, item_id: int) -> None:
    """Two updates drafted for Ada about the item."""
    with app.unit_of_work() as work:
        attribution.record(work, get_current(work, item_id), instance_id=case_id, evidence="test")
    for step in ("tell", "tell_again"):
        with app.unit_of_work() as work:
            payload = {"update_text": "It is back.", "notify_by": "ada"}
            told = JobCall(1, case_id, version_id, step, "incident.notify_linked", payload, step, 1)
            SERVICE_TASKS["incident.notify_linked"](work, told)


def count_costs(app: App, walk: Walk) -> None:
    plan = {"budget-0-name": "Team", "budget-0-amount": "3000", "budget-0-side": "service", "reason": "Agreed."}
    walk.post("/insights/costs/plan", plan)
    walk.post("/insights/costs/stop", {"stop": ["budget:service"], "title": "Nothing", "reason": "From zero."})
    walk.post("/insights/capacity", {"wip-service": "3", "share-service": "80", "reason": "Less at once."})
    hear(app, "Nobody answers.")
    walk.post("/insights/contact-causes/improvements", {"by": "theme", "key": "", "process": "care"})


def go(_app: App, walk: Walk) -> None:
    walk.post("/sign-out")
    walk.browser = Browser(walk.browser.client)
    walk.post("/sign-in", {"username": "ada", "password": PASSWORD})


def test_signing_in_wrongly_and_too_often_is_on_record(app: App, walk: Walk, web: Flask) -> None:
    stranger = Browser(web.test_client())
    for _ in range(11):
        stranger.sign_in("ada", "wrong wrong wrong")
    verbs = [row.verb for row in walk.rows()]
    assert verbs.count("session.failed") == 10
    assert verbs.count("session.locked") == 1
    assert "wrong wrong" not in str(walk.rows())


def test_a_route_that_says_nothing_leaves_a_row_without_its_secrets(app: App, walk: Walk) -> None:
    with_one_more = create_app(app)

    @with_one_more.post("/says-nothing/<int:number>")
    @needs(Permission.SIGNED_IN)
    def says_nothing(number: int) -> tuple[str, int]:
        return "", 204

    browser = Browser(with_one_more.test_client())
    browser.sign_in("ada")
    browser.post("/says-nothing/12", {"name": "x", "new_password": "hush hush hush"})
    row = walk.rows()[0]
    assert (row.object_id, row.after) == ("12", {"name": "x"})


def test_a_refused_command_leaves_no_row(app: App, walk: Walk) -> None:
    before = len(walk.rows())
    walk.browser.post("/tasks/99/claim")
    assert len(walk.rows()) == before

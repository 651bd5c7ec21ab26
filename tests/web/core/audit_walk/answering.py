"""Walks through the inbox, the outbox, imports, triggers and senders."""

import io
from typing import Any

from flask import Flask
from sqlalchemy import select, text

from bpm import identity
from bpm.app import App
from bpm.engine import api as engine
from bpm.feedback.items import get_current
from bpm.feedback.models import Conversation, OutboundMessage
from bpm.processes import queries
from tests.processes.models import CARE
from tests.web.conftest import PASSWORD, Browser, put_live
from tests.web.core.audit_walk.improving import draft, engine_elements
from tests.web.core.audit_walk.walk import Walk, hear


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

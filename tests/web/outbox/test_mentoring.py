"""Who learns writes under a mentor: nothing of theirs leaves by any way until it is approved, and both are named."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from bpm import audit, identity
from bpm.app import App
from bpm.audit import Filters
from bpm.feedback import outbound, promises
from bpm.feedback.models import OutboundMessage, Reply
from bpm.feedback.outbound import GateError, Wish
from bpm.foundation.errors import ForbiddenError
from bpm.foundation.work import Actor
from tests.web.conftest import Browser
from tests.web.inbox.conftest import *  # noqa: F403 (its fixtures: an advocate, and items by one short call)

Heard = Callable[..., int]
SignIn = Callable[..., Browser]


def actor(app: App, name: str) -> Actor:
    with app.unit_of_work.reading() as work:
        return identity.actor_of(identity.find_user(work, name))


def sent(app: App) -> list[Any]:
    """(text, from_name, author_user_id, approved_by) of every message."""
    row = OutboundMessage
    columns = select(row.text, row.from_name, row.author_user_id, row.approved_by)
    with app.unit_of_work.reading() as work:
        return list(work.session.execute(columns.order_by(row.id)))


def test_a_learner_writes_their_mentor_edits_and_sends_and_both_are_named(
    app: App, web: Flask, advocate: Browser, signed_in: SignIn, heard: Heard
) -> None:
    lea, sam, item = signed_in("lea", "advocate"), signed_in("sam", "advocate"), heard("Where is my parcel?")
    ids = {name: actor(app, name).user_id for name in ("lea", "maya", "sam")}
    assert "Nobody is their own mentor." in advocate.do(
        "/outbox/mentors", {"learner": ids["lea"], "mentor": ids["lea"]}
    )
    assert "read by their mentor" in advocate.do("/outbox/mentors", {"learner": ids["lea"], "mentor": ids["maya"]})
    assert sam.post("/outbox/mentors", {"learner": ids["sam"], "mentor": ids["lea"]}).status_code == 400
    # What she writes waits, with what it promises; the gate holds for it as for anybody.
    lea.post(f"/outbox/items/{item}/written", {"text": "It comes on Friday."})
    page = lea.see(f"/inbox/{item}")
    assert "Maya reads what you write before it leaves." in page
    assert page.all("button", "Ask for approval")
    assert lea.post(f"/inbox/{item}/reply", {"text": "Dear {{name}}"}).status_code == 400
    promise = {"promise-0": "It comes on Friday.", "promise-0-until": "2026-03-06T12:00"}
    assert "Maya reads it" in lea.do(f"/inbox/{item}/reply", {"text": "It comes on Friday.", **promise})
    assert lea.post(f"/inbox/{item}/reply", {"text": "Another one, then."}).status_code == 409
    assert sent(app) == []
    assert "An answer of Lea waits for Maya" in sam.see(f"/inbox/{item}")
    # Nobody but her mentor decides, least of all herself.
    assert lea.post("/outbox/approvals/1", {"text": "It comes."}).status_code == 403
    assert sam.post("/outbox/approvals/1", {"text": "It comes."}).status_code == 403
    assert sam.get("/outbox/approvals/1").status_code == 404
    assert "Lea wrote an answer" in advocate.see("/notices")
    assert "They wait for you" in advocate.see("/outbox/approvals").markup
    odd = advocate.do("/outbox/approvals/1", {"text": "Dear {{name}}"})
    assert "is still to be filled in" in odd
    assert sent(app) == []
    words = "Sorry! It comes on Friday."
    advocate.post("/outbox/approvals/1", {"text": words, "note": "Say sorry first."})
    [row] = sent(app)
    assert tuple(row) == (words, "Lea", ids["lea"], ids["maya"])
    assert advocate.post("/outbox/approvals/1", {"text": words}).status_code == 409
    with app.unit_of_work.reading() as work:
        assert work.session.scalars(select(Reply.author_user_id)).all() == [ids["lea"]]
        assert [each.text for each in promises.promises_to(work, None, item_id=item)] == ["It comes on Friday."]
        [told] = [each for each in audit.list_rows(work, Filters()).rows if each.verb == "feedback.reply"]
    assert (told.actor_id, (told.after or {})["author"]) == (ids["maya"], "Lea")
    assert "approved by Maya" in lea.see(f"/inbox/{item}")
    seen = lea.see("/outbox/approvals/1")
    assert "7 characters changed" in seen
    assert "Say sorry first." in seen
    progress = lea.see("/inbox/learning")
    assert "Lea under Maya" in progress
    assert "not shown (n = 1)" in progress
    # Sent back, it is her draft again; leaving is her mentor's decision, on record, and brings back what waits.
    other = heard("And mine?")
    lea.post(f"/inbox/{other}/reply", {"text": "We are looking for it in Leeds."})
    assert "Say what they should do differently." in advocate.do("/outbox/approvals/2/back")
    advocate.post("/outbox/approvals/2/back", {"note": "Say when."})
    assert "We are looking for it in Leeds." in lea.see(f"/inbox/{other}").get("textbox", "Your reply").words
    lea.post(f"/inbox/{other}/reply", {"text": "We look for it in Leeds until noon."})
    assert lea.post(f"/outbox/mentors/{ids['lea']}/end", {"reason": "I can."}).status_code == 403
    assert advocate.post(f"/outbox/mentors/{ids['lea']}/end").status_code == 400
    alone = advocate.do(f"/outbox/mentors/{ids['lea']}/end", {"reason": "Twelve good ones."})
    assert "1 answer that waited" in alone
    assert "Twelve good ones." in alone
    lea.post(f"/inbox/{other}/reply", {"text": "We look for it in Leeds until noon."})
    assert [each.approved_by for each in sent(app)] == [ids["maya"], None]


def test_no_way_out_is_open_to_who_learns(
    app: App, advocate: Browser, signed_in: SignIn, heard: Heard, web: Flask
) -> None:
    signed_in("lea", "advocate")
    item, lea, maya = heard("Where is it?"), actor(app, "lea"), actor(app, "maya")
    with app.unit_of_work(maya) as work:
        outbound.mentoring.begin_mentoring(work, lea.user_id or 0, maya.user_id or 0)
    with pytest.raises(GateError, match="Maya reads"), app.unit_of_work(lea) as work:
        outbound.send(work, Wish(item, "It left us today."))
    with app.unit_of_work(lea) as work:
        done = outbound.send_letters(work, [item], "It left us today.", key="k", confirmed=outbound.WARNINGS)
    [(_item, why)] = done.stayed
    assert (done.messages, "Maya reads what you write before it leaves." in why) == ((), True)
    with pytest.raises(ForbiddenError, match="many at once"), app.unit_of_work(lea) as work:
        outbound.mentoring.refuse_while_learning(work)
    with app.unit_of_work(lea) as work:
        _id, token = identity.make_api_token(work, "P", ["feedback.see", "feedback.answer"], service=False)
    answer = web.test_client().post(
        f"/api/v1/items/{item}/replies", json={"text": "It left us."}, headers={"Authorization": f"Bearer {token}"}
    )
    assert (answer.status_code, answer.get_json()["mentor"]) == (202, "Maya")
    assert sent(app) == []

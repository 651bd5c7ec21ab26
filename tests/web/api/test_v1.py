"""Programs call the API with a token of a person's or a service's; what speaks to customers has a person's name."""

import hashlib
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from bpm import audit, identity
from bpm.app import App
from bpm.audit import Filters
from bpm.feedback import outbound
from bpm.feedback.models import OutboundMessage, Reply
from bpm.feedback.outbound import Wish
from bpm.foundation.clock import FixedClock
from bpm.foundation.errors import ForbiddenError, InvalidInputError
from bpm.foundation.work import Work
from bpm.identity.entry.models import ApiToken
from bpm.identity.models import User
from tests.web.conftest import Browser, put_live
from tests.web.inbox.conftest import *  # noqa: F403 (its fixtures: an advocate, and items by one short call)

Heard = Callable[..., int]
SignIn = Callable[..., Browser]
WORDS = "It left our depot this morning and is with you tomorrow."


def user_of(work: Work, username: str) -> User:
    user = identity.find_user(work, username)
    assert user is not None
    return user


class Program:
    """Calls the API as a program does: with a header, and without a cookie."""

    def __init__(self, client: FlaskClient, token: str) -> None:
        self.client, self.headers = client, {"Authorization": f"Bearer {token}"}

    def get(self, path: str) -> TestResponse:
        return self.client.get(f"/api/v1{path}", headers=self.headers)

    def post(self, path: str, sent: Any, **headers: str) -> TestResponse:
        return self.client.post(f"/api/v1{path}", json=sent, headers={**self.headers, **headers})


@pytest.fixture
def program(app: App, web: Flask) -> Callable[..., Program]:
    """A program with a token of that person's, or of a service that somebody of that name made."""

    def make(username: str, *scopes: str, service: bool = False) -> Program:
        with app.unit_of_work.reading() as work:
            actor = identity.find_actors(work, [user_of(work, username).id])
        with app.unit_of_work(next(iter(actor.values()))) as work:
            _id, token = identity.make_api_token(work, "Parcels", scopes, service=service)
        return Program(web.test_client(), token)

    return make


def test_two_long_keys_that_differ_at_their_end_alone_are_two_messages(
    app: App, advocate: Browser, heard: Heard, program: Callable[..., Program]
) -> None:
    item, parcels = heard("Where is my parcel?"), program("maya", "feedback.see", "feedback.answer")
    ids = [
        parcels.post(
            f"/items/{item}/replies",
            {"text": f"{WORDS} {end}", "confirmed": ["canned"]},
            **{"Idempotency-Key": "k" * 150 + end},
        ).get_json()["id"]
        for end in ("1", "2", "1")
    ]
    assert ids == [ids[0], ids[0] + 1, ids[0]]


def test_a_program_answers_in_its_persons_name_through_the_gate_and_once(
    app: App, advocate: Browser, heard: Heard, program: Callable[..., Program]
) -> None:
    item = heard("Where is my parcel?")
    parcels = program("maya", "feedback.see", "feedback.answer")
    seen = parcels.get(f"/items/{item}").get_json()
    assert (seen["text"], seen["answered_at"]) == ("Where is my parcel?", None)
    assert [each["leaves"] for each in seen["places"]] == [False]
    first = parcels.post(f"/items/{item}/replies", {"text": WORDS}, **{"Idempotency-Key": "k1"})
    again = parcels.post(f"/items/{item}/replies", {"text": WORDS}, **{"Idempotency-Key": "k1"})
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.get_json() == again.get_json()
    told = first.get_json()
    assert (told["author"], told["state"]) == ("Maya", "by_hand")
    assert parcels.get(f"/messages/{told['id']}").get_json() == told
    with app.unit_of_work.reading() as work:
        [reply] = work.session.scalars(select(Reply)).all()
        assert reply.approved_at is not None
        assert reply.author_user_id == user_of(work, "maya").id
        rows = [row for row in audit.list_rows(work, Filters()).rows if row.verb == "feedback.reply"]
        assert all("earshot_p_" in row.address for row in rows)
        assert rows
    public = heard(channel="social", source="masto", author_handle="jo")
    kept = parcels.post(f"/items/{public}/replies", {"text": "Please send us your account number."})
    assert kept.status_code == 422
    assert any(each["refused"] for each in kept.get_json()["remarks"])
    other = heard("And mine?")
    warned = parcels.post(f"/items/{other}/replies", {"text": WORDS})
    assert (warned.status_code, [each["code"] for each in warned.get_json()["remarks"]]) == (422, ["canned"])
    sure = parcels.post(f"/items/{other}/replies", {"text": WORDS, "confirmed": ["canned"]})
    assert sure.status_code == 201
    back = parcels.client.delete(f"/api/v1/messages/{sure.get_json()['id']}", headers=parcels.headers)
    assert (back.status_code, back.get_json()["state"]) == (200, "withdrawn")


def test_a_service_never_speaks_to_a_customer(
    app: App, advocate: Browser, signed_in: SignIn, heard: Heard, program: Callable[..., Program]
) -> None:
    item = heard("Where is it?")
    signed_in("alex", "admin")
    robot = program("alex", "feedback.see", "instances.start", service=True)
    assert robot.get("/me").get_json()["kind"] == "service"
    refused = robot.post(f"/items/{item}/replies", {"text": WORDS})
    assert refused.status_code == 403
    with pytest.raises(InvalidInputError, match="cannot be allowed"):
        program("alex", "feedback.answer", service=True)
    with app.unit_of_work() as work:  # as if somebody had written it into the table
        work.session.execute(update(ApiToken).values(scopes=["feedback.answer", "feedback.see"]))
    assert robot.post(f"/items/{item}/replies", {"text": WORDS}).status_code == 403
    with app.unit_of_work.reading() as work:
        nobody = identity.find_caller(work, robot.headers["Authorization"].removeprefix("Bearer "))
    assert nobody is not None
    with pytest.raises(ForbiddenError), app.unit_of_work(nobody.actor) as work:
        outbound.send(work, Wish(item, WORDS))
    with app.unit_of_work.reading() as work:
        assert work.session.scalars(select(OutboundMessage)).all() == []


def test_a_service_starts_cases_and_reads_how_far_they_are(
    app: App, signed_in: SignIn, program: Callable[..., Program]
) -> None:
    put_live(app)
    signed_in("alex", "admin")
    robot = program("alex", "instances.start", "processes.see", service=True)
    began = robot.post("/processes/refund/cases", {"variables": {"order": "A-1"}, "business_key": "A-1"})
    assert began.status_code == 201
    read = robot.get(f"/cases/{began.get_json()['id']}").get_json()
    assert (read["process"], read["business_key"], read["version"]) == ("refund", "A-1", 1)
    with app.unit_of_work.reading() as work:
        [row] = [row for row in audit.list_rows(work, Filters()).rows if row.verb == "case.start"]
        assert "earshot_s_" in row.address
        assert row.after
    assert [row["id"] for row in robot.get("/cases?process=refund&business_key=A-1").get_json()["cases"]] == [
        read["id"]
    ]
    assert robot.get("/cases?status=completed").get_json()["cases"] == []
    assert robot.get("/cases?status=odd").status_code == 400
    assert robot.get("/items").status_code == 403
    assert robot.post("/processes/refund/cases", {"values": {}}).get_json()["fields"] == {"values": "not known"}
    assert robot.post("/processes/nothing/cases", {}).status_code == 404
    assert robot.post("/processes/refund/cases", ["x"]).status_code == 400


def test_lists_have_filters_and_a_cursor_and_acts_are_in_the_persons_name(
    app: App, advocate: Browser, heard: Heard, program: Callable[..., Program]
) -> None:
    ids = [heard(f"Parcel {n} is late.", primary="complaint", author_handle=f"a{n}") for n in range(3)]
    praised = heard("Lovely kettle.", primary="praise", channel="review", source="shop")
    parcels = program("maya", "feedback.see", "feedback.answer")
    first = parcels.get("/items?limit=2&kind=complaint").get_json()
    rest = parcels.get(f"/items?limit=2&kind=complaint&after={first['next']}").get_json()
    assert [row["id"] for row in first["items"] + rest["items"]] == ids[::-1]
    assert rest["next"] is None
    assert [row["id"] for row in parcels.get("/items?channel=review").get_json()["items"]] == [praised]
    assert parcels.get("/items?since=2026-03-02T08:00:00%2B00:00").get_json()["items"] != []
    assert parcels.get("/items?until=2026-03-02T08:00:00Z").get_json()["items"] == []
    for odd in ("limit=101", "kind=anger", "since=2026-03-02", "after=x", "open=yes", "colour=red"):
        wrong = parcels.get(f"/items?{odd}")
        assert (wrong.status_code, odd.partition("=")[0] in wrong.get_json()["fields"]) == (400, True)
    # What is done is done in the name of the token's person, and found again by it.
    assert parcels.post(f"/items/{ids[0]}/tags", {"tag": "Strike", "group": "service"}).get_json()["new"]
    assert not parcels.post(f"/items/{ids[0]}/tags", {"tag": "strike"}).get_json()["new"]
    assert parcels.post(f"/items/{ids[0]}/tags", {"tag": "x", "group": "it"}).status_code == 403
    [tagged] = parcels.get("/items?tag=STRIKE").get_json()["items"]
    assert (tagged["id"], tagged["tags"]) == (ids[0], ["strike"])
    assert parcels.get("/items?tag=nothing").get_json()["items"] == []
    assert parcels.post(f"/items/{ids[1]}/assignment", {"person": "maya"}).get_json()["person"] == "maya"
    assert parcels.post(f"/items/{ids[1]}/decision", {"decision": "do", "reason": " "}).status_code == 400
    assert parcels.post(f"/items/{ids[1]}/decision", {"decision": "do", "reason": "Sent again."}).status_code == 200
    assert ids[1] not in [row["id"] for row in parcels.get("/items?open=true").get_json()["items"]]
    talks = parcels.get("/conversations?limit=3").get_json()
    more = parcels.get(f"/conversations?after={talks['next']}").get_json()
    assert len(talks["conversations"] + more["conversations"]) == 4
    talk = parcels.get(f"/items/{ids[1]}").get_json()["conversation_id"]
    entries = parcels.get(f"/conversations/{talk}").get_json()["entries"]
    assert [(each["kind"], each["who"]) for each in entries][1:] == [("decision", "Maya")]
    assert [row["id"] for row in parcels.get(f"/items?conversation={talk}").get_json()["items"]] == [ids[1]]
    with app.unit_of_work.reading() as work:
        rows = [row for row in audit.list_rows(work, Filters()).rows if "earshot_p_" in row.address]
    assert {row.verb for row in rows} >= {"feedback.tag", "feedback.assign", "feedback.decide"}
    assert all(row.before is not None and row.after is not None for row in rows)
    reader = program("maya", "feedback.see")
    assert reader.post(f"/items/{praised}/tags", {"tag": "x"}).status_code == 403
    assert reader.get("/cases").status_code == 403


def test_a_token_opens_what_it_names_while_its_person_may_and_until_it_ends(
    app: App, clock: FixedClock, advocate: Browser, heard: Heard, program: Callable[..., Program]
) -> None:
    item = heard("Hm")
    reader = program("maya", "feedback.see")
    assert reader.get("/me").get_json()["scopes"] == ["feedback.see"]
    assert reader.post(f"/items/{item}/replies", {"text": WORDS}).status_code == 403
    with pytest.raises(InvalidInputError):
        program("maya", "admin")
    with pytest.raises(InvalidInputError):
        program("maya", "processes.deploy")
    word = reader.headers["Authorization"].removeprefix("Bearer ")
    with app.unit_of_work.reading() as work:
        [row] = work.session.scalars(select(ApiToken)).all()
        assert row.token_hash == hashlib.sha256(word.encode()).hexdigest()
        assert word not in (row.shown, row.name)
        assert row.last_used_at == clock.now()
    assert Program(reader.client, word[:-1]).get("/me").status_code == 401
    assert reader.client.get("/api/v1/me").status_code == 401
    assert advocate.get("/api/v1/me").status_code == 401, "a browser's session is no way in"
    clock.advance(timedelta(days=identity.USUAL_DAYS, seconds=1))
    assert reader.get("/me").status_code == 401
    other = program("maya", "feedback.see")
    with app.unit_of_work() as work:
        user_of(work, "maya").active = False
    assert other.get("/me").status_code == 401


def test_people_make_and_end_their_own_and_administrators_those_of_services(
    advocate: Browser, signed_in: SignIn, web: Flask
) -> None:
    assert "No tokens" in advocate.see("/profile/tokens")
    odd = advocate.do("/profile/tokens", {"name": " ", "days": "9000"})
    assert "Say what it is for" in odd
    made = advocate.do("/profile/tokens", {"name": "My parcels", "scopes": ["feedback.see"], "days": "30"})
    word = made.markup.partition("<code>")[2].partition("</code>")[0]
    assert Program(web.test_client(), word).get("/me").status_code == 200
    listed = advocate.see("/profile/tokens")
    assert "My parcels" in listed
    assert word not in listed.markup
    assert advocate.get("/admin/service-tokens").status_code == 403
    alex = signed_in("alex", "admin")
    assert alex.post("/profile/tokens/1/end").status_code == 404
    service = alex.do("/admin/service-tokens", {"name": "Shop", "scopes": ["instances.start"], "days": "90"})
    assert "earshot_s_" in service.markup
    assert alex.post("/admin/service-tokens/1/end").status_code == 404
    assert "opens nothing" in alex.do("/admin/service-tokens/2/end")
    assert "opens nothing" in advocate.do("/profile/tokens/1/end")
    assert Program(web.test_client(), word).get("/me").status_code == 401

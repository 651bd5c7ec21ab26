"""Over all ways out, in any order: what says something freely to a customer has an author who pressed send (law 1)."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import click
import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import insert, select

from bpm import identity, processes
from bpm.app import App
from bpm.cli import cli as command
from bpm.engine.api import BpmnError, JobCall
from bpm.feedback import outbound
from bpm.feedback.models import OutboundMessage
from bpm.feedback.outbound import Wish
from bpm.feedback.status import MessageKind
from bpm.foundation.errors import ConflictError, EarshotError
from bpm.foundation.work import CONSOLE, SYSTEM, Actor
from bpm.worker import sweep_once
from tests.mail import fake_server
from tests.mail.conftest import with_server
from tests.mail.fake_server import Mailbox
from tests.web.conftest import Browser
from tests.web.inbox.conftest import *  # noqa: F403 (its fixtures: an advocate, and items by one short call)

WAYS = ("screen", "screen of one who may not", "api", "api of a service", "service task", "room", "job")
KINDS = ("conversation", "status", "receipt", "advertisement", "")


class House:
    """Every way by which words can be asked to go out, each by its own door."""

    def __init__(self, app: App, item: int, screens: dict[str, Browser], programs: dict[str, Any]) -> None:
        self.app, self.item, self.screens, self.programs = app, item, screens, programs
        self.asked = 0

    def ask(self, way: str, kind: str) -> None:
        self.asked += 1
        words = f"Number {self.asked}: it left our depot on its {self.asked}th day with us."
        if way.startswith("screen"):
            form = {"text": words, "kind": kind, "confirmed": "canned"}
            assert self.screens[way].post(f"/inbox/{self.item}/reply", form).status_code in {303, 400, 403}
        elif way.startswith("api"):
            sent = {"text": words, "confirmed": ["canned"]}
            answer = self.programs[way](f"/api/v1/items/{self.item}/replies", sent)
            assert answer.status_code in ({403} if "service" in way else {201, 422})
        elif way == "service task":
            self._task(kind, words)
        elif way == "room":
            self._room(kind, words)
        else:
            # All that the worker does by itself but reading: that loads a model, and says nothing to anybody.
            sweep_once(replace(self.app, sweeps=tuple(each for each in self.app.sweeps if each[0] != "classification")))

    def _task(self, kind: str, words: str) -> None:
        payload = {"item_id": self.item, "kind": kind, "text": words}
        try:
            with self.app.unit_of_work() as work:
                do: Any = processes.SERVICE_TASKS["message.send"]
                do(work, JobCall(1, 1, 1, "t", "message.send", payload, f"job-{self.asked}", 1))
        except (BpmnError, EarshotError):
            assert kind not in {"status", "receipt"}

    def _room(self, kind: str, words: str) -> None:
        """As code of ours might: as the system, the console, or a machine that has every right but no name."""
        machine = Actor(name="robot", roles=frozenset({"admin"}), permissions=frozenset(identity.Permission))
        for actor in (SYSTEM, CONSOLE, machine):
            with pytest.raises(EarshotError), self.app.unit_of_work(actor) as work:
                outbound.send(work, Wish(self.item, words, confirmed=frozenset({"canned"})))
            with pytest.raises(EarshotError), self.app.unit_of_work(actor) as work:
                outbound.send_automatic(work, self.item, "conversation", words, key=f"k{self.asked}{kind}")


@pytest.fixture
def box() -> Iterator[Mailbox]:
    with fake_server.running() as box:
        yield box


@pytest.fixture
def house(app: App, web: Flask, box: Mailbox, signed_in: Callable[..., Browser], heard: Callable[..., int]) -> House:
    screens = {"screen": signed_in("maya", "advocate"), "screen of one who may not": signed_in("mina", "manager")}
    signed_in("alex", "admin")
    programs = {"api": _program(app, web, "maya", service=False), "api of a service": _program(app, web, "alex", True)}
    house = with_server(app, box.port, smtp_from="Shop <post@shop.example>")
    return House(house, heard("Where is my parcel?", author_email="jo@customer.example"), screens, programs)


def _program(app: App, web: Flask, username: str, service: bool) -> Callable[[str, Any], Any]:
    with app.unit_of_work.reading() as work:
        [actor] = [each for each in identity.find_actors(work).values() if each.name == username]
    scopes = ["feedback.see"] if service else ["feedback.see", "feedback.answer"]
    with app.unit_of_work(actor) as work:
        _id, token = identity.make_api_token(work, "Program", scopes, service=service)
    client, headers = web.test_client(), {"Authorization": f"Bearer {token}"}
    return lambda path, sent: client.post(path, json=sent, headers=headers)


@settings(max_examples=5, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.sampled_from(WAYS), st.sampled_from(KINDS)), min_size=4, max_size=10))
def test_whatever_is_asked_in_any_order_free_words_have_a_person_who_pressed_send(
    house: House, asked: list[tuple[str, str]]
) -> None:
    for way, kind in asked:
        house.ask(way, kind)
    with house.app.unit_of_work.reading() as work:
        for row in work.session.scalars(select(OutboundMessage)):
            if row.kind == MessageKind.CONVERSATION:
                assert row.author_user_id is not None
                assert row.approved_at is not None
                assert row.from_name == "Maya"
            else:
                assert row.kind in outbound.automatic_kinds()


def test_every_way_comes_to_something_where_it_may_and_the_database_itself_holds_the_law(house: House) -> None:
    for way in WAYS:
        house.ask(way, "status")
    with house.app.unit_of_work.reading() as work:
        kinds = sorted(str(each) for each in work.session.scalars(select(OutboundMessage.kind)))
    assert kinds == ["conversation", "conversation", "status"]
    for missing in ({"author_user_id": None}, {"approved_at": None}):
        with house.app.unit_of_work.reading() as work:
            of = OutboundMessage.kind == MessageKind.CONVERSATION
            told = dict(work.session.execute(select(OutboundMessage.__table__).where(of)).mappings().first() or {})
        with pytest.raises(ConflictError, match="ck_outbound_message_author"), house.app.unit_of_work() as work:
            work.session.execute(insert(OutboundMessage), {**told, "id": 99, "key": "by hand", **missing})


def test_no_command_of_the_console_says_anything_to_customers() -> None:
    assert isinstance(command, click.Group)
    speaking = {"reply", "answer", "send", "tell", "message", "broadcast", "post"}
    assert speaking & set(command.commands) == set()
    mail = command.get_command(click.Context(command), "mail")
    assert isinstance(mail, click.Group)
    assert speaking & set(mail.commands) <= {"send"}, "mail send only sends what waits already"

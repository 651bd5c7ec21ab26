"""Two hundred open pages hear of news, from a server with few threads that goes on answering."""

import http.client
import json
import threading
from collections.abc import Callable
from contextlib import ExitStack, closing, suppress
from dataclasses import dataclass, field

import pytest
from flask import Flask

from bpm.app import App, build
from bpm.foundation.work import Actor
from bpm.queue import EmbeddedQueue
from tests.cli.test_web_server import served
from tests.web.conftest import Browser, start_refund
from web import create_app
from web.live import streams as live_streams
from web.live.streams import LIVES_FOR, LOOKS_EVERY, SAYS_SOMETHING_EVERY, LiveStreams, Stream

SignIn = Callable[..., Browser]
Answer = http.client.HTTPResponse
ADA, BOB = Actor(1, "ada"), Actor(2, "bob")


@dataclass
class Wire:
    """A connection that keeps what was sent."""

    said: list[bytes] = field(default_factory=list)
    is_open: bool = True

    def send(self, data: bytes) -> None:
        self.said.append(data)

    def close(self) -> None:
        self.is_open = False


class World:
    """Streams over a world whose one mark is turned by hand."""

    def __init__(self) -> None:
        self.queue, self.mark, self.looks = EmbeddedQueue(), "a", 0
        self.streams = LiveStreams(self.queue, threading.Event(), look=self._look, news_of=lambda _: {"work_items"})

    def _look(self, _person: Actor, topics: tuple[str, ...]) -> dict[str, str]:
        self.looks += 1
        return dict.fromkeys(topics, self.mark)

    def open(self, person: Actor = ADA) -> tuple[Stream, Wire]:
        wire = Wire()
        mark = self.queue.wait(-1, timeout=0, topics={"work_items"})
        stream = Stream(wire, person, ("tasks",), {"tasks": self.mark}, mark)
        self.streams._streams.add(stream)
        return stream, wire

    def change(self, mark: str, nudge: str = "work_items") -> None:
        self.mark = mark
        self.queue.nudge(nudge)


def test_all_pages_of_a_person_that_show_the_same_are_one_look() -> None:
    world = World()
    wires = [world.open(person)[1] for person in (ADA, BOB) for _ in range(50)]
    world.change("b")
    world.streams.round()
    assert world.looks == 2
    assert {tuple(wire.said) for wire in wires} == {(b'event: marks\ndata: {"tasks": "b"}\n\n',)}


def test_nothing_is_looked_up_for_news_of_something_else_and_nothing_is_said_twice() -> None:
    world = World()
    _stream, wire = world.open()
    world.change("b", nudge="imports")
    world.streams.round()
    assert world.looks == 0
    world.change("b")
    world.streams.round()
    world.streams.round()
    world.change("b")
    world.streams.round()
    assert len(wire.said) == 1


def test_what_another_process_wrote_is_seen_though_nobody_nudged() -> None:
    world = World()
    stream, wire = world.open()
    world.mark = "b"
    world.streams.round()
    assert wire.said == []
    stream.looked_at -= LOOKS_EVERY
    world.streams.round()
    assert len(wire.said) == 1


def test_a_quiet_stream_gives_a_sign_of_life_and_an_old_one_ends() -> None:
    world = World()
    stream, wire = world.open()
    stream.spoke_at -= SAYS_SOMETHING_EVERY
    world.streams.round()
    assert wire.said == [b": \n\n"]
    stream.opened_at -= LIVES_FOR
    world.streams.round()
    assert not wire.is_open


def test_pages_that_were_closed_are_forgotten_and_make_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live_streams, "MOST_EACH", 2)
    monkeypatch.setattr(live_streams, "MOST_STREAMS", 3)
    world = World()
    wires = [world.open()[1] for _ in range(2)]
    assert not world.streams.has_room_for(ADA)
    assert world.streams.has_room_for(BOB)
    world.open(BOB)
    assert not world.streams.has_room_for(BOB)
    wires[0].is_open = False
    world.streams.round()
    assert world.streams.has_room_for(ADA)


def open_stream(port: int, cookie: str, topics: str = "tasks") -> tuple[http.client.HTTPConnection, Answer]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("GET", f"/live?topics={topics}", headers={"Cookie": cookie})
    return connection, connection.getresponse()


def next_marks(stream: Answer) -> dict[str, str]:
    """What the next event says."""
    while not (line := stream.readline()).startswith(b"data: "):
        assert line, "the stream ended"
    return dict(json.loads(line[6:]))


@pytest.fixture
def cookies(web: Flask, signed_in: SignIn) -> list[str]:
    """Sessions of ten people."""
    browsers = [signed_in(f"person{number}", "staff", groups=("service",)) for number in range(10)]
    name = web.config["SESSION_COOKIE_NAME"]
    return [f"{name}={cookie.value}" for browser in browsers if (cookie := browser.client.get_cookie(name))]


def test_two_hundred_tabs_of_ten_people_hear_of_news_and_the_site_answers(
    app: App, refund: int, cookies: list[str]
) -> None:
    small = build(app.settings.model_copy(update={"threads": 4}), clock=app.clock)
    with served(small, create_app(small)) as port, ExitStack() as tabs:
        streams = []
        for number in range(200):
            connection, stream = open_stream(port, cookies[number % 10])
            tabs.callback(connection.close)
            assert stream.status == 200
            streams.append(stream)
        before = [next_marks(stream) for stream in streams]
        with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=20)) as visitor:
            visitor.request("GET", "/sign-in")
            assert visitor.getresponse().status == 200
        start_refund(small)
        after = [next_marks(stream) for stream in streams]
        assert all(now != then for now, then in zip(after, before, strict=True))
    small.close()


def test_beyond_the_bound_a_page_is_told_to_ask_and_a_closed_one_makes_room(
    app: App, cookies: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live_streams, "MOST_EACH", 1)
    web = create_app(app)
    with served(app, web) as port:
        first, stream = open_stream(port, cookies[0])
        next_marks(stream)
        streams = web.extensions["live streams"]
        while streams.has_room_for(Actor(1)):  # the first news may come before the stream is handed over
            streams.round()
        second, refused = open_stream(port, cookies[0])
        assert refused.status == 204
        stream.close()
        first.close()
        second.close()
        while not streams.has_room_for(Actor(1)):
            streams.round()


def test_a_stream_ends_when_the_server_stops(app: App, cookies: list[str]) -> None:
    with served(app, create_app(app)) as port:
        connection, stream = open_stream(port, cookies[0], "tasks,instances")
        assert set(next_marks(stream)) == {"tasks", "instances"}
        app.stopping.set()
        app.queue.nudge("work_items")
        with suppress(http.client.IncompleteRead):
            stream.read()
        connection.close()

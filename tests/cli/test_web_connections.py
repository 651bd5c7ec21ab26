"""Connections that say nothing, or too little too slowly, keep nobody out."""

import http.client
import queue
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from typing import Any

import pytest

from bpm.app import App, build
from bpm.cli.server import web_connections, web_server
from bpm.cli.server.web_connections import BODY_WITHIN, HEADERS_WITHIN, SILENT_FOR, Gate, OpenAnswer, Server
from tests.cli.test_web_server import served
from web import create_app

HALF = b"GET /healthz HTTP/1.1\r\nHost: earshot\r\nX-Slow: "


def knock(port: int, said: bytes = b"") -> socket.socket:
    connection = socket.create_connection(("127.0.0.1", port), timeout=10)
    connection.sendall(said)
    return connection


def status_of(port: int, path: str = "/healthz") -> int:
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=20)) as connection:
        connection.request("GET", path)
        return connection.getresponse().status


def is_cut(connection: socket.socket) -> bool:
    """Whether the server let go of it."""
    connection.setblocking(False)
    try:
        return connection.recv(1) == b""
    except BlockingIOError:
        return False
    except ConnectionResetError:
        return True


@contextmanager
def by_hand(app: App) -> Iterator[tuple[Server, int]]:
    """A server whose loop is turned by the test, and its port."""
    listening = web_server.listen("127.0.0.1", 0)
    server = web_server._server(app, create_app(app), listening)
    yield server, listening.getsockname()[1]
    server.task_dispatcher.shutdown()
    server.close()
    for channel in list(server._map.values()):
        channel.close()


def turn_until(server: Server, connections: int) -> None:
    for _ in range(100):
        web_server._turn(server)
        if len(server.active_channels) == connections:
            return
    raise AssertionError(f"{len(server.active_channels)} connections, not {connections}")


def test_a_thousand_half_open_connections_leave_the_site_open(app: App) -> None:
    assert web_connections.connections_allowed() >= 1_000, "this machine gives a process too few files for the test"
    with served(app, create_app(app)) as port, ExitStack() as open_ones:
        held = [open_ones.enter_context(knock(port, HALF if number % 2 else b"")) for number in range(1_000)]
        assert [status_of(port), status_of(port, "/sign-in")] == [200, 200]
        assert not any(is_cut(connection) for connection in held)


def test_when_all_places_are_taken_the_oldest_silent_ones_make_room_and_who_is_answered_stays(
    app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(web_connections, "MOST_CONNECTIONS", 64)
    asked, go_on = threading.Event(), threading.Event()

    def slow(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        if environ["PATH_INFO"] == "/slow":
            asked.set()
            go_on.wait(timeout=20)
        start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", "2")])
        return [b"ok"]

    answers: list[int] = []
    with served(app, slow) as port, ExitStack() as open_ones:
        patient = threading.Thread(target=lambda: answers.append(status_of(port, "/slow")))
        patient.start()
        asked.wait(timeout=10)
        held = [open_ones.enter_context(knock(port, HALF)) for _ in range(400)]
        assert status_of(port) == 200
        cut = [is_cut(connection) for connection in held]
        go_on.set()
        patient.join(timeout=20)
    assert answers == [200]
    assert cut[0]
    assert sum(not each for each in cut) <= 64


def test_headers_that_never_end_are_cut_off_however_lively_they_come(app: App) -> None:
    with by_hand(app) as (server, port), knock(port, HALF) as slow, knock(port) as silent:
        turn_until(server, 2)
        began = time.time()
        for channel in server.active_channels.values():
            channel.last_activity = began + HEADERS_WITHIN
        server.maintenance(began + HEADERS_WITHIN - 5)
        assert not any(channel.will_close for channel in server.active_channels.values())
        server.maintenance(began + HEADERS_WITHIN + 1)
        turn_until(server, 0)
        assert is_cut(slow)
        assert is_cut(silent)


def test_a_large_upload_may_take_its_time_as_long_as_it_goes_on(app: App) -> None:
    head = b"POST /sign-in HTTP/1.1\r\nHost: earshot\r\nContent-Length: 100000\r\n\r\nabc"
    with by_hand(app) as (server, port), knock(port, head):
        turn_until(server, 1)
        (channel,) = server.active_channels.values()
        web_server._turn(server)
        began = time.time()
        channel.last_activity = began + BODY_WITHIN - 10
        assert not channel.is_overdue(began + BODY_WITHIN - 5)
        assert channel.is_overdue(began + BODY_WITHIN + 5), "but not for ever"
        channel.last_activity = began
        assert channel.is_overdue(began + SILENT_FOR + 5), "and not in silence"


def test_those_of_the_address_that_has_most_go_first_and_of_them_the_oldest(app: App) -> None:
    with by_hand(app) as (server, port), ExitStack() as open_ones:
        for _ in range(5):
            open_ones.enter_context(knock(port))
        turn_until(server, 5)
        channels = list(server.active_channels.values())
        for age, (channel, address) in enumerate(zip(channels, "abbbb", strict=True)):
            channel.addr, channel.last_activity = (address, 1), float(age)
        channels[4].requests = ["under way"]
        assert [channels.index(each) for each in web_connections._first_to_go(channels, 2)] == [1, 2]
        channels[4].requests = []


class Holding:
    """A view that keeps its answers open."""

    def __init__(self) -> None:
        self.answers: queue.Queue[OpenAnswer] = queue.Queue()

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterator[bytes]:
        if environ["PATH_INFO"] == "/healthz":
            start_response("200 OK", [("Content-Length", "2")])
            return iter([b"ok"])
        environ["earshot.hold"](self.answers.put)
        start_response("200 OK", [("Content-Type", "text/plain")])
        return iter([b"begun"])


@pytest.mark.parametrize("version", [b"1.1", b"1.0"])
def test_an_answer_that_stays_open_takes_no_thread_and_goes_on_to_its_proper_end(app: App, version: bytes) -> None:
    view, few = Holding(), build(app.settings.model_copy(update={"threads": 2}))
    with served(few, view) as port, ExitStack() as readers:
        asked = b"GET / HTTP/%b\r\nHost: earshot\r\n\r\n" % version
        connections = [readers.enter_context(knock(port, asked)) for _ in range(20)]
        answers = [view.answers.get(timeout=10) for _ in connections]
        assert status_of(port) == 200
        for answer in answers:
            answer.send(b", went on")
            answer.close()
        bodies = []
        for connection in connections:
            response = http.client.HTTPResponse(connection)
            response.begin()
            bodies.append(response.read())
        assert bodies == [b"begun, went on"] * 20
    few.close()


def test_who_goes_away_or_does_not_read_an_open_answer_is_let_go(app: App) -> None:
    view = Holding()
    with served(app, view) as port:
        with knock(port, b"GET / HTTP/1.1\r\nHost: earshot\r\n\r\n"):
            gone = view.answers.get(timeout=10)
            assert gone.is_open
        with knock(port, b"GET / HTTP/1.1\r\nHost: earshot\r\n\r\n"):
            unread = view.answers.get(timeout=10)
            while unread.is_open:
                unread.send(b"x" * 100_000)
                status_of(port)
        while gone.is_open:
            status_of(port)


def test_a_few_pages_are_drawn_at_a_time_and_the_next_begins_when_one_has_ended() -> None:
    gate, within, most = Gate(2, patience=30), threading.Semaphore(2), []

    def draw() -> None:
        with gate.entered():
            most.append(within.acquire(blocking=False))
            within.release()

    threads = [threading.Thread(target=draw) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert most == [True] * 20


def test_slow_pages_hold_nobody_up_for_good_and_leave_the_places_as_they_were() -> None:
    gate = Gate(1, patience=0)
    with gate.entered(), gate.entered(), gate.entered():
        pass
    with gate.entered():
        assert gate._places.acquire(blocking=False) is False
    assert gate._places.acquire(blocking=False) is True
    assert gate._places.acquire(blocking=False) is False

"""The web server: behind a proxy it knows who asks; told to stop, it answers what was asked and nothing more."""

import http.client
import logging
import socket
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from typing import Any

import pytest

from bpm.app import App, build
from bpm.cli.server import web_server
from web import create_app

Wsgi = Callable[[dict[str, Any], Any], Iterable[bytes]]


@contextmanager
def served(app: App, web: Any) -> Iterator[int]:
    """The port at which `web` answers."""
    listening = web_server.listen("127.0.0.1", 0)
    server = threading.Thread(target=web_server.serve, args=(app, web, listening))
    server.start()
    try:
        yield listening.getsockname()[1]
    finally:
        app.stopping.set()
        server.join(timeout=10)
        assert not server.is_alive()


def ask(port: int, **headers: str) -> tuple[http.client.HTTPResponse, bytes]:
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=10)) as connection:
        connection.request("GET", "/sign-in", headers={name.replace("_", "-"): text for name, text in headers.items()})
        answer = connection.getresponse()
        return answer, answer.read()


@pytest.mark.parametrize(("proxy", "believed"), [("127.0.0.1", True), ("", False), ("192.0.2.1", False)])
def test_only_the_proxy_that_is_trusted_is_believed(app: App, proxy: str, believed: bool) -> None:
    behind = build(app.settings.model_copy(update={"trusted_proxy": proxy}))
    with served(behind, create_app(behind)) as port:
        answer, _ = ask(port, X_Forwarded_Proto="https", X_Forwarded_For="198.51.100.7")
        assert answer.status == 200
        assert (answer.headers["Strict-Transport-Security"] is not None) is believed
    behind.close()


def test_what_was_asked_before_the_end_is_answered_and_nothing_after(app: App) -> None:
    asked, go_on = threading.Event(), threading.Event()

    def slow(_environ: dict[str, Any], start_response: Any) -> list[bytes]:
        asked.set()
        go_on.wait(timeout=10)
        start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", "100000")])
        return [b"x" * 100_000]

    answers: list[bytes] = []
    with served(app, slow) as port:
        client = threading.Thread(target=lambda: answers.append(ask(port)[1]))
        client.start()
        asked.wait(timeout=10)
        app.stopping.set()
        refused = False
        while not refused:
            with socket.socket() as knocking:
                refused = knocking.connect_ex(("127.0.0.1", port)) != 0
        go_on.set()
        client.join(timeout=10)
    assert [len(answer) for answer in answers] == [100_000]


def test_a_browser_that_goes_away_is_no_line_in_the_log_and_a_fault_is(
    app: App, caplog: pytest.LogCaptureFixture
) -> None:
    """Every page that follows the world leaves its stream when it is left."""
    caplog.set_level(logging.DEBUG, logger="waitress")
    gone, noticed = threading.Event(), threading.Event()

    def streams(environ: dict[str, Any], start_response: Any) -> Iterator[bytes]:
        if environ["PATH_INFO"] == "/fault":
            raise RuntimeError("a fault")
        start_response("200 OK", [("Content-Type", "text/event-stream")])
        try:
            yield b"first"
            gone.wait(timeout=10)
            while True:
                yield b"more" * 100_000
        finally:
            noticed.set()

    with served(app, streams) as port:
        with closing(socket.create_connection(("127.0.0.1", port), timeout=10)) as leaving:
            leaving.sendall(b"GET /live HTTP/1.1\r\nHost: here\r\n\r\n")
            leaving.recv(1)
        gone.set()
        assert noticed.wait(timeout=10)
        with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=10)) as connection:
            connection.request("GET", "/fault")
            assert connection.getresponse().status == 500
    said = [record.getMessage() for record in caplog.records if record.name == "waitress"]
    assert not [line for line in said if "disconnected" in line]
    assert [line for line in said if "Exception while serving /fault" in line]

"""A system on the loopback interface that answers what a test says, and connections to it."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from bpm.app import App, build
from bpm.feedback import connectors
from bpm.foundation.clock import FixedClock
from bpm.foundation.settings import Settings


@dataclass
class FakeSystem:
    """Answers in turn, the last one for good; keeps what it was asked."""

    address: str = ""
    answers: list[tuple[int, dict[str, str], bytes]] = field(default_factory=list)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    on_ask: Callable[[str], tuple[int, dict[str, str], bytes] | None] = lambda path: None

    def says(self, body: bytes, status: int = 200, **headers: str) -> None:
        """Answer this from now on."""
        self.answers = [(status, {name.replace("_", "-"): value for name, value in headers.items()}, body)]

    def answer(self, path: str, headers: dict[str, str]) -> tuple[int, dict[str, str], bytes]:
        self.asked.append((path, {name.lower(): value for name, value in headers.items()}))
        told = self.on_ask(path)
        if told is not None:
            return told
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


@pytest.fixture
def other_side() -> Iterator[FakeSystem]:
    system = FakeSystem()

    class Handler(BaseHTTPRequestHandler):
        def _answer(self) -> None:
            length = int(self.headers.get("content-length") or 0)
            sent = self.rfile.read(length).decode()
            status, headers, body = system.answer(self.path + (f"#{sent}" if sent else ""), dict(self.headers))
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST = _answer  # noqa: N815 (the library's names)

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    system.address = f"http://127.0.0.1:{server.server_port}"
    yield system
    server.shutdown()
    server.server_close()
    thread.join(timeout=10)


@pytest.fixture
def settings(tmp_path: Path, database: str) -> Settings:
    """As everywhere, but requests may go to this machine."""
    return Settings(home=tmp_path, database_url=database, embedded_worker=False, outbound_allowed=("127.0.0.1",))


@pytest.fixture
def app(settings: Settings, clock: FixedClock) -> Iterator[App]:
    app = build(settings, clock=clock)
    yield app
    app.close()


@pytest.fixture
def connect(app: App) -> Callable[..., int]:
    """Makes a connection; gives its id."""

    def make(kind: str, **given: str) -> int:
        with app.unit_of_work() as work:
            return connectors.make_connector(work, kind, {"name": "Shop", **given})

    return make

"""A browser without a browser, over a real connection: it may get no answer, and sends the same form again."""

import http.client
import http.cookiejar
import re
import socket
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field

from bpm import identity
from bpm.app import App
from tests.faults.crew import Crew

PASSWORD = "correct horse battery"

NoAnswer = (OSError, http.client.HTTPException)
"""What it looks like when the process on the other side is gone."""


def hire(app: App, *names: str) -> None:
    """People who may work on items and start processes."""
    for name in names:
        with app.unit_of_work() as work:
            identity.create_user(
                work, name, display_name=name.title(), password=PASSWORD, roles=["operator", "staff"], groups=[]
            )


@dataclass(frozen=True)
class Answer:
    status: int
    text: str
    location: str = ""


class _StayHere(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_args: object) -> None:
        return None


@dataclass
class Visitor:
    """One person's browser, at a web process; at another one of `others` when that gives no answer."""

    port: int
    others: tuple[int, ...] = ()
    cookies: http.cookiejar.CookieJar = field(default_factory=http.cookiejar.CookieJar)
    token: str = ""
    patience: float = 20
    """Seconds until an answer that does not come is none."""

    def __post_init__(self) -> None:
        self._open = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.cookies), _StayHere()).open

    def ask(self, path: str, form: Mapping[str, str] | None = None) -> Answer:
        """One request; raises one of `NoAnswer` when nobody answers."""
        sent = None if form is None else urllib.parse.urlencode({"csrf_token": self.token, **form}).encode()
        try:
            with self._open(f"http://127.0.0.1:{self.port}{path}", sent, timeout=self.patience) as response:
                return Answer(response.status, response.read().decode())
        except urllib.error.HTTPError as error:
            return Answer(error.code, error.read().decode(), error.headers.get("Location", ""))

    def sign_in(self, name: str, password: str = PASSWORD) -> "Visitor":
        self._read_token(self.ask("/sign-in"))
        assert self.ask("/sign-in", {"username": name, "password": password}).status == 303
        self._read_token(self.ask("/tasks"))
        return self

    def _read_token(self, page: Answer) -> None:
        found = re.search(r'"X-CSRFToken": "([^"]+)"', page.text)
        assert found, page.text[:500]
        self.token = found.group(1)

    def until_answered(self, path: str, form: Mapping[str, str] | None = None, *, within: float = 60) -> Answer:
        """The same request again and again, as long as there is no answer or only an error of the server."""
        end = time.monotonic() + within
        while True:
            try:
                answer = self.ask(path, form)
            except NoAnswer:
                if time.monotonic() > end:
                    raise
                if self.others:
                    self.port, self.others = self.others[0], (*self.others[1:], self.port)
            else:
                if answer.status < 500 or time.monotonic() > end:
                    return answer
            time.sleep(0.05)


class Clicking:
    """People who complete work items in their browsers, and send a form again when there was no answer."""

    def __init__(self, visitors: list[Visitor], items: list[int]) -> None:
        self.answers: dict[int, list[Answer]] = {item: [] for item in items}
        share = len(visitors)
        self._threads = [
            threading.Thread(target=self._click, args=(visitor, items[place::share]))
            for place, visitor in enumerate(visitors)
        ]
        for thread in self._threads:
            thread.start()

    def _click(self, visitor: Visitor, items: list[int]) -> None:
        for item in items:
            self.answers[item].append(visitor.until_answered(f"/tasks/{item}/completion", {"free values": ""}))
            time.sleep(0.03)

    def wait(self) -> None:
        for thread in self._threads:
            thread.join(60)
            assert not thread.is_alive()

    def unclear(self) -> list[Answer]:
        """Answers that are neither "done" nor "you did it, then"."""
        every = [answer for answers in self.answers.values() for answer in answers]
        return [a for a in every if a.status != 303 and not (a.status == 409 and "You completed" in a.text)]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def opened(staff: Crew, port: int, **options: object) -> Visitor:
    """A web process on `port`, answering."""
    staff.start(f"serve {port}", **options)  # type: ignore[arg-type]  # options are texts
    visitor = Visitor(port)
    visitor.until_answered("/sign-in")
    return visitor

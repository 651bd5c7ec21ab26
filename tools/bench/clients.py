"""The clients of a load, in one process of their own: the standard library only, to leave the cores to the server.

Run as a script: a plan as JSON on standard input, what was measured as JSON on standard output (see `main`).
"""

import asyncio
import json
import re
import sys
from collections.abc import Mapping
from time import perf_counter
from typing import Any
from urllib.parse import urlencode


class Person:
    """One browser: one connection that is kept open, one session."""

    def __init__(self, host: str, port: int, name: str) -> None:
        self.host, self.port, self.name = host, port, name
        self.cookie = self.token = ""

    async def sign_in(self, password: str) -> None:
        self.reader, self.writer = await asyncio.open_connection(self.host, self.port, limit=1 << 22)
        await self._read_token("/sign-in")
        await self._expect(303, "POST", "/sign-in", {"username": self.name, "password": password})
        await self._read_token("/tasks")

    async def _read_token(self, path: str) -> None:
        page = await self._expect(200, "GET", path)
        found = re.search(rb'"X-CSRFToken": "([^"]+)"', page)
        if found is None:
            raise ConnectionError(f"{path} carries no CSRF token.")
        self.token = found.group(1).decode()

    async def _expect(self, status: int, method: str, path: str, form: Mapping[str, str] | None = None) -> bytes:
        got, cookie, body = await self.ask(method, path, form)
        if got != status:
            raise ConnectionError(f"{method} {path} was answered by {got}: {_told(body)}")
        self.cookie = cookie or self.cookie
        return body

    async def ask(
        self, method: str, path: str, form: Mapping[str, str] | None = None
    ) -> tuple[int, str, bytes]:  # fmt: skip
        """(status, session cookie if a new one came, body). The session of the sign-in is sent each time."""
        body = b"" if form is None else urlencode({"csrf_token": self.token, **form}).encode()
        head = [f"{method} {path} HTTP/1.1", f"Host: {self.host}:{self.port}", "User-Agent: load"]
        if self.cookie:
            head.append(f"Cookie: {self.cookie}")
        if form is not None:
            head += ["Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(body)}"]
        self.writer.write("\r\n".join([*head, "", ""]).encode() + body)
        lines = (await self.reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        length, cookie = 0, ""
        for line in lines[1:]:
            name, _, value = line.partition(": ")
            if name.lower() == "content-length":
                length = int(value)
            elif name.lower() == "set-cookie":
                cookie = value.partition(";")[0]
        return int(lines[0].split()[1]), cookie, await self.reader.readexactly(length)


def _told(page: bytes) -> str:
    """What a page says between its tags, without its head; the first of it."""
    _head, _tag, body = page.partition(b"<body")
    return " ".join(re.sub(r"<[^>]*>", " ", (body or page).decode(errors="replace")).split())[:500]


async def run(plan: Mapping[str, Any]) -> dict[str, Any]:
    """Do the plan's turns, each a list of [method, path, form or null, status expected]; see `main`."""
    people = [Person(plan["host"], plan["port"], name) for name in plan["people"]]
    await asyncio.gather(*(person.sign_in(plan["password"]) for person in people))
    turns, times, errors = iter(plan["turns"]), [], []
    began, ends = perf_counter(), perf_counter() + plan["seconds"]
    every = 1 / plan["rate"] if plan["rate"] else 0.0
    number = iter(range(sys.maxsize))

    async def work(person: Person) -> None:
        for turn in turns:
            # With a rate, a turn counts from when it should have begun: who waits for a slow server is not forgotten.
            due = began + next(number) * every if every else perf_counter()
            if max(due, perf_counter()) > ends:
                return
            await asyncio.sleep(max(0.0, due - perf_counter()))
            for method, path, form, expected in turn:
                status, _cookie, body = await person.ask(method, path, form)
                if status != expected:
                    errors.append(f"{method} {path}: {status} {body[:80]!r}")
            times.append((perf_counter() - due) * 1000)

    await asyncio.gather(*(work(person) for person in people))
    return {"times": times, "seconds": perf_counter() - began, "errors": errors[:5], "failed": len(errors)}


def main() -> None:
    """In: {host, port, people, password, seconds, rate (null: as fast as it goes), turns}.

    Out: {times: milliseconds of each turn, seconds, failed, errors: the first few}.
    """
    json.dump(asyncio.run(run(json.load(sys.stdin))), sys.stdout)


if __name__ == "__main__":
    main()

"""A small mail server on a port of its own: keeps what it took, and refuses, or breaks off, as it is told."""

import socketserver
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

BREAK_IN_DATA, BREAK_AFTER_DATA, TAKE_AND_BREAK = "break in data", "break after data", "take and break"


@dataclass
class Mailbox:
    """What the server was told; `moods`: what it does with the next mails, one each, then it takes them."""

    port: int = 0
    moods: list[str] = field(default_factory=list)
    """An answer to RCPT such as "451 later", or one of the breaks above."""
    taken: list[bytes] = field(default_factory=list)
    connections: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def mails(self) -> list[EmailMessage]:
        return [message_from_bytes(each, policy=policy.default) for each in self.taken]  # type: ignore[misc]  # of that policy

    def next_mood(self) -> str:
        with self.lock:
            return self.moods.pop(0) if self.moods else ""


class _Talk(socketserver.StreamRequestHandler):
    server: Any

    def handle(self) -> None:
        box: Mailbox = self.server.box
        with box.lock:
            box.connections += 1
        self._say("220 here")
        mood = ""
        while line := self.rfile.readline():
            verb = line[:4].upper().strip().decode()
            if verb == "QUIT":
                return self._say("221 bye")
            if verb == "STAR":
                self._say("220 go on")
                self.request = self.server.context.wrap_socket(self.request, server_side=True)
                self.rfile, self.wfile = self.request.makefile("rb"), self.request.makefile("wb", buffering=0)
            elif verb == "EHLO":
                self._say("250-here\r\n250 STARTTLS" if self.server.context else "250 here")
            elif verb == "RCPT":
                mood = box.next_mood()
                self._say(mood if mood[:1] in {"4", "5"} else "250 ok")
            elif verb == "DATA":
                self._say("354 go on")
                if not self._take(box, mood):
                    return None
            else:
                self._say("250 ok")
        return None

    def _take(self, box: Mailbox, mood: str) -> bool:
        """Read a mail; whether the talk goes on."""
        if mood == BREAK_IN_DATA:
            self.rfile.readline()
            return False
        lines = list(iter(self.rfile.readline, b".\r\n"))
        if mood == BREAK_AFTER_DATA:
            return False
        with box.lock:
            box.taken.append(b"".join(line[1:] if line.startswith(b"..") else line for line in lines))
        if mood == TAKE_AND_BREAK:
            return False
        self._say("250 taken")
        return True

    def finish(self) -> None:
        super().finish()
        self.request.close()

    def _say(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = daemon_threads = True
    box: Mailbox
    context: ssl.SSLContext | None = None

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that goes away in the middle is what some tests do."""


@contextmanager
def running(*moods: str, context: ssl.SSLContext | None = None) -> Iterator[Mailbox]:
    """The server, until the block is left."""
    with _Server(("127.0.0.1", 0), _Talk) as server:
        server.box, server.context = Mailbox(server.server_address[1], list(moods)), context
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        yield server.box
        server.shutdown()
        thread.join()

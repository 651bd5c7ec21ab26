"""A small mail server of our own on the loopback interface: one person, some folders, enough of RFC 9051 for a poll."""

import re
import socketserver
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

ARRIVED = '"02-Mar-2026 08:00:00 +0000"'

STRUCTURE = (
    '(("TEXT" "PLAIN" ("CHARSET" "utf-8") NIL NIL "7BIT" 20 1 NIL NIL NIL NIL)'
    '("IMAGE" "PNG" ("NAME" "broken.png") NIL NIL "BASE64" 60000 NIL ("ATTACHMENT" ("FILENAME" "broken.png")) NIL NIL)'
    ' "MIXED" ("BOUNDARY" "b1") NIL NIL NIL)'
)
"""Of every mail, as a server tells it."""


@dataclass
class FakeMailbox:
    """What the server holds; `commands` is what it was asked, without passwords."""

    port: int = 0
    validity: int = 7
    mails: dict[int, bytes] = field(default_factory=dict)
    seen: set[int] = field(default_factory=set)
    commands: list[str] = field(default_factory=list)
    flood: bool = False

    def put(self, uid: int, text: str, *, sender: str = "Ann <ann@example.org>", more: bytes = b"") -> None:
        head = (
            f"From: {sender}\r\nTo: help@shop.example\r\nSubject: Order {uid}\r\nMessage-ID: <m{uid}@example.org>\r\n"
        )
        dated = f"Date: Mon, 02 Mar 2026 0{uid % 8}:00:00 +0000\r\n\r\n{text}\r\n"
        self.mails[uid] = (head + dated).encode() + more


class _Handler(socketserver.StreamRequestHandler):
    box: FakeMailbox
    context: ssl.SSLContext | None
    read_only = True

    def say(self, line: str) -> None:
        self.wfile.write(line.encode() + b"\r\n")

    def finish(self) -> None:
        super().finish()
        self.connection.close()

    def handle(self) -> None:
        self.say("* OK ready")
        while line := self.rfile.readline():
            tag, _, rest = line.decode().strip().partition(" ")
            self.box.commands.append(re.sub(r"(LOGIN \S+) .*", r"\1", rest))
            if rest.upper() == "LOGOUT":
                self.say("* BYE")
                self.say(f"{tag} OK")
                return
            self.answer(tag, rest)

    def answer(self, tag: str, rest: str) -> None:
        name = rest.upper()
        if name == "STARTTLS":
            self.say(f"{tag} OK go on")
            assert self.context
            self.connection = self.context.wrap_socket(self.connection, server_side=True)
            self.setup()
            return
        if name == "CAPABILITY":
            self.say("* CAPABILITY IMAP4rev1 STARTTLS")
        elif name.startswith("LOGIN") and "secret-1" not in rest:
            self.say(f"{tag} NO [AUTHENTICATIONFAILED] wrong password")
            return
        elif name.startswith(("EXAMINE", "SELECT")):
            if "INBOX" not in name:
                self.say(f"{tag} NO no such mailbox")
                return
            self.read_only = name.startswith("EXAMINE")
            self.say(f"* {len(self.box.mails)} EXISTS")
            self.say(f"* OK [UIDVALIDITY {self.box.validity}] ok")
        elif name.startswith("LIST"):
            self.say('* LIST () "/" "INBOX"')
            self.say('* LIST () "/" "Archive"')
        elif name.startswith("UID"):
            self.uid(rest)
        self.say(f"{tag} OK done")

    def uid(self, rest: str) -> None:
        what, mails = rest.split()[1].upper(), self.box.mails
        if what == "SEARCH":
            [first] = re.findall(r"UID (\d+):\*", rest)
            found = [uid for uid in mails if uid >= int(first)] or ([max(mails)] if mails else [])
            self.say("* SEARCH " + " ".join(map(str, found)))
            return
        uids = [int(each) for each in rest.split()[2].split(",")]
        if what == "STORE":
            assert not self.read_only
            self.box.seen |= set(uids)
            return
        for number, uid in enumerate(uids, 1):
            if "SIZE" in rest:
                about = f"UID {uid} RFC822.SIZE {len(mails[uid])} INTERNALDATE {ARRIVED}"
                self.say(f"* {number} FETCH ({about})")
                continue
            if "BODYSTRUCTURE" in rest:
                self.say(f"* {number} FETCH (UID {uid} BODYSTRUCTURE {STRUCTURE})")
                continue
            assert "PEEK" in rest
            [most] = re.findall(r"<0\.(\d+)>", rest)
            body = mails[uid][: int(most)]
            length = 10**12 if self.box.flood else len(body)
            self.wfile.write(f"* {number} FETCH (UID {uid} BODY[]<0> {{{length}}}\r\n".encode() + body + b")\r\n")


@contextmanager
def serving(*, context: ssl.SSLContext | None = None, at_once: bool = False) -> Iterator[FakeMailbox]:
    """A running server; `at_once`: encrypted from the first byte on, else by STARTTLS."""
    box = FakeMailbox()

    class Handler(_Handler):
        def setup(self) -> None:
            if at_once and context and not isinstance(self.request, ssl.SSLSocket):
                self.request = context.wrap_socket(self.request, server_side=True)
            elif isinstance(getattr(self, "connection", None), ssl.SSLSocket):
                self.request = self.connection
            super().setup()

    Handler.box, Handler.context = box, context

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True
        allow_reuse_address = True

        def handle_error(self, *_: object) -> None:
            pass

    server = Server(("127.0.0.1", 0), Handler)
    box.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield box
    server.shutdown()
    server.server_close()
    thread.join(timeout=10)

"""A signed-in talk with the account's own server (PDS), by an app password.

The session is kept and renewed: signing in is bounded to a few hundred times a day. An access token lives for minutes
to hours; when the server says that it is over, the refresh token gives new ones, and the app password where that is
over, too. Source: atproto.com, specs/xrpc; lexicons com.atproto.server.createSession and refreshSession.
"""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

import orjson

from bpm.feedback.connectors.answers import field_of, small_json
from bpm.feedback.connectors.connection import Connection
from bpm.foundation.errors import EarshotError
from bpm.foundation.http.client import Answer

KEPT = "session"
"""Name of the secret that holds the session."""
_FIELDS = ("did", "handle", "accessJwt", "refreshJwt")


class Session:
    """One talk; `kept` holds the session where it is another than the one that was kept before."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._server = connection.settings["server"].rstrip("/")
        self._now = _read(connection.secrets.get(KEPT, ""), connection.settings["handle"])
        self.kept: Mapping[str, str] = {}

    @property
    def did(self) -> str:
        """The account's own id; empty before it is signed in."""
        return self._now.get("did", "")

    @property
    def names(self) -> tuple[str, ...]:
        """The account's own names, by which its own posts are known."""
        return tuple(filter(None, (self.did, self._now.get("handle", ""))))

    def sign_in(self) -> Answer | None:
        """Sign in, if need be; the answer, if that was refused."""
        return None if self._now else self._renew()

    def get(self, name: str, query: Sequence[tuple[str, str]]) -> Answer:
        """Ask for something; where the server lets nobody in, that is the answer."""
        return self._ask("GET", f"{name}?{urlencode(query)}", None)

    def post(self, name: str, body: Mapping[str, Any]) -> Answer:
        """Have something done; where the server lets nobody in, that is the answer."""
        return self._ask("POST", name, orjson.dumps(body))

    def _ask(self, method: str, path: str, body: bytes | None) -> Answer:
        refused = self.sign_in()
        if refused is not None:
            return refused
        answer = self._request(method, path, body, self._now["accessJwt"])
        if not _is_over(answer):
            return answer
        refused = self._renew()
        return refused or self._request(method, path, body, self._now["accessJwt"])

    def _renew(self) -> Answer | None:
        """A new session by the refresh token, else by the password; the answer, if both were refused."""
        if refresh := self._now.get("refreshJwt"):
            answer = self._request("POST", "com.atproto.server.refreshSession", None, refresh)
            if self._take(answer):
                return None
        given = {"identifier": self._connection.settings["handle"], "password": self._connection.secrets["password"]}
        answer = self._request("POST", "com.atproto.server.createSession", orjson.dumps(given), "")
        return None if self._take(answer) else answer

    def _take(self, answer: Answer) -> bool:
        told = small_json(answer) if answer.status == 200 else {}
        session = {name: field_of(told, name) for name in _FIELDS}
        if not session["did"] or not session["accessJwt"]:
            return False
        self._now = session
        self.kept = {KEPT: orjson.dumps({**session, "identifier": self._connection.settings["handle"]}).decode()}
        return True

    def _request(self, method: str, path: str, body: bytes | None, token: str) -> Answer:
        headers = {"accept": "application/json"}
        if token:
            headers["authorization"] = f"Bearer {token}"
        if body is not None:
            headers["content-type"] = "application/json"
        return self._connection.door.request(method, f"{self._server}/xrpc/{path}", headers=headers, body=body)


def _read(kept: str, identifier: str) -> dict[str, str]:
    """The session that was kept, if it is this account's."""
    told = orjson.loads(kept) if kept else {}
    return {name: told[name] for name in _FIELDS} if told.get("identifier") == identifier else {}


def _is_over(answer: Answer) -> bool:
    """Whether the access token is; 400 ExpiredToken is what the reference server answers."""
    if answer.status == 401:
        return True
    if answer.status != 400:
        return False
    try:
        return field_of(small_json(answer), "error") in {"ExpiredToken", "InvalidToken"}
    except EarshotError:
        return False

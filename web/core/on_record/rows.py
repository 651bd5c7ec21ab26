"""What a request leaves on the audit trail beside what its commands say: where it came from, and never nothing."""

import secrets
from collections.abc import Mapping
from typing import Any

from flask import Flask, Response, g, request

from bpm import audit
from bpm.audit import Noted, Thing
from bpm.foundation.work import Origin, Work

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
SILENT = frozenset({"tasks.save_draft", "promises.propose", "outbox.write", "outbox.look_at_letters", "live.others",
                    "live.others_at_task"})  # fmt: skip
"""Endpoints that leave no row: what was typed so far is not said yet, and is kept or looked at every second; that a
page is open is no act."""
_HIDDEN = ("password", "secret", "token", "code", "key")
"""Parts of names of fields that are not put on record."""


def set_up(app: Flask) -> None:
    """Tell each answer's request id, by which its rows and log lines are found."""
    app.after_request(_name_request)


def origin() -> Origin:
    """The id of this request, made here, and the address that it came from."""
    if "request_id" not in g:
        g.request_id = secrets.token_hex(8)
    return Origin(g.request_id, request.remote_addr or "")


def complete(work: Work) -> None:
    """A command that said nothing leaves a row of its route all the same: what was asked of which object."""
    if request.method in SAFE or request.endpoint in SILENT or any(type(event) is Noted for event in work.events):
        return
    noun, _dot, verb = (request.endpoint or "").partition(".")
    number = next(iter((request.view_args or {}).values()), "")
    audit.record(work, f"{noun}.{verb}", Thing(noun, number, request.path), after=_asked(request.form))


def _asked(form: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in form.items() if not any(part in name.lower() for part in _HIDDEN)}


def _name_request(response: Response) -> Response:
    response.headers["X-Request-Id"] = origin().request_id
    return response

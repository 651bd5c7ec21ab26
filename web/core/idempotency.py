"""Forms that take effect once: sent again after a second click or a lost answer, they lead to what the first made."""

import hashlib
import secrets

from flask import Flask, flash, redirect, request
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response

from bpm import identity
from bpm.foundation.work import Actor, Transactions, Work

FIELD = "command_key"
"""Hidden field with a random word; `ui.once()` writes it into a form."""


def set_up(app: Flask) -> None:
    """Let templates write a word of their own into each form."""
    app.jinja_env.globals["command_key"] = lambda: secrets.token_urlsafe(16)


def remember(work: Work, response: Response) -> None:
    """Keep where a form of ours led to, in its own transaction; the same form again leaves that as ConflictError."""
    if FIELD in request.form and work.actor.is_person and response.status_code == 303:
        identity.remember_command(work, _digest(), led_to=response.location or "/")


def answer_of_first(unit_of_work: Transactions, person: Actor) -> Response | None:
    """Where the very same form led to when it was taken; None when it never was."""
    if FIELD not in request.form or not person.is_person:
        return None
    with unit_of_work.reading(person) as work:
        taken = identity.find_command(work, _digest())
    if taken is None:
        return None
    flash({"text": f"This form was taken at {taken.received_at:%H:%M:%S} UTC, once. Here is what it made.", "undo": ""})  # type: ignore[arg-type]  # the stubs want a text, any value that is JSON is kept
    return redirect(taken.led_to, 303)


def _digest() -> str:
    """Of the word, the address, the values and the files: others are another command."""
    sent = (pair for pair in request.form.items(multi=True) if pair[0] != "csrf_token")
    parts = [request.path, *(f"{name}={value}" for name, value in sent)]
    parts += [f"{name}={_fingerprint(file)}" for name, file in request.files.items(multi=True)]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def _fingerprint(file: FileStorage) -> str:
    """Of a file's name and content, which is left to be read again."""
    file.stream.seek(0)
    content = hashlib.file_digest(file.stream, "sha256").hexdigest()  # type: ignore[arg-type]  # a stream of bytes
    file.stream.seek(0)
    return f"{file.filename} {content}"

"""Pages follow the world: a stream of marks per topic, and the same as a question for browsers without a stream.

A topic is a fingerprint: a cheap query whose answer changes when a page about the topic should look again; its mark
is a digest of that. A page carries the marks it was drawn with, so that nothing is lost between drawing and streaming
or between two streams. Nudges of the queue wake the streams at once; a look is also taken every few seconds, because
another process may have written. A stream takes a server thread, so their number is bounded and each ends after a
minute; the browser comes back by itself, or asks every five seconds when there is no room.
"""

import hashlib
import json
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from importlib import import_module
from typing import cast

from flask import Blueprint, Response, current_app, jsonify, request

from bpm.app import App
from bpm.errors import InvalidInputError
from bpm.identity import Permission
from bpm.work import Actor, Work
from web.security import needs
from web.visit import actor, product
from web.visit import work as current_work

blueprint = Blueprint("live", __name__)

Fingerprint = Callable[[Work], str]
LASTS, BEAT, BREATH = 60.0, 4.0, 0.3
"""Seconds that a stream lives, between two looks when nothing was nudged, and at least between any two."""

MOST_TOPICS = 20

TOPICS: Mapping[str, str] = {
    "tasks": "web.tasklist.tasks:fingerprint",
    "instances": "web.instances:fingerprint",
    "operations": "web.operations.overview:fingerprint",
    "batches": "web.operations.batches:fingerprint",
    "processes": "web.designer.processes:fingerprint",
    "inbox": "web.inbox.live:fingerprint",
    "imports": "web.inbox.live:imports_fingerprint",
}
"""Topic -> "module:function" of its fingerprint."""

NEWS: Mapping[str, frozenset[str]] = {
    "tasks": frozenset({"work_items"}),
    "instances": frozenset({"instances"}),
    "processes": frozenset({"definitions"}),
    "inbox": frozenset({"feedback"}),
    "imports": frozenset({"imports"}),
}
"""Topic -> nudges that may change its fingerprint; a topic that is not here looks again at every nudge."""


@blueprint.get("/live")
@needs(Permission.SIGNED_IN, unit="own")
def stream() -> Response:
    """Server-sent events named `marks`: {topic: mark}, at the beginning and whenever one changed."""
    room = _room()
    if not room.acquire(blocking=False):
        return Response("No stream is free; ask /live/marks instead.", 503, mimetype="text/plain")
    events = _events(product(), actor(), _asked(), room)
    return Response(events, mimetype="text/event-stream", headers={"Cache-Control": "no-store"})


@blueprint.get("/live/marks")
@needs(Permission.SIGNED_IN, unit="own")
def marks() -> Response:
    """The marks as they are now."""
    return jsonify(_look(product(), actor(), _asked()))


def _asked() -> list[str]:
    """The topics of ?topics=, each once; what is no topic here is left out. InvalidInputError for too many."""
    written = request.args.get("topics", "").split(",", MOST_TOPICS)
    if len(written) > MOST_TOPICS:
        raise InvalidInputError(
            f"At most {MOST_TOPICS} topics can be asked at once.", remedy="Ask for those that the page shows."
        )
    return [topic for topic in dict.fromkeys(written) if topic in TOPICS]


def _room() -> threading.BoundedSemaphore:
    streams = max(2, product().settings.threads // 3)
    room = current_app.extensions.setdefault("live room", threading.BoundedSemaphore(streams))
    return cast("threading.BoundedSemaphore", room)


def _events(app: App, person: Actor, topics: list[str], room: threading.BoundedSemaphore) -> Iterator[str]:
    try:
        news = frozenset[str]().union(*(NEWS[topic] for topic in topics)) if NEWS.keys() >= set(topics) else None
        ends, mark = time.monotonic() + LASTS, app.queue.wait(-1, timeout=0)
        seen: dict[str, str] = {}
        yield "retry: 1000\n\n"
        while time.monotonic() < ends and not app.stopping.is_set():
            now = _look(app, person, topics)
            yield f"event: marks\ndata: {json.dumps(now)}\n\n" if now != seen else ": \n\n"
            seen = now
            time.sleep(BREATH)
            mark = app.queue.wait(mark, timeout=BEAT, topics=news)
    finally:
        room.release()


def _look(app: App, person: Actor, topics: list[str]) -> dict[str, str]:
    with app.unit_of_work.reading(person) as work:
        return {topic: _mark(work, topic) for topic in topics}


@blueprint.app_template_global("mark")
def mark_here(topic: str) -> str:
    """The mark that goes with what this request draws: for templates, as `mark('tasks')`."""
    return _mark(current_work(), topic)


def _mark(work: Work, topic: str) -> str:
    return hashlib.sha256(_fingerprint(topic)(work).encode()).hexdigest()[:16]


def _fingerprint(topic: str) -> Fingerprint:
    module, _, name = TOPICS[topic].partition(":")
    return cast("Fingerprint", getattr(import_module(module), name))

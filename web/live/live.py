"""Pages follow the world: a stream of marks per topic, and the same as a question for browsers without a stream.

A topic is a fingerprint: a cheap query whose answer changes when a page about the topic should look again; its mark
is a digest of that. A page carries the marks it was drawn with, so that nothing is lost between drawing and streaming
or between two streams. A stream takes no thread (see `web.live.streams`); where the server cannot keep an answer
open, or enough are open, the answer is 204 and the page asks for the marks every few seconds instead.
"""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from importlib import import_module
from typing import cast

from flask import Blueprint, Response, current_app, jsonify, request

from bpm.app import App
from bpm.foundation.errors import InvalidInputError
from bpm.foundation.work import Actor, Work
from bpm.identity import Permission
from web.core.request_context import actor, product
from web.core.request_context import work as current_work
from web.core.security import needs
from web.live.streams import LiveStreams, Stream, event

blueprint = Blueprint("live", __name__)

Fingerprint = Callable[[Work], str]
MOST_TOPICS = 20

TOPICS: Mapping[str, str] = {
    "tasks": "web.tasks.task_list:fingerprint",
    "standing_in": "web.tasks.task_list:deputy_fingerprint",
    "talk": "web.tasks.talk:fingerprint",
    "instances": "web.instances.instance:fingerprint",
    "operations": "web.operations.overview:fingerprint",
    "batches": "web.operations.batches:fingerprint",
    "processes": "web.designer.processes:fingerprint",
    "inbox": "web.inbox.live:fingerprint",
    "outbox": "web.outbox.outbox:fingerprint",
    "imports": "web.inbox.live:imports_fingerprint",
    "sources": "web.sources.pages:fingerprint",
    "elsewhere": "web.elsewhere.pages:fingerprint",
    "notices": "web.notices.bell:fingerprint",
    "mail": "web.operations.mail:fingerprint",
    "incidents": "web.incidents.bar:fingerprint",
    "banners": "web.core.banners:fingerprint",
}
"""Topic -> "module:function" of its fingerprint."""

NEWS: Mapping[str, frozenset[str]] = {
    "tasks": frozenset({"work_items"}),
    "standing_in": frozenset({"work_items"}),
    "talk": frozenset({"talk"}),
    "instances": frozenset({"instances"}),
    "processes": frozenset({"definitions"}),
    "inbox": frozenset({"feedback"}),
    "outbox": frozenset({"feedback"}),
    "imports": frozenset({"imports"}),
    "sources": frozenset({"connectors"}),
    "elsewhere": frozenset({"logs"}),
    "notices": frozenset({"notices"}),
    "mail": frozenset({"mail"}),
    "incidents": frozenset({"incidents"}),
    "banners": frozenset({"banners"}),
}
"""Topic -> nudges that may change its fingerprint; a topic that is not here looks again at every nudge."""


@blueprint.get("/live")
@needs(Permission.SIGNED_IN, unit="own")
def stream() -> Response:
    """Server-sent events named `marks`: {topic: mark}, at the beginning and whenever one changed; 204: ask instead."""
    app, person, topics = product(), actor(), tuple(sorted(_asked()))
    hold, streams = request.environ.get("earshot.hold"), _streams()
    if hold is None or not streams.has_room_for(person):
        return Response(status=204)
    mark = app.queue.wait(-1, timeout=0, topics=_news_of(topics))
    seen = _look(app, person, topics)
    hold(lambda connection: streams.add(Stream(connection, person, topics, seen, mark)))
    beginning = iter((f"retry: 1000\n\n{event(seen)}",))  # no list: its length would be announced as all that comes
    return Response(beginning, mimetype="text/event-stream", headers={"Cache-Control": "no-store"})


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


def _streams() -> LiveStreams:
    app = product()
    return cast(
        "LiveStreams",
        current_app.extensions.setdefault(
            "live streams",
            LiveStreams(app.queue, app.stopping, look=partial(_look, app), news_of=_news_of),
        ),
    )


def _news_of(topics: Iterable[str]) -> frozenset[str] | None:
    """The nudges that may change the topics; None for any."""
    asked = set(topics)
    return frozenset[str]().union(*(NEWS[topic] for topic in asked)) if NEWS.keys() >= asked else None


def _look(app: App, person: Actor, topics: Iterable[str]) -> dict[str, str]:
    with app.unit_of_work.reading(person) as work:
        return {topic: _mark(work, topic) for topic in topics}


@blueprint.app_template_global("mark")
def mark_here(topic: str) -> str:
    """The mark that goes with what this request draws: for templates, as `mark('tasks')`."""
    return _mark(current_work(), topic)


def _mark(work: Work, topic: str) -> str:
    return mark_of(_fingerprint(topic)(work))


@blueprint.app_template_global("mark_of")
def mark_of(fingerprint: str) -> str:
    """The mark of a fingerprint that a page has at hand already."""
    return hashlib.sha256(fingerprint.encode()).hexdigest()[:16]


def _fingerprint(topic: str) -> Fingerprint:
    module, _, name = TOPICS[topic].partition(":")
    return cast("Fingerprint", getattr(import_module(module), name))

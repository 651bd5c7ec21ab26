"""Topics: what is spoken about, and how complex each is to settle, by the shipped table or a person's decision."""

from dataclasses import dataclass

from flask import request
from werkzeug.wrappers import Response

from bpm import feedback
from bpm.feedback import queries
from bpm.feedback.care import Complexity
from bpm.feedback.queries import TopicRow
from bpm.foundation.errors import InvalidInputError
from bpm.foundation.texts import _
from bpm.identity import Permission, may
from web.core.rendering import go, render, say
from web.core.request_context import actor, work
from web.core.security import needs
from web.inbox.blueprint import blueprint


@dataclass(frozen=True)
class TopicsPage:
    """What inbox/topics.html shows; `problem` at the topic that was being changed."""

    rows: tuple[TopicRow, ...]
    levels: tuple[str, ...]
    may_decide: bool
    problem: str = ""
    topic: str = ""


def _page(problem: str = "") -> TopicsPage:
    rows = tuple(queries.list_topics(work()))
    levels = tuple(each.value for each in Complexity)
    topic = request.form.get("topic", "") if problem else ""
    return TopicsPage(rows, levels, may(actor(), Permission.ANSWER), problem, topic)


@blueprint.get("/topics")
@needs(Permission.SEE_FEEDBACK)
def topics() -> str:
    return render("inbox/topics.html", _page())


@blueprint.post("/topics")
@needs(Permission.ANSWER)
def decide_topic() -> Response | tuple[str, int]:
    sent = {name: request.form.get(name, "") for name in ("topic", "complexity", "reason")}
    try:
        feedback.decide_complexity(work(), sent["topic"], complexity=sent["complexity"], reason=sent["reason"])
    except InvalidInputError as error:
        return render("inbox/topics.html", _page(f"{error.message} {error.remedy}")), 400
    say(_("Kept. Items that are read from now on go by it."))
    return go("inbox.topics")

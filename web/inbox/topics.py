"""Topics: what is spoken about, and how complex each is to settle, by the shipped table or a person's decision."""

from dataclasses import dataclass

from flask import request
from werkzeug.wrappers import Response

from bpm import feedback
from bpm.feedback import classification, queries
from bpm.feedback.care import Complexity
from bpm.feedback.classification import TrainingRow, Trust
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
    trust: dict[str, tuple[str, str]]
    """Topic -> what it may do by itself, and why."""
    trainings: tuple[TrainingRow, ...]
    problem: str = ""
    topic: str = ""
    file_problem: str = ""


TRUST = {
    Trust.HINT: _("hint"),
    Trust.PRESELECTED: _("preselected"),
    Trust.AUTOMATIC: _("automatic"),
}


def _page(problem: str = "", *, file_problem: str = "") -> TopicsPage:
    rows = tuple(queries.list_topics(work()))
    levels = tuple(each.value for each in Complexity)
    topic = request.form.get("topic", "") if problem else ""
    return TopicsPage(
        rows,
        levels,
        may(actor(), Permission.ANSWER),
        {row.topic: _trust(row) for row in rows},
        tuple(classification.list_topic_trainings(work())),
        problem,
        topic,
        file_problem,
    )


def _trust(row: TopicRow) -> tuple[str, str]:
    counted = _("%(stood)s of %(shown)s let stand") % {"stood": row.stood, "shown": row.shown} if row.shown else ""
    return TRUST[classification.trust_of(row.stood, row.shown)], counted


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


@blueprint.post("/topics/examples")
@needs(Permission.IMPORT)
def learn_topics() -> Response | tuple[str, int]:
    sent = request.files.get("file")
    try:
        classification.start_topic_training(
            work(), sent.read() if sent else b"", file_name=(sent.filename if sent else "") or ""
        )
    except InvalidInputError as error:
        return render("inbox/topics.html", _page(file_problem=error.fields.get("file", str(error.message)))), 400
    say(_("Taken. The topics are learned in a minute or so, and put in service when they are not worse."))
    return go("inbox.topics")


@blueprint.post("/topics/trainings/<int:training_id>/reading")
@needs(Permission.IMPORT)
def pause_rereading(training_id: int) -> Response:
    paused = request.form.get("paused") == "on"
    classification.pause_rereading(work(), training_id, paused=paused)
    say(_("Paused.") if paused else _("Older items are read again."))
    return go("inbox.topics")

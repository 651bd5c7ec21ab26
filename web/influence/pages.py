"""Topics on which customers help each other; a topic with who helped; the evidence of one of them."""

from dataclasses import dataclass

from flask import Blueprint, request

from bpm.feedback import influence
from bpm.feedback.influence import FEWEST, Evidence, Standing, TopicRow
from bpm.foundation.errors import NotFoundError
from bpm.foundation.texts import _
from bpm.identity import Permission
from web.core.rendering import render
from web.core.request_context import work
from web.core.security import needs

blueprint = Blueprint("influence", __name__, url_prefix="/insights/influence")

KINDS = {
    "adopted": _("an answer that staff adopted"),
    "workaround": _("a way round a disturbance that was tried and works"),
    "thanked": _("another customer said thanks"),
}


@dataclass(frozen=True)
class TopicsPage:
    """What influence/topics.html shows."""

    rows: tuple[TopicRow, ...]
    fewest: int = FEWEST


@dataclass(frozen=True)
class TopicPage:
    """What influence/topic.html shows; `chosen` is the customer whose evidence stands open."""

    topic: str
    rows: tuple[Standing, ...]
    chosen: Standing | None
    evidence: tuple[Evidence, ...]
    kinds: dict[str, str]
    fewest: int = FEWEST


@blueprint.get("")
@needs(Permission.INSIGHTS)
def topics() -> str:
    return render("influence/topics.html", TopicsPage(tuple(influence.list_topics(work()))))


@blueprint.get("/<topic>")
@needs(Permission.INSIGHTS)
def topic(topic: str) -> str:
    rows = tuple(influence.helpful_on(work(), topic))
    if not rows:
        raise NotFoundError(_("Nobody is known to have helped on this topic."), remedy=_("Choose one of the list."))
    asked = request.args.get("customer", type=int)
    chosen = next((each for each in rows if each.customer_id == asked), None)
    evidence = tuple(influence.evidence_on(work(), topic, chosen.customer_id)) if chosen else ()
    return render("influence/topic.html", TopicPage(topic, rows, chosen, evidence, KINDS))

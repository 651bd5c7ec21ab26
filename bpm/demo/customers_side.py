"""The end of the demo story as customers see it: a private letter, the public board, an article; each by a person."""

from datetime import timedelta

from sqlalchemy import select

from bpm.app import App
from bpm.demo import improving
from bpm.demo.months.stories import REAL
from bpm.feedback import knowledge, portal
from bpm.feedback.knowledge import ArticleDraft
from bpm.feedback.models import Classification, FeedbackItem
from bpm.foundation.work import Actor, Work
from bpm.processes import improvements
from bpm.processes.improvements import EntryDraft, ImprovementDraft, ImprovementFilter, OpenedFrom, Origin
from bpm.processes.status import ImprovementStatus

PROPOSAL = "Say that the money leaves before anybody has to ask"
VOICES = 12


def show(app: App, actors: dict[str, Actor]) -> None:
    """Add it to what the story left; nothing where the story is too short for it."""
    with app.unit_of_work(actors["mia"]) as work:
        voices = _complaints(work)
        if not voices:
            return
        number = improvements.propose(
            work,
            ImprovementDraft(
                "returns",
                PROPOSAL,
                "Who sent something back writes and calls to learn when the money comes.",
            ),
            opened_from=OpenedFrom(Origin.BAR, "/insights/processes/returns", "Complaints about returns"),
            voices=voices,
        )
        improvements.set_status(work, number, "approved", reason="It saves a question, and a customer's patience.")
        _publish(work, number)
    improving.lead(app, number, actors)
    with app.unit_of_work(actors["ada"]) as work:
        portal.make_link(work, voices[0])
        article = knowledge.save_article(
            work,
            ArticleDraft(
                "How long does a refund take?",
                "Five working days after the parcel is back with us. You get a message when the money leaves.",
                topic="returns",
                public=True,
                review_by=work.now().date() + timedelta(days=180),
            ),
        )
    with app.unit_of_work(actors["sam"]) as work:
        knowledge.approve_article(work, article)


def _complaints(work: Work) -> list[int]:
    """Complaints about returns of people who are known, the newest first, one a person."""
    rows = work.session.execute(
        select(FeedbackItem.id, FeedbackItem.customer_id)
        .join(Classification, (Classification.item_id == FeedbackItem.id) & Classification.current)
        .where(FeedbackItem.current, FeedbackItem.version == 1, FeedbackItem.customer_id.is_not(None))
        .where(Classification.primary == "complaint", Classification.topic.startswith("returns"))
        .order_by(FeedbackItem.id.desc())
        .limit(200)
    )
    return list({customer: item for item, customer in rows}.values())[:VOICES]


def _concluded(work: Work) -> int | None:
    """The improvement of returns that is done, where the story has one."""
    wanted = ImprovementFilter(status=ImprovementStatus.CONCLUDED)
    done = [row for row in improvements.list_improvements(work, wanted).rows if row.title == REAL.title]
    return done[0].id if done else None


def _publish(work: Work, number: int) -> None:
    about = EntryDraft(
        "You sent it back, and we called you to ask where it was.",
        "We look at the tracking first, and call only when the parcel is not here.",
        improvement_id=_concluded(work),
        theme="Returns",
    )
    done = EntryDraft(
        "Nobody told you when your money was on its way.",
        "You will get a message when it leaves; we are working on it.",
        improvement_id=number,
        theme="Refunds",
    )
    for each in (done, about):
        improvements.publish_entry(work, improvements.save_entry(work, each))

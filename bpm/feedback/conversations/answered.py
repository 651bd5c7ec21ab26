"""Since when something is answered: since the first reply that left, or of which somebody said that it was said."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import ScalarSelect, func, select, update

from bpm.feedback.models import Episode, FeedbackItem, Reply
from bpm.foundation.work import Work
from bpm.search import Changed


def first_answer(episode_id: int) -> ScalarSelect[datetime | None]:
    """When the first reply to one of its items left; the service clock of the episode stops then."""
    return (
        select(func.min(Reply.sent_at))
        .join(FeedbackItem, FeedbackItem.id == Reply.item_id)
        .where(FeedbackItem.episode_id == episode_id)
        .scalar_subquery()
    )


def note_answers(work: Work, item_ids: Iterable[int]) -> None:
    """Write down since when these items and their episodes are answered, as their replies say now."""
    work.session.flush()
    for item_id in sorted(set(item_ids)):
        item = work.session.get_one(FeedbackItem, item_id)
        left = select(func.min(Reply.sent_at)).where(Reply.item_id == item_id)
        item.answered_at = work.session.scalar(left)
        if item.episode_id is not None:
            episode = update(Episode).where(Episode.id == item.episode_id)
            work.session.execute(episode.values(first_answer_at=first_answer(item.episode_id)))
        work.publish(Changed("item", (item_id,)))
    work.session.flush()

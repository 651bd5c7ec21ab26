"""What the answers say: the response rate beside every score, and the last impression apart from the mean."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select

from bpm.engine.models import ProcessDefinition
from bpm.feedback.models import Classification, Episode, FeedbackItem, SurveyInvitation
from bpm.feedback.tones import NEGATIVE
from bpm.foundation.work import Work
from bpm.processes.models import Attribution
from bpm.statistics import SHOWN_FROM, Share, share

BAD, BAD_NUMBER = NEGATIVE, 2
"""A last impression is bad from this sentiment, or this number of five, downwards."""
LATELY = timedelta(days=180)
MOST = 5_000


@dataclass(frozen=True)
class Score:
    """Answers about one process (empty key: about none): how many answered of those asked, and with what number."""

    key: str
    name: str
    response: Share
    numbers: int
    mean: float | None
    """None under ten numbers."""


@dataclass(frozen=True)
class BadEnd:
    """A matter whose steps were fine on the whole and whose end was bad."""

    item_id: int
    """What was said last."""
    conversation_id: int
    text: str
    at: datetime
    before: float
    """Mean sentiment of what was said before, -1 to 1."""
    last: float
    number: float | None


def scores(work: Work) -> tuple[Score, ...]:
    """By process, those most asked about first, then all together under the key `*`."""
    rows = work.session.execute(
        select(SurveyInvitation.id, SurveyInvitation.answered_at, FeedbackItem.rating, Attribution.definition_key)
        .outerjoin(FeedbackItem, FeedbackItem.id == SurveyInvitation.answer_item_id)
        .outerjoin(Attribution, (Attribution.item_id == SurveyInvitation.item_id) & Attribution.valid_to.is_(None))
        .where(SurveyInvitation.sent_at > work.now() - LATELY)
        .order_by(SurveyInvitation.id.desc())
        .limit(MOST)
    ).all()
    asked: dict[str, dict[int, tuple[bool, float | None]]] = defaultdict(dict)
    for number, answered_at, rating, key in rows:
        for where in (key or "", "*"):
            asked[where][number] = (answered_at is not None, rating)
    names = {row.key: row.name for row in work.session.execute(select(ProcessDefinition.key, ProcessDefinition.name))}
    order = sorted(asked, key=lambda key: (key == "*", -len(asked[key])))
    return tuple(_score(key, names.get(key, ""), list(asked[key].values())) for key in order)


def _score(key: str, name: str, answers: list[tuple[bool, float | None]]) -> Score:
    numbers = [rating for answered, rating in answers if answered and rating is not None]
    mean = sum(numbers) / len(numbers) if len(numbers) >= SHOWN_FROM else None
    return Score(key, name, share(sum(answered for answered, _ in answers), len(answers)), len(numbers), mean)


def list_bad_ends(work: Work, *, limit: int = 50) -> tuple[BadEnd, ...]:
    """Matters of late that ended badly though they had gone well: what sticks is the end, so it is not averaged away.

    Of each closed episode, or one that an answer to a survey speaks about: what was said last against all before it.
    """
    rows = work.session.execute(
        select(
            FeedbackItem.id, FeedbackItem.episode_id, FeedbackItem.conversation_id, FeedbackItem.text,
            FeedbackItem.placed_at, FeedbackItem.rating, FeedbackItem.source,
            func.coalesce(Classification.sentiment, 0.0), FeedbackItem.extra,
        )
        .outerjoin(Classification, (Classification.item_id == FeedbackItem.id) & Classification.current)
        .join(Episode, Episode.id == FeedbackItem.episode_id)
        .where(FeedbackItem.current, FeedbackItem.placed_at > work.now() - LATELY)
        .order_by(FeedbackItem.placed_at.desc(), FeedbackItem.id.desc())
        .limit(MOST)
    ).all()  # fmt: skip
    episode_of = {row.id: row.episode_id for row in rows}
    stories: dict[int, list[tuple[datetime, int, int, str, float, float | None]]] = defaultdict(list)
    for row in rows:
        about = (row.extra.get("survey") or {}).get("about")
        episode = episode_of.get(about, row.episode_id) if about else row.episode_id
        number = row.rating if row.source == "survey" else None
        felt = row[7] if number is None else (number - 3) / 2
        stories[episode].append((row.placed_at, row.id, row.conversation_id or 0, row.text, felt, number))
    found = [end for said in stories.values() if (end := _bad_end(sorted(said))) is not None]
    return tuple(sorted(found, key=lambda each: each.at, reverse=True)[:limit])


def _bad_end(said: list[tuple[datetime, int, int, str, float, float | None]]) -> BadEnd | None:
    """What was said last, when it is bad and what came before was not; None for a single word, or any other end."""
    if len(said) < 2:
        return None
    *before, (at, item_id, conversation_id, text, last, number) = said
    mean = sum(each[4] for each in before) / len(before)
    is_bad = number <= BAD_NUMBER if number is not None else last < BAD
    return BadEnd(item_id, conversation_id, text, at, mean, last, number) if is_bad and mean >= 0 else None

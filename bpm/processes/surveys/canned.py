"""Whether canned replies cost: their share week by week, against what surveys say of the same matters."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, case, cast, exists, func, select

from bpm.feedback.models import FeedbackItem, IncidentTold, OutboundMessage, SurveyInvitation
from bpm.feedback.outbound.gate.judging import CANNED
from bpm.feedback.status import MessageKind
from bpm.foundation.work import Work
from bpm.identity.models import Group, Membership, User
from bpm.processes.measures.listening import weeks_up_to
from bpm.processes.surveys.answering import GOOD_FROM
from bpm.statistics import SHOWN_FROM, Share, share
from bpm.statistics.alike import Comparison, compare_shares

WEEKS = 10
MOST_ROWS = 200


@dataclass(frozen=True)
class CannedWeek:
    """Replies that left in a week, how many read canned; of matters last answered in it, how many ended 4 or 5."""

    since: datetime
    until: datetime
    canned: Share
    good: Share


@dataclass(frozen=True)
class CannedAgainstScore:
    """Oldest week first; the matters with a canned reply held against those without one."""

    weeks: tuple[CannedWeek, ...]
    canned: Share
    good_with: Share
    good_without: Share
    difference: Comparison | None
    """Good ends with a canned reply less those without; None under ten numbers on either side."""
    channels: tuple[str, ...]
    """Those by which something was said in these weeks."""
    teams: tuple[tuple[str, str], ...]
    """(key, name) of the groups that the authors are in."""


@dataclass(frozen=True)
class CannedReply:
    """A reply behind a point, without its words; `number`: what its customer gave afterwards, 1 to 5."""

    message_id: int
    item_id: int | None
    author: str
    channel: str
    at: datetime
    canned: float
    edit_distance: int | None
    is_template: bool
    number: float | None


def canned_against_score(work: Work, *, channel: str = "", team: str = "") -> CannedAgainstScore:
    """The last ten weeks up to today, of one channel or team where they are named."""
    spans = weeks_up_to(work.now(), WEEKS)
    since, until = spans[0][0], spans[-1][1]
    week = case(*((OutboundMessage.sent_at < end, place) for place, (_since, end) in enumerate(spans)))
    reads_canned = func.sum(case((OutboundMessage.canned >= CANNED, 1), else_=0))
    counted = {
        row.week: share(int(row.hits), row.n)
        for row in work.session.execute(
            _of(select(cast(week, Integer).label("week"), func.count().label("n"), reads_canned.label("hits")),
                since, until, channel, team).group_by("week")
        )
    }  # fmt: skip
    ends = _ends(work, since, until, channel, team)
    good, asked = Counter[int](), Counter[int]()
    sides = {True: [0, 0], False: [0, 0]}
    for each in ends.values():
        place = next(place for place, (_since, end) in enumerate(spans) if each.at < end)
        asked[place] += 1
        good[place] += each.is_good
        sides[each.has_canned][0] += each.is_good
        sides[each.has_canned][1] += 1
    weeks = tuple(
        CannedWeek(*span, counted.get(place, share(0, 0)), share(good[place], asked[place]))
        for place, span in enumerate(spans)
    )
    (hits, n), (other_hits, other_n) = sides[True], sides[False]
    enough = min(n, other_n) >= SHOWN_FROM
    return CannedAgainstScore(
        weeks,
        share(sum(each.hits for each in counted.values()), sum(each.n for each in counted.values())),
        share(hits, n),
        share(other_hits, other_n),
        compare_shares(hits, n, other_hits, other_n) if enough else None,
        tuple(work.session.scalars(_of(select(OutboundMessage.channel).distinct(), since, until).order_by(
            OutboundMessage.channel))),
        tuple((row.key, row.name) for row in work.session.execute(_teams(since, until))),
    )  # fmt: skip


def list_canned_replies(work: Work, since: datetime, until: datetime, *, channel: str = "", team: str = "",
                        limit: int = MOST_ROWS) -> list[CannedReply]:  # fmt: skip
    """The replies behind a week, those that read most canned first."""
    number = (
        select(func.max(FeedbackItem.rating))
        .join(SurveyInvitation, SurveyInvitation.answer_item_id == FeedbackItem.id)
        .where(
            SurveyInvitation.episode_id == _episode_of_message(), SurveyInvitation.answered_at > OutboundMessage.sent_at
        )
        .scalar_subquery()
    )
    rows = work.session.execute(
        _of(
            select(OutboundMessage, User.display_name, number.label("number"))
            .join(User, User.id == OutboundMessage.author_user_id),
            since, until, channel, team,
        ).order_by(OutboundMessage.canned.desc(), OutboundMessage.id.desc()).limit(limit)
    )  # fmt: skip
    return [
        CannedReply(
            row.id, row.item_id, name, row.channel, row.sent_at or since, row.canned or 0.0, row.edit_distance,
            row.template_id is not None, given,
        )
        for row, name, given in rows
    ]  # fmt: skip


@dataclass
class _End:
    """One matter that was asked about: when it was last answered before, whether any reply read canned."""

    at: datetime
    has_canned: bool
    is_good: bool


def _ends(work: Work, since: datetime, until: datetime, channel: str, team: str) -> dict[int, _End]:
    """Matters with a number, by their invitation; replies that came after the number are none of it."""
    answer = FeedbackItem.__table__.alias("answer")
    rows = work.session.execute(
        _of(
            select(SurveyInvitation.id, answer.c.rating, OutboundMessage.sent_at, OutboundMessage.canned)
            .join(FeedbackItem, FeedbackItem.id == OutboundMessage.item_id)
            .join(SurveyInvitation, SurveyInvitation.episode_id == FeedbackItem.episode_id)
            .join(answer, answer.c.id == SurveyInvitation.answer_item_id)
            .where(answer.c.rating.is_not(None), SurveyInvitation.answered_at > OutboundMessage.sent_at),
            since, until, channel, team,
        )
    )  # fmt: skip
    found: dict[int, _End] = {}
    for invitation, rating, at, canned in rows:
        end = found.setdefault(invitation, _End(at, has_canned=False, is_good=rating >= GOOD_FROM))
        end.at, end.has_canned = max(end.at, at), end.has_canned or canned >= CANNED
    return found


def _of(found: Any, since: datetime, until: datetime, channel: str = "", team: str = "") -> Any:
    """Only what a person said to a customer and what left in that time.

    Updates of incidents are left out: the same words to everybody on purpose say nothing of canned replies.
    """
    to_many = exists().where(IncidentTold.reply_id == OutboundMessage.reply_id)
    where: list[ColumnElement[bool]] = [
        OutboundMessage.kind == MessageKind.CONVERSATION,
        OutboundMessage.canned.is_not(None),
        OutboundMessage.sent_at >= since,
        OutboundMessage.sent_at < until,
        ~to_many,
    ]
    if channel:
        where.append(OutboundMessage.channel == channel)
    if team:
        member = exists().where(
            Membership.user_id == OutboundMessage.author_user_id,
            Membership.group_id == Group.id,
            Group.key == team,
        )
        where.append(member)
    return found.where(*where)


def _teams(since: datetime, until: datetime) -> Select[str, str]:
    wrote = _of(select(OutboundMessage.author_user_id).distinct(), since, until)
    return (
        select(Group.key, Group.name)
        .join(Membership, Membership.group_id == Group.id)
        .where(Membership.user_id.in_(wrote))
        .distinct()
        .order_by(Group.name)
    )


def _episode_of_message() -> Any:
    said = FeedbackItem.__table__.alias("said")
    return select(said.c.episode_id).where(said.c.id == OutboundMessage.item_id).scalar_subquery()

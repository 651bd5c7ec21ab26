"""Articles: written by somebody, approved by another person's look, used until their day of review, counted."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select

from bpm import audit
from bpm.feedback.items import get_current
from bpm.feedback.knowledge.likeness import likeness, words_of
from bpm.feedback.models import Article, ArticleUse
from bpm.feedback.privacy.mask import mask
from bpm.foundation.errors import ConflictError, ForbiddenError, InvalidInputError, NotFoundError
from bpm.foundation.texts import _
from bpm.foundation.work import Work
from bpm.identity import Permission, demand
from bpm.identity.models import User

LONGEST = 10_000
ENOUGH = 0.34
"""From this likeness on an article is offered."""
MOST = 1_000


@dataclass(frozen=True)
class ArticleDraft:
    """What a person fills in."""

    title: str
    text: str
    topic: str = ""
    public: bool = False
    owner_id: int | None = None
    """None: whoever writes it."""
    review_by: date | None = None
    item_id: int | None = None
    credited_name: str = ""


@dataclass(frozen=True)
class ArticleRow:
    """One article; `is_usable` while it is approved and its day of review has not passed."""

    id: int
    title: str
    text: str
    topic: str
    public: bool
    owner: str
    owner_id: int
    review_by: date
    approved_by: str
    approved_at: datetime | None
    item_id: int | None
    credited_name: str
    retired_at: datetime | None
    in_replies: int
    deflected: int
    is_usable: bool


def save_article(work: Work, draft: ArticleDraft, *, article_id: int | None = None) -> int:
    """Write an article, or change it: it is then to be approved anew. InvalidInputError with `fields`."""
    demand(work.actor, Permission.ANSWER)
    if work.actor.user_id is None:
        raise ForbiddenError(_("Only a person can write an article."), remedy=_("Sign in."))
    _check(work, draft)
    row = _get(work, article_id) if article_id is not None else None
    before = {"title": row.title if row else None}
    if row is None:
        row = Article(created_at=work.now(), item_id=draft.item_id)
        work.session.add(row)
    row.title, row.text, row.topic = draft.title.strip(), draft.text.strip(), draft.topic.strip()[:120]
    row.public, row.credited_name = draft.public, draft.credited_name.strip()[:200]
    row.owner_user_id = draft.owner_id or work.actor.user_id
    row.review_by = draft.review_by or work.now().date()
    row.changed_at, row.approved_at, row.approved_by = work.now(), None, None
    work.session.flush()
    after = {"title": row.title, "review_by": row.review_by.isoformat(), "public": row.public}
    audit.record(work, "article.save", _thing(row), before=before, after=after)
    return row.id


def _check(work: Work, draft: ArticleDraft) -> None:
    problems = {}
    if not draft.title.strip() or len(draft.title) > 300:
        problems["title"] = _("Write the question in at most 300 characters.")
    if not draft.text.strip() or len(draft.text) > LONGEST:
        problems["text"] = _("Write the answer in at most 10,000 characters.")
    elif draft.public and mask(f"{draft.title}\n{draft.text}").spans:
        problems["text"] = _("This looks like somebody's name, number or address: every customer will read it.")
    if draft.review_by is None or draft.review_by < work.now().date():
        problems["review_by"] = _("Say until when it may be used: today or later.")
    if draft.owner_id is not None and work.session.get(User, draft.owner_id) is None:
        problems["owner"] = _("Choose a person of the list.")
    if draft.item_id is not None:
        get_current(work, draft.item_id)
    if problems:
        raise InvalidInputError(
            _("The article cannot be kept like this."), remedy=_("Look at the fields that are marked."), fields=problems
        )


def approve_article(work: Work, article_id: int) -> None:
    """Let it be offered: by somebody else than its owner. ConflictError for the owner, or past its day of review."""
    demand(work.actor, Permission.ANSWER)
    row = _get(work, article_id)
    if work.actor.user_id is None or row.owner_user_id == work.actor.user_id:
        raise ConflictError(_("Its owner cannot approve it."), remedy=_("Ask a colleague to read it."))
    if row.review_by < work.now().date() or row.retired_at is not None:
        raise ConflictError(_("Its day of review has passed."), remedy=_("Look at it, and set a new day."))
    row.approved_by, row.approved_at = work.actor.user_id, work.now()
    audit.record(work, "article.approve", _thing(row), before={"approved": False}, after={"approved": True})


def retire_article(work: Work, article_id: int) -> None:
    """Offer it no more; what it was used for stays on record."""
    demand(work.actor, Permission.ANSWER)
    row = _get(work, article_id)
    if row.retired_at is None:
        row.retired_at = work.now()
        audit.record(work, "article.retire", _thing(row), before={"retired": False}, after={"retired": True})


def list_articles(work: Work, *, public: bool = False, usable: bool = False) -> tuple[ArticleRow, ...]:
    """Articles, the newest first: all that are not retired, or those that may be used, or that customers may read."""
    counts = (
        select(ArticleUse.article_id, ArticleUse.kind, func.count())
        .group_by(ArticleUse.article_id, ArticleUse.kind)
    )  # fmt: skip
    used = {(row[0], row[1]): row[2] for row in work.session.execute(counts)}
    owner, approver = User.__table__.alias("owner"), User.__table__.alias("approver")
    query = (
        select(Article, owner.c.display_name, approver.c.display_name)
        .join(owner, owner.c.id == Article.owner_user_id)
        .outerjoin(approver, approver.c.id == Article.approved_by)
        .where(Article.retired_at.is_(None))
    )
    if public or usable:
        query = query.where(Article.approved_at.is_not(None), Article.review_by >= work.now().date())
    if public:
        query = query.where(Article.public)
    found = work.session.execute(query.order_by(Article.id.desc()).limit(MOST))
    return tuple(_row(work, row, by, approved_by, used) for row, by, approved_by in found)


def _row(work: Work, row: Article, owner: str, approver: str | None, used: dict[tuple[int, str], int]) -> ArticleRow:
    return ArticleRow(
        row.id, row.title, row.text, row.topic, row.public, owner, row.owner_user_id, row.review_by, approver or "",
        row.approved_at, row.item_id, row.credited_name, row.retired_at, used.get((row.id, "reply"), 0),
        used.get((row.id, "deflected"), 0),
        is_usable=row.approved_at is not None and row.review_by >= work.now().date() and row.retired_at is None,
    )  # fmt: skip


def get_article(work: Work, article_id: int) -> ArticleRow:
    """One article that is not retired; NotFoundError when there is none."""
    found = next((each for each in list_articles(work) if each.id == article_id), None)
    if found is None:
        raise NotFoundError(_("There is no article %(number)s.") % {"number": article_id})
    return found


def offer(work: Work, text: str, *, topic: str = "", public: bool = False, limit: int = 3) -> tuple[ArticleRow, ...]:
    """Articles that may answer a text, the likeliest first; those of its topic before others."""
    return _likeliest(list_articles(work, public=public, usable=True), text, topic, limit)


def _likeliest(known: Sequence[ArticleRow], text: str, topic: str, limit: int) -> tuple[ArticleRow, ...]:
    asked = words_of(text)
    scored = []
    for each in known:
        alike = max(likeness(asked, words_of(each.title)), likeness(asked, words_of(f"{each.title} {each.text}")) / 2)
        alike += 0.2 if topic and each.topic == topic and alike > 0 else 0.0
        if alike >= ENOUGH:
            scored.append((alike, each.id, each))
    return tuple(each for _alike, _id, each in sorted(scored, key=lambda one: (-one[0], one[1]))[:limit])


def note_use(work: Work, article_id: int, *, kind: str, item_id: int | None = None) -> None:
    """Count that it was used in a reply, or that it answered somebody before they asked ("deflected").

    The two are never added to each other, nor to what was avoided by fixing a cause.
    """
    row = get_article(work, article_id)
    if not row.is_usable or (kind == "deflected" and not row.public):
        raise ConflictError(_("This article may not be used now."), remedy=_("Have it looked at and approved."))
    use = ArticleUse(article_id=article_id, kind=kind, item_id=item_id, user_id=work.actor.user_id, at=work.now())
    work.session.add(use)
    thing = audit.Thing("article", article_id, row.title)
    audit.record(work, "article.use", thing, before={"use": None}, after={"use": kind, "item": item_id})


def count_deflected(work: Work) -> int:
    """How often somebody said that an article answered them before they asked: these alone count as deflected."""
    return work.session.scalar(select(func.count()).where(ArticleUse.kind == "deflected")) or 0


def _get(work: Work, article_id: int) -> Article:
    row = work.session.get(Article, article_id)
    if row is None:
        raise NotFoundError(_("There is no article %(number)s.") % {"number": article_id})
    return row


def _thing(row: Article) -> audit.Thing:
    return audit.Thing("article", row.id, row.title)

"""Items that speak for an improvement: the set it was opened with is frozen, what was said since stands apart.

1. What is there when it is opened is its frozen set (`taught`); nothing is ever added to that.
2. A colleague adds later ones, customers comment: they count apart, as "since then".
3. Where it was opened from a theme or a step, what came in there since is offered, and speaks for nothing by itself.
"""

from collections.abc import Iterable, Sequence

from sqlalchemy import Select, select

from bpm import audit
from bpm.feedback import themes
from bpm.feedback.items import get_current
from bpm.feedback.models import Classification, FeedbackItem, Theme, ThemeItem
from bpm.foundation.errors import NotFoundError
from bpm.foundation.texts import _
from bpm.foundation.work import Work
from bpm.processes.improvements.records import get_row, note, origin_of, thing
from bpm.processes.models import Attribution, Improvement, ImprovementSheet, ImprovementVoice
from bpm.processes.models.register_lists import Origin
from bpm.processes.status import VoiceKind

MOST_FROZEN = 5_000
"""Items in a frozen set; of more the newest count, and its history says so."""
OFFERED = 20


def freeze(work: Work, row: Improvement, item_ids: Iterable[int]) -> int:
    """Tie the items to it as they are now, each conversation's versions once; how many."""
    wanted = sorted(set(item_ids), reverse=True)
    firsts: dict[int, None] = {}
    for begin in range(0, len(wanted), 500):
        found = work.session.execute(
            select(FeedbackItem.id, FeedbackItem.first_id).where(FeedbackItem.id.in_(wanted[begin : begin + 500]))
        )
        firsts |= dict.fromkeys(first or item_id for item_id, first in found)
    kept = sorted(firsts, reverse=True)[:MOST_FROZEN]
    for item_id in kept:
        _add(work, row, item_id, VoiceKind.TAUGHT)
    work.session.flush()
    if len(firsts) > len(kept):
        note(work, row, "voices", after=str(len(kept)), reason=_("Of %(all)s the newest.") % {"all": len(firsts)})
    return len(kept)


def _add(work: Work, row: Improvement, item_id: int, kind: VoiceKind) -> None:
    work.session.add(
        ImprovementVoice(improvement_id=row.id, item_id=item_id, kind=kind, user_id=work.actor.user_id, at=work.now())
    )


def link_voice(work: Work, improvement_id: int, item_id: int, *, kind: VoiceKind = VoiceKind.LINKED) -> bool:
    """Say that an item speaks for it; False when that is known. NotFoundError when there is no such item."""
    row, item = get_row(work, improvement_id), get_current(work, item_id)
    first = item.first_id or item.id
    known = select(ImprovementVoice.id).where(
        ImprovementVoice.improvement_id == row.id, ImprovementVoice.item_id == first
    )
    if work.session.scalar(known) is not None:
        return False
    _add(work, row, first, kind)
    work.session.flush()
    linked = {"item": first, "as": kind}
    audit.record(work, "improvement.link", thing(row), before={"item": None}, after=linked)
    return True


def unlink_voice(work: Work, improvement_id: int, item_id: int) -> None:
    """Take a voice away that does not belong to it; NotFoundError when it is none of its voices.

    Its history says so where it was one of the frozen set.
    """
    row = get_row(work, improvement_id)
    voice = work.session.scalar(
        select(ImprovementVoice).where(ImprovementVoice.improvement_id == row.id, ImprovementVoice.item_id == item_id)
    )
    if voice is None:
        raise NotFoundError(_("This item is none of its voices."))
    work.session.delete(voice)
    if voice.kind is VoiceKind.TAUGHT:
        note(work, row, "voices", before=str(item_id), reason=_("It does not belong to the frozen set."))
    before = {"item": item_id, "as": voice.kind}
    audit.record(work, "improvement.unlink", thing(row), before=before, after={"item": None})


def voices_behind(work: Work, origin: Origin, ref: str) -> tuple[int, ...]:
    """The items that stand behind a theme, a step (`key:element`) or an item now, the newest first."""
    query = _behind(origin, ref)
    if query is None:
        return ()
    return tuple(work.session.scalars(query.order_by(FeedbackItem.id.desc()).limit(MOST_FROZEN + 1)))


def _behind(origin: Origin, ref: str) -> Select[int] | None:
    query = select(FeedbackItem.id).where(FeedbackItem.current, FeedbackItem.erased_at.is_(None)).distinct()
    if origin is Origin.THEME and ref.isdecimal():
        members = select(Theme.id).where(Theme.counts_in_id == int(ref))
        return query.join(ThemeItem, ThemeItem.item_id == FeedbackItem.id).where(ThemeItem.theme_id.in_(members))
    if origin is Origin.ELEMENT and ":" in ref:
        key, _colon, element = ref.partition(":")
        return query.join(Attribution, Attribution.item_id == FeedbackItem.id).where(
            Attribution.definition_key == key, Attribution.element == element, Attribution.valid_to.is_(None)
        )
    if origin in (Origin.ITEM, Origin.CUSTOMER) and ref.isdecimal():
        return query.where(FeedbackItem.id == int(ref))
    return None


def origin_of_item(work: Work, item_id: int) -> Origin:
    """An item that suggests something is a customer's proposal; any other is something that was said."""
    read = select(Classification.primary).where(Classification.item_id == item_id, Classification.current)
    return Origin.CUSTOMER if work.session.scalar(read) == "suggestion" else Origin.ITEM


def label_of(work: Work, origin: Origin, ref: str) -> str:
    """What it is opened from, in words; empty where its name says nothing. NotFoundError for a theme that is none."""
    if origin is Origin.THEME and ref.isdecimal():
        return themes.get_theme(work, int(ref)).name
    if origin is Origin.ELEMENT:
        return ref.partition(":")[2]
    return ""


def offered_since(work: Work, improvement_id: int) -> Sequence[int]:
    """Items that came in where it was opened from and speak for nothing yet, the newest first; at most OFFERED."""
    row = get_row(work, improvement_id)
    sheet = work.session.get(ImprovementSheet, row.id)
    origin, ref = (sheet.origin, sheet.origin_ref) if sheet is not None else origin_of(row)
    query = None if origin in (Origin.ITEM, Origin.CUSTOMER) else _behind(origin, ref)
    if query is None:
        return ()
    known = select(ImprovementVoice.item_id).where(ImprovementVoice.improvement_id == row.id)
    query = query.where(FeedbackItem.placed_at > row.created_at, FeedbackItem.id.not_in(known))
    return work.session.scalars(query.order_by(FeedbackItem.id.desc()).limit(OFFERED)).all()

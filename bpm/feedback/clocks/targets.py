"""Answer targets: in how much working time an answer or a settlement is wanted, by channel, urgency and group."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete, select, update

from bpm import audit
from bpm.feedback.models import ANY_URGENCY, AnswerTarget, FeedbackItem
from bpm.feedback.raw_item import CHANNELS
from bpm.feedback.status import ClockKind
from bpm.foundation.errors import InvalidInputError
from bpm.foundation.texts import _
from bpm.foundation.work import Work
from bpm.identity import Permission, demand

MOST_MINUTES = 99_999 * 60


@dataclass(frozen=True)
class TargetKey:
    """What a target is for; empty parts mean any."""

    clock: ClockKind
    channel: str = ""
    urgency: int | None = None
    group: str = ""


Targets = Mapping[TargetKey, int]
"""{what for: minutes of working time; 0 for none}"""

_FIRST = {"chat": 15, "social": 120, "call": 240, "email": 480, "review": 960, "survey": 1440}
SHIPPED: Targets = {
    **{TargetKey(ClockKind.FIRST, channel): minutes for channel, minutes in _FIRST.items()},
    **{TargetKey(ClockKind.NEXT, channel): minutes for channel, minutes in _FIRST.items()},
    TargetKey(ClockKind.FIRST, urgency=3): 60,
    TargetKey(ClockKind.RESOLUTION): 40 * 60,
}
"""What holds until the company sets targets of its own."""


def target_for(
    targets: Targets, clock: ClockKind, *, channel: str, urgency: int | None, group: str
) -> timedelta | None:
    """What holds for an item: the group's own before that of the urgency, that before the channel's; None for none.

    Pure. Of two that name as much, the group counts most, then the urgency.
    """
    levels = dict.fromkeys((urgency, None))
    keys = [TargetKey(clock, each, level, owner) for owner in (group, "") for level in levels for each in (channel, "")]
    for key in sorted(keys, key=_specific, reverse=True):
        if key in targets:
            return timedelta(minutes=targets[key]) if targets[key] else None
    return None


def _specific(key: TargetKey) -> tuple[bool, bool, bool]:
    return bool(key.group), key.urgency is not None, bool(key.channel)


def get_targets(work: Work) -> Targets:
    """What the company has set, else what is shipped."""
    return {_key(row): row.minutes for row in work.session.scalars(select(AnswerTarget))} or SHIPPED


def _key(row: AnswerTarget) -> TargetKey:
    return TargetKey(row.clock, row.channel, None if row.urgency == ANY_URGENCY else row.urgency, row.group_key)


def save_targets(work: Work, targets: Targets) -> None:
    """Set all of them; the clocks of what is not decided yet are worked out anew.

    InvalidInputError for what is no target.
    """
    demand(work.actor, Permission.ADMIN)
    for key, minutes in targets.items():
        _check(key, minutes)
    before = get_targets(work)
    work.session.execute(delete(AnswerTarget))
    work.session.add_all(
        AnswerTarget(
            clock=key.clock, channel=key.channel, urgency=ANY_URGENCY if key.urgency is None else key.urgency,
            group_key=key.group, minutes=minutes,
        )
        for key, minutes in targets.items()
    )  # fmt: skip
    work.session.flush()
    audit.record(work, "answer_targets.save", audit.Thing("setting", "answer_targets", "Answer targets"),
                 before=_told(before), after=_told(targets))  # fmt: skip
    undecided = update(FeedbackItem).where(FeedbackItem.current, FeedbackItem.decision.is_(None))
    work.session.execute(undecided.values(clocked_at=None).execution_options(synchronize_session=False))


def _check(key: TargetKey, minutes: int) -> None:
    fits = key.channel in ("", *CHANNELS) and key.urgency in (None, 0, 1, 2, 3) and len(key.group) <= 80
    if not fits or not 0 <= minutes <= MOST_MINUTES:
        raise InvalidInputError(
            _("This is no answer target."), remedy=_("Give working time as whole hours and minutes; 0 for none.")
        )


def _told(targets: Targets) -> dict[str, int]:
    return {" ".join(words_of(key)): minutes for key, minutes in targets.items()}


def words_of(key: TargetKey) -> Sequence[str]:
    """The parts of a target as plain words."""
    urgency = "" if key.urgency is None else f"urgency {key.urgency}"
    return [each for each in (str(key.clock), key.channel, urgency, key.group) if each]

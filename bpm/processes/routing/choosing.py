"""Who gets an item by itself: trained for it, here, with the least to do; their deputy where they are away. Pure."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from bpm.foundation.texts import _


@dataclass(frozen=True)
class Candidate:
    """Somebody of the inbox that an item landed in."""

    user_id: int
    name: str
    load: int
    """Items and tasks that they have open."""
    is_away: bool = False
    deputy_id: int | None = None


@dataclass(frozen=True)
class Choice:
    """Who gets it and why, or nobody and why."""

    user_id: int | None
    why: str


@dataclass(frozen=True)
class Need:
    """What an item asks for: a skill, and who has it now; None: any of them may have it."""

    skill: str | None = None
    trained: frozenset[int] = field(default_factory=frozenset)

    def fits(self, user_id: int) -> bool:
        """Whether a person may be given it."""
        return self.skill is None or user_id in self.trained


def choose(candidates: Collection[Candidate], need: Need) -> Choice:
    """The least loaded of those who fit and are here; else a fitting deputy of one who fits and is away.

    Equal loads go by the lower id, so that the same facts give the same choice. An untrained person is never chosen.
    """
    known: Mapping[int, Candidate] = {each.user_id: each for each in candidates}
    fitting = [each for each in candidates if need.fits(each.user_id)]
    here = [each for each in fitting if not each.is_away]
    if here:
        found = min(here, key=lambda each: (each.load, each.user_id))
        trained = _("trained for %(skill)s, ") % {"skill": need.skill} if need.skill else ""
        words = {"trained": trained, "load": found.load}
        return Choice(found.user_id, _("Here, %(trained)swith the least to do (%(load)s open).") % words)
    for each in sorted(fitting, key=lambda one: (one.load, one.user_id)):
        deputy = known.get(each.deputy_id) if each.deputy_id is not None else None
        is_here = deputy is None or not deputy.is_away
        if each.deputy_id is not None and is_here and need.fits(each.deputy_id):
            return Choice(each.deputy_id, _("Stands in for %(name)s, who is away.") % {"name": each.name})
    if need.skill and not fitting:
        return Choice(None, _("Nobody of them is trained for %(skill)s now.") % {"skill": need.skill})
    return Choice(None, _("Nobody of them is here."))

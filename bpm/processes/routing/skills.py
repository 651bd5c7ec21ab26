"""Who may be given what: a topic for which anybody was ever trained asks for training that still counts."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from bpm.foundation.work import Work
from bpm.identity.access_models import Skill

_BRANCH = " / "


@dataclass(frozen=True)
class Training:
    """A skill of somebody, and its last day (None: for good)."""

    user_id: int
    name: str
    expires_on: date | None = None


def upwards(topic: str | None) -> Sequence[str]:
    """The topic and what it is part of, in lower case, as skills are written: the nearest first."""
    parts = " ".join((topic or "").lower().split()).split(_BRANCH) if topic else []
    return [_BRANCH.join(parts[:end]) for end in range(len(parts), 0, -1)]


def asked_skill(topic: str | None, trainings: Collection[Training]) -> str | None:
    """The skill that a topic asks for: the nearest one that anybody was ever trained in; None: it asks for none."""
    names = {each.name for each in trainings}
    return next((name for name in upwards(topic) if name in names), None)


def trained(skill: str, trainings: Collection[Training], *, on: date) -> frozenset[int]:
    """People whose training in it counts on that day."""
    return frozenset(
        each.user_id for each in trainings if each.name == skill and (each.expires_on is None or each.expires_on >= on)
    )


def list_trainings(work: Work) -> list[Training]:
    """Everybody's, those that are over, too."""
    rows = work.session.execute(select(Skill.user_id, Skill.name, Skill.expires_on))
    return [Training(*row) for row in rows]


def untrained_because(
    user_id: int, topic: str | None, trainings: Collection[Training], *, on: date
) -> Mapping[str, object] | None:
    """What is missing for a person to be given the topic: {"skill", "expired_on"}; None where nothing is."""
    skill = asked_skill(topic, trainings)
    if skill is None or user_id in trained(skill, trainings, on=on):
        return None
    ended = [each.expires_on for each in trainings if each.user_id == user_id and each.name == skill]
    return {"skill": skill, "expired_on": ended[0] if ended else None}

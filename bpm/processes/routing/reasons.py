"""The reasons why people talk to us, and who can hold that talk: where nobody can, there is a gap."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from bpm.feedback.queries import list_topics
from bpm.foundation.work import Work
from bpm.identity import Permission, actor_of, list_users, may
from bpm.processes.routing.skills import Training, list_trainings, upwards


@dataclass(frozen=True)
class Reason:
    """A topic, how often it came lately, and who is trained for it (or for what it is part of) today."""

    topic: str
    items: int
    complexity: str
    people: tuple[str, ...]

    @property
    def is_gap(self) -> bool:
        """Whether nobody active can hold that talk."""
        return not self.people


def reasons(
    topics: Sequence[tuple[str, int, str]], trainings: Collection[Training], names: Mapping[int, str], *, on: date
) -> list[Reason]:
    """Each (topic, items, complexity) with the active people (id -> name) who can hold it; gaps first. Pure."""
    counting = [each for each in trainings if each.expires_on is None or each.expires_on >= on]
    found = []
    for topic, items, complexity in topics:
        able = {each.user_id for each in counting if each.name in upwards(topic)} & names.keys()
        found.append(Reason(topic, items, complexity, tuple(sorted(names[each] for each in able))))
    return sorted(found, key=lambda each: (not each.is_gap, -each.items, each.topic))


def list_reasons(work: Work) -> list[Reason]:
    """Of the topics in use, by the people who answer customers."""
    users = (user for user in list_users(work) if user.active and may(actor_of(user), Permission.ANSWER))
    topics = [(row.topic, row.items, row.complexity) for row in list_topics(work)]
    names = {user.id: user.display_name for user in users}
    return reasons(topics, list_trainings(work), names, on=work.now().date())

"""Which playbooks fit a situation: every part of theirs has to hold, and what says more comes first."""

from collections.abc import Collection
from dataclasses import dataclass

from bpm.feedback.playbooks.books import PlaybookRow, list_playbooks
from bpm.feedback.tones import tone_of
from bpm.foundation.work import Work

MOST = 3


@dataclass(frozen=True)
class Situation:
    """What is known of an item: what it is about, its kind, and from -1 to 1 how it sounds; None: not known."""

    topic: str | None
    kind: str | None
    sentiment: float | None

    @property
    def tone(self) -> str:
        """negative, neutral or positive; empty where nobody knows."""
        return tone_of(self.sentiment)


def fits(row: PlaybookRow, situation: Situation) -> bool:
    """Whether every part of the playbook's situation holds; a topic holds for its parts, too. Pure."""
    topic, wanted = (situation.topic or "").casefold(), row.topic.casefold()
    about = not wanted or topic == wanted or topic.startswith(f"{wanted} / ")
    return about and row.kind in ("", situation.kind) and row.tone in ("", situation.tone)


def ranked(rows: Collection[PlaybookRow], situation: Situation) -> tuple[PlaybookRow, ...]:
    """Those that fit, the one that names the most first: by depth of topic, kind, tone, then name. Pure."""
    found = [row for row in rows if fits(row, situation)]

    def says(row: PlaybookRow) -> tuple[int, bool, bool, str]:
        depth = row.topic.count(" / ") + 1 if row.topic else 0
        return -depth, not row.kind, not row.tone, row.name

    return tuple(sorted(found, key=says)[:MOST])


def offered(work: Work, situation: Situation) -> tuple[PlaybookRow, ...]:
    """The playbooks to offer beside an item today; none whose day to be looked at again has gone by."""
    today = work.now().date()
    return ranked([row for row in list_playbooks(work) if not row.problem(today)], situation)

"""A dunning run of the demo that went wrong: a theme grows within a day, an alarm says so, and Mia finds out why."""

from datetime import date, datetime, timedelta
from random import Random

from bpm.app import App
from bpm.demo.customers import NUMBER, customer
from bpm.demo.scenes.acts import Acts
from bpm.demo.words import with_facts
from bpm.feedback.raw_item import RawItem
from bpm.foundation.work import Actor
from bpm.processes import alarms
from bpm.processes.alarms import AlarmStatus, CauseKind, CauseRow, Watched

BEGAN = timedelta(days=6)
"""Letters came in the morning of that day."""
LETTERS = 13
WORDS = "A dunning letter over {amount} although I paid {day}. This is the second time. Please take it back."
SEEN = timedelta(hours=29)
"""After the first letter: the day has ended and was looked at."""
MORE = "More of everything is heard since all channels come in here: it was not said less before."
WHY = "The bank's file of the sixth was read twice: payments of one day stood as open. 212 letters were taken back."


def letters(until: datetime) -> list[RawItem]:
    """What customers write on that day."""
    draw, begin = Random(29), _morning(until)  # noqa: S311 (a story, not a secret)
    found = []
    for number in range(LETTERS):
        who = customer(draw.randrange(NUMBER))
        text = f"Hello,\n\n{with_facts(WORDS, draw)}\n\nBest wishes"
        raw = RawItem(
            channel="email", source="Brightwave email", text=text, natural_key=f"dunning-{number:02d}",
            author_name=who.name, author_id=who.key, said_at=begin + timedelta(minutes=draw.randrange(600)),
        )  # fmt: skip
        found.append(raw)
    return found


class Dunning:
    """What is done about it, by the clock of the story."""

    def __init__(self, app: App, actors: dict[str, Actor]) -> None:
        self.app, self.actors = app, actors
        self._day = date.max

    def acts(self, until: datetime) -> Acts:
        """(instant, what is done) in order, for a story that ends at `until`."""
        self._day = _morning(until).date()
        return [(_morning(until) + SEEN, self._look)]

    def _look(self) -> None:
        """The watcher looks at the days that ended; Mia takes what it found, and says the next day what it was."""
        look(self.app)
        with self.app.unit_of_work(self.actors["mia"]) as work:
            for row in alarms.list_alarms(work).rows:
                if row.status != AlarmStatus.RAISED:
                    continue
                alarms.move_alarm(work, row.id, AlarmStatus.ACKNOWLEDGED)
                if row.measure == Watched.THEME and row.last_day >= self._day:
                    cause = CauseRow(CauseKind.OTHER, "bank file", "The bank's file was read twice", work.now())
                    alarms.link_cause(work, row.id, cause)
                    alarms.move_alarm(work, row.id, AlarmStatus.EXPLAINED, reason=WHY)
                else:
                    alarms.move_alarm(work, row.id, AlarmStatus.CLOSED, reason=MORE)


def look(app: App) -> None:
    """Let the watcher look at every day that has ended."""
    while alarms.sweep_alarms(app.unit_of_work):
        pass


def _morning(until: datetime) -> datetime:
    return (until - BEGAN).replace(hour=7, minute=30, second=0, microsecond=0)

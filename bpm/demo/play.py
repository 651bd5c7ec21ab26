"""Plays four weeks: customers speak, the worker sweeps, staff claim and complete, advocates answer."""

import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from bpm import feedback, processes
from bpm.app import App
from bpm.demo import again, items
from bpm.demo.answers import answer
from bpm.demo.coming import all_said
from bpm.demo.forms import fill
from bpm.demo.scenes.ahead import Ahead
from bpm.demo.scenes.asked import Asked
from bpm.demo.scenes.dunning import Dunning
from bpm.demo.scenes.outage import Outage
from bpm.engine import api as engine
from bpm.engine import queries
from bpm.feedback import Taker, outbound, promises
from bpm.feedback import queries as feedback_queries
from bpm.feedback.raw_item import RawItem
from bpm.foundation.clock import FixedClock
from bpm.foundation.errors import EarshotError, InvalidInputError
from bpm.foundation.telemetry import logger
from bpm.foundation.work import Actor
from bpm.processes import handing_over
from bpm.processes.handing_over import Order

log = logger(__name__)

LENGTH = timedelta(weeks=items.WEEKS)
SWITCHED_ON_FOR = timedelta(weeks=2)
"""How long before the present the triggers are switched on; what was said earlier is answered without a case."""
TICK = timedelta(hours=4)
OPENS, CLOSES = 7, 21
"""Hours (UTC) between which people work."""
IDLE = {
    "imports",
    "commands",
    "sessions",
    "one-time links",
    "arrivals",
    "replays",
    "login attempts",
    "rate windows",
    "retention",
    "mail",
    "outbox",
    "assignments",
    "heartbeat",
    "alarms",
    "incidents",
    "measures",
    "surveys",
}
"""Sweeps of the worker that a story has no use for."""
SAID_BUT_ONE_IN = 5
"""Where no channel sends, this many of the replies are yet to be said by hand: they are no answers."""
SLOW, USUAL = {"put_order_right": 0.15, "fix_fault": 0.2, "inspect_return": 0.25, "resolve_in_service": 0.35}, 0.45
"""How likely a task is taken up at a look: other departments let it lie."""
WORKS_FOR = timedelta(minutes=25)
"""How long people have a task before they are done with it."""
PROMISED = timedelta(hours=8)
"""Until when what is handed over is due."""
STAFF = ("sam", "olga", "ivan", "ada", "noor", "omar")


class Play:
    """One run of the story; the same seed and the same present give the same story."""

    def __init__(
        self,
        app: App,
        clock: FixedClock,
        actors: dict[str, Actor],
        *,
        until: datetime,
        limit: int | None = None,
        seed: int = 11,
    ) -> None:
        self.app, self.clock, self.actors, self.until = app, clock, actors, until
        self.draw = random.Random(seed)  # noqa: S311 (a story, not a secret)
        self.coming = all_said(until, limit=limit)
        self.switched_off: list[int] = []
        self.sweeps = [sweep for name, sweep in app.sweeps if name not in IDLE]
        self.claimed: dict[int, str] = {}
        self.fresh: list[int] = []
        self.heard: dict[str, RawItem] = {}
        self.again: set[str] = set()

    def run(self, progress: Callable[[float], None]) -> None:
        """Tick by tick up to the present; what is said between two ticks is heard at the later one."""
        begin = self.clock.now()
        self._switch_off()
        scenes = (Outage, Asked, Ahead, Dunning)
        told = [each for scene in scenes for each in scene(self.app, self.actors).acts(self.until)]
        acts = sorted((each for each in told if each[0] > begin), key=lambda each: each[0])
        while self.clock.now() < self.until:
            now = self.clock.now()
            tick = min(now + TICK, self.until)
            while acts and acts[0][0] <= tick:
                at, act = acts.pop(0)
                self.clock.set(max(at, self.clock.now()))
                self._hear()
                self._sweep()
                act()
            self.clock.set(max(tick, self.clock.now()))
            if self.switched_off and self.until - self.clock.now() <= SWITCHED_ON_FOR:
                self._switch_on()
            self._hear()
            self._sweep()
            if OPENS <= self.clock.now().hour < CLOSES:
                if not self.switched_off:
                    self._claim()
                if self.clock.now() + WORKS_FOR < self.until:
                    self.clock.advance(WORKS_FOR)
                self._complete(list(self.claimed.items()))
                self._answer()
                self._say_again()
                self._sweep()
            progress((self.clock.now() - begin) / (self.until - begin))

    def _switch_off(self) -> None:
        """What the processes came with waits until they were looked at for some time."""
        with self.app.unit_of_work(self.actors["dana"]) as work:
            self.switched_off = [trigger.id for trigger in processes.active_triggers(work)]
            for trigger_id in self.switched_off:
                processes.switch_off(work, trigger_id)

    def _switch_on(self) -> None:
        with self.app.unit_of_work(self.actors["dana"]) as work:
            for trigger_id in self.switched_off:
                processes.switch_on(work, trigger_id)
        self.switched_off = []

    def _hear(self) -> None:
        now, heard = self.clock.now(), []
        while self.coming and (self.coming[-1].said_at or now) <= now:
            heard.append(self.coming.pop())
        self.heard |= {raw.natural_key: raw for raw in heard if raw.natural_key}
        with self.app.unit_of_work() as work:
            received = feedback.receive_all(work, heard)
        self.fresh += [row.item_id for row in received]

    def _say_again(self) -> None:
        """Who waits speaks up, and so does who thought that it was over."""
        with self.app.unit_of_work() as work:
            said = again.said_again(work, self.heard, self.draw, self.again)
            self.fresh += [row.item_id for row in feedback.receive_all(work, said)]

    def _sweep(self) -> None:
        """What the worker would do, but for what has nothing to do in a story: its heartbeat would stay silent."""
        while sum(sweep(self.app) for sweep in self.sweeps):
            pass

    def _claim(self) -> None:
        for name in STAFF:
            with self.app.unit_of_work.reading(self.actors[name]) as work:
                page = queries.list_work_items(work, queries.WorkItemFilter(scope="groups"), limit=40)
            for row in page.rows:
                if row.id not in self.claimed and self.draw.random() < SLOW.get(row.element, USUAL):
                    self._try(name, row.id, self._claim_one)

    def _claim_one(self, name: str, item_id: int) -> None:
        with self.app.unit_of_work(self.actors[name]) as work:
            engine.claim(work, item_id)
        self.claimed[item_id] = name

    def _complete(self, begun: list[tuple[int, str]]) -> None:
        for item_id, name in begun:
            if self.draw.random() < 0.95:
                del self.claimed[item_id]
                self._try(name, item_id, self._complete_one)

    def _complete_one(self, name: str, item_id: int) -> None:
        with self.app.unit_of_work(self.actors[name]) as work:
            detail = queries.get_work_item(work, item_id)
            values = fill(detail.schema, self.draw)
            try:
                engine.complete(work, item_id, values)
            except InvalidInputError as refused:  # fields that other answers made necessary
                more = fill(detail.schema, self.draw, only=set(refused.fields))
                engine.complete(work, item_id, values | more)

    def _try(self, name: str, item_id: int, act: Callable[[str, int], None]) -> None:
        """The world moved on in between (a timer, an interrupting event): then the person simply goes on."""
        try:
            act(name, item_id)
        except EarshotError as error:
            log.debug("demo step not possible", item=item_id, reason=str(error))

    def _answer(self) -> None:
        """Of what was heard since last time people answer or decide somewhat more than half; the rest stays open."""
        for item_id in self.fresh:
            chance = self.draw.random()
            if chance < 0.4:
                self._try("ada", item_id, self._reply_one)
            elif chance < 0.55:
                self._try("ada", item_id, self._decide_one)
            elif chance < 0.6:
                self._try("ada", item_id, self._hand_over_one)
        self.fresh.clear()
        self._keep_promises()

    def _reply_one(self, name: str, item_id: int) -> None:
        with self.app.unit_of_work(self.actors[name]) as work:
            item = feedback_queries.get_item(work, item_id).row
            words = answer(item, author=self.actors[name].display_name, draw=self.draw)
            said = feedback.reply(work, item_id, words, confirmed=outbound.WARNINGS)
            for each in promises.propose(words, work.now(), UTC):
                if each.until is not None:
                    promises.make_promise(work, each.text, each.until, reply_id=said.id)
            if item_id % SAID_BUT_ONE_IN:
                feedback.mark_sent(work, said.id)

    def _keep_promises(self) -> None:
        """What was promised until the next day is kept, but for one in four."""
        with self.app.unit_of_work(self.actors["ada"]) as work:
            for row in promises.list_promises(work).rows:
                if row.id % 4 and row.until_at <= self.clock.now() + timedelta(days=1):
                    promises.keep_promise(work, row.id, "Looked at, and told.")

    def _decide_one(self, name: str, item_id: int) -> None:
        with self.app.unit_of_work(self.actors[name]) as work:
            feedback.decide(work, item_id, "no_reply_wanted", reason="Says nothing that waits for an answer.")

    def _hand_over_one(self, name: str, item_id: int) -> None:
        group = ("it", "operations", "service")[item_id % 3]
        due_at = self.clock.now() + PROMISED
        order = Order((Taker(group_key=group),), note="What shall we tell them?", due_at=due_at)
        with self.app.unit_of_work(self.actors[name]) as work:
            handing_over.hand_over(work, item_id, order)

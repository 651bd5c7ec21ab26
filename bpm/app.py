"""The composition root: `build(settings)` names every concrete part once."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from threading import Event, Lock, Thread
from time import monotonic

from sqlalchemy.engine import Engine

from bpm import audit, feedback, identity, mail, notices, processes, search
from bpm.engine import api as engine
from bpm.engine import queries as engine_queries
from bpm.engine import teamwork
from bpm.feedback import classification, clocks, connectors, incidents, outbound, portal, promises, themes
from bpm.feedback.privacy.older_items import sweep_older_items
from bpm.feedback.privacy.retention import sweep_data
from bpm.foundation.bus import Bus
from bpm.foundation.clock import Clock
from bpm.foundation.database_clock import DatabaseClock
from bpm.foundation.db import connect, connect_to_probe, sqlite_file
from bpm.foundation.home import prepare_home
from bpm.foundation.rates.windows import forget_windows
from bpm.foundation.settings import Settings
from bpm.foundation.telemetry import logger
from bpm.foundation.unit_of_work import UnitOfWork
from bpm.processes import (
    alarms,
    artefacts,
    causes,
    goodwill,
    guards,
    handing_over,
    outside,
    own_ways,
    ownership,
    rollouts,
    routing,
    suggestions,
    surveys,
    two_way,
    verdicts,
)
from bpm.processes.erasure import write_over
from bpm.processes.measures import rollups
from bpm.processes.reports import sweep_report_mails
from bpm.queue import OwnWork, Queue, queue_for
from bpm.statistics.bursts import Detector

log = logger(__name__)

SEARCHED = (*feedback.queries.SEARCHED, *engine_queries.SEARCHED)
"""What can be found, room by room."""

Sweep = Callable[["App"], int]
"""Does a bounded amount of waiting work, each piece in its own transaction; gives how much it did."""


MEASURED_EVERY = 10.0
"""Seconds between two measurements of a worker's clock."""
TURNS = 20
"""How often one look goes on with its instance before it lets others go first."""


class Tally:
    """How many pieces of work were done by this process, for its heartbeat; safe from any thread."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._done = 0
        self._told_at = monotonic()

    def add(self, done: int) -> None:
        with self._lock:
            self._done += done

    def take(self, *, every: float = 10.0) -> int:
        """What came since it was last taken; 0 until `every` seconds have gone by, for each telling is a write."""
        with self._lock:
            if monotonic() - self._told_at < every:
                return 0
            done, self._done, self._told_at = self._done, 0, monotonic()
            return done


class Paced:
    """A sweep that looks at most every few seconds: nobody waits for what it does, and each look costs some reads."""

    def __init__(self, sweep: Sweep, *, seconds: float = 5.0, first_after: float = 0.0) -> None:
        self._sweep, self._seconds = sweep, seconds
        self._again_at = monotonic() + first_after if first_after else 0.0

    @property
    def is_due(self) -> bool:
        """Whether it would look now."""
        return monotonic() >= self._again_at

    def __call__(self, app: "App") -> int:
        if not self.is_due:
            return 0
        self._again_at = monotonic() + self._seconds
        return self._sweep(app)


def is_due(sweep: Sweep) -> bool:
    """Whether the sweep would look now: one that would not need not be asked, which costs a lock among workers."""
    return not isinstance(sweep, Paced) or sweep.is_due


class Aside:
    """A sweep that waits for other systems: it runs in a thread of its own, one at a time, and holds nobody up."""

    def __init__(self, sweep: Sweep, *, name: str) -> None:
        self._sweep, self._name = sweep, name
        self._under_way: Thread | None = None

    def __call__(self, app: "App") -> int:
        if self._under_way is None or not self._under_way.is_alive():
            self._under_way = Thread(target=self._run, args=(app,), name=f"earshot-{self._name}", daemon=True)
            self._under_way.start()
        return 0

    def _run(self, app: "App") -> None:
        try:
            while not app.stopping.is_set() and self._sweep(app):
                app.tally.add(1)
        except Exception:
            log.exception("sweep failed", sweep=self._name)


@dataclass(frozen=True)
class App:
    """Everything that a way in (web, CLI, worker) needs."""

    settings: Settings
    clock: Clock
    database: Engine
    probe: Engine
    """Asks whether the database answers, without waiting for whoever uses it."""
    queue: Queue
    bus: Bus
    unit_of_work: UnitOfWork
    sweeps: tuple[tuple[str, Sweep], ...]
    """What the worker runs, in order: (name, sweep)."""
    stopping: Event = field(default_factory=Event)
    """Set when this process is to end: what is under way is finished, nothing new is begun."""
    tally: Tally = field(default_factory=Tally)

    def look(self, instance_id: int) -> None:
        """Do what one instance leaves to a worker, one job after the other; after some turns others come first."""
        own = OwnWork(self.queue, instance_id)
        unit_of_work = replace(self.unit_of_work, queue=own)
        for _ in range(TURNS):
            own.left = False
            done = engine.sweep_jobs(
                unit_of_work, processes.SERVICE_TASKS, instance_id=instance_id, stopping=self.stopping.is_set
            )
            self.tally.add(done)
            if not own.left and done < engine.JOBS_AT_ONCE:
                return
            if self.stopping.is_set():
                break
        with self.unit_of_work() as work:
            work.nudge("jobs", instance_id)

    def sweep_jobs(self) -> int:
        """Do jobs wherever they are; those that just fell due are left to the look that was deferred for them."""
        return engine.sweep_jobs(
            self.unit_of_work,
            processes.SERVICE_TASKS,
            overdue_by=self.queue.grace,
            stopping=self.stopping.is_set,
        )

    def beat(self, *, every: float = 10.0, leaving: bool = False) -> int:
        """Say that this process works, or that it leaves, with how far its clock is off; gives 0: it is no work."""
        done = self.tally.take(every=every)
        return engine.beat(self.unit_of_work, done=done, skew=self.skew(), leaving=leaving)

    def clock_problem(self) -> str:
        """Why this process's clock is not to be worked by, or nothing."""
        skew, most = self.skew(), timedelta(seconds=self.settings.most_clock_skew)
        if skew is None or abs(skew) <= most:
            return ""
        way = "ahead of" if skew > timedelta(0) else "behind"
        off, allowed = abs(skew.total_seconds()), most.total_seconds()
        return f"its clock is {off:.0f} s {way} the database's; {allowed:.0f} s are allowed"

    def skew(self) -> timedelta | None:
        """How far this process's clock is ahead of the database's, measured lately; None for a clock of a test."""
        if isinstance(self.clock, DatabaseClock):
            return self.clock.measure(unless_within=MEASURED_EVERY)
        return None

    def close(self) -> None:
        """Let go of all connections."""
        self.queue.close()
        self.database.dispose()


def build(settings: Settings | None = None, *, clock: Clock | None = None) -> App:
    """The product, wired; `clock` is replaced in tests and dry runs."""
    settings = settings or Settings()
    prepare_home(settings.home, sqlite_file(settings.url))
    database, bus = connect(settings.url, connections=settings.database_connections), Bus()
    clock = clock or DatabaseClock(database)
    queue = queue_for(database)
    audit.wire(bus)
    engine.wire(bus)
    processes.wire(bus)
    processes.wire_notices(bus)
    processes.wire_escapes(bus)
    handing_over.wire(bus)
    routing.wire(bus)
    goodwill.wire(bus)
    two_way.wire(bus)
    search.wire(bus, SEARCHED)
    clocks.wire(bus)
    outbound.wire(bus)
    guards.wire(bus)
    ownership.wire(bus)
    own_ways.wire(bus)
    rollouts.wire(bus)
    rollouts.set_hooks(advice=verdicts.advice)
    outbound.set_hooks(
        incident=incidents.incident_for_gate,
        call_guard=guards.why_not_to_call,
        private_link=lambda _work, _item: portal.PLACEHOLDER,
        words=portal.words_of,
    )
    return App(
        settings=settings,
        clock=clock,
        database=database,
        probe=connect_to_probe(settings.url),
        queue=queue,
        bus=bus,
        unit_of_work=UnitOfWork(database, clock, bus, queue, settings),
        sweeps=_sweeps(),
    )


def _forget_cases(app: App) -> int:
    return engine.sweep_retention(app.unit_of_work) + engine.sweep_uploads(app.unit_of_work)


def _forget_arrivals(app: App) -> int:
    from bpm.identity import oidc

    return oidc.forget_arrivals(app.unit_of_work)


def _sweeps() -> tuple[tuple[str, Sweep], ...]:
    return (
        ("timers", lambda app: engine.sweep_timers(app.unit_of_work)),
        ("jobs", App.sweep_jobs),
        ("batches", lambda app: engine.sweep_batches(app.unit_of_work)),
        ("imports", lambda app: feedback.sweep_imports(app.unit_of_work)),
        ("logs", Paced(lambda app: outside.sweep_logs(app.unit_of_work), seconds=2.0)),
        ("connectors", Paced(Aside(_poll_connectors, name="connectors"), seconds=2.0)),
        ("classification", lambda app: classification.sweep_classification(app.unit_of_work)),
        ("topics", Paced(_Topics(), seconds=3.0)),
        ("clocks", lambda app: clocks.sweep_clocks(app.unit_of_work)),
        ("clock alerts", Paced(_tell_of_clocks)),
        ("themes", Paced(lambda app: themes.sweep_themes(app.unit_of_work), seconds=3.0)),
        ("commands", Paced(lambda app: identity.forget_commands(app.unit_of_work))),
        ("sessions", Paced(lambda app: identity.forget_sessions(app.unit_of_work))),
        ("one-time links", Paced(lambda app: identity.forget_links(app.unit_of_work))),
        ("arrivals", Paced(_forget_arrivals, seconds=600.0, first_after=60.0)),
        ("surveys", Paced(lambda app: surveys.sweep_surveys(app.unit_of_work), seconds=30.0)),
        ("portal codes", Paced(lambda app: portal.forget_codes(app.unit_of_work), seconds=600.0, first_after=60.0)),
        ("login attempts", Paced(lambda app: identity.forget_attempts(app.unit_of_work))),
        ("rate windows", Paced(lambda app: forget_windows(app.unit_of_work))),
        ("retention", Paced(_forget_cases)),
        ("replays", lambda app: engine.sweep_replays(app.unit_of_work)),
        ("audit trail", lambda app: audit.sweep_unsealed(app.unit_of_work)),
        ("mail", lambda app: mail.sweep_mail(app.unit_of_work)),
        ("notices", lambda app: notices.sweep_cues(app.unit_of_work, processes.TELLERS)),
        ("outbox", Paced(Aside(_send_out, name="outbox"), seconds=1.0)),
        ("incidents", Paced(_Incidents(), seconds=20.0)),
        ("incident updates", Paced(lambda app: incidents.sweep_updates(app.unit_of_work), seconds=1.0)),
        ("guards", Paced(lambda app: guards.sweep_guards(app.unit_of_work), seconds=20.0)),
        ("rollouts", Paced(lambda app: rollouts.sweep_rollouts(app.unit_of_work))),
        ("older notices", Paced(_look_after_notices)),
        ("assignments", Paced(lambda app: routing.sweep_assignments(app.unit_of_work))),
        ("report mails", Paced(lambda app: sweep_report_mails(app.unit_of_work), seconds=60.0, first_after=5.0)),
        ("measures", Paced(lambda app: rollups.sweep_rollups(app.unit_of_work), seconds=20.0, first_after=20.0)),
        ("promises", Paced(lambda app: promises.sweep_promises(app.unit_of_work))),
        ("verdicts", Paced(lambda app: verdicts.sweep_verdicts(app.unit_of_work), seconds=60.0, first_after=30.0)),
        ("drawings", Paced(lambda app: engine.sweep_drawings(app.unit_of_work), seconds=10.0, first_after=60.0)),
        ("older items", Paced(lambda app: sweep_older_items(app.unit_of_work))),
        ("erasures", Paced(lambda app: write_over(app.database, app.unit_of_work), seconds=30.0)),
        ("private data", Paced(lambda app: sweep_data(app.unit_of_work), seconds=30.0)),
        ("search", Paced(lambda app: search.sweep_waiting(app.unit_of_work, SEARCHED), seconds=1.0)),
        ("causes", Paced(lambda app: causes.sweep_causes(app.unit_of_work), seconds=2.0)),
        ("artefacts", Paced(lambda app: artefacts.sweep_artefacts(app.unit_of_work), seconds=3.0)),
        ("suggestions", Paced(lambda app: suggestions.sweep_suggestions(app.unit_of_work), seconds=5.0)),
        ("search of before", Paced(lambda app: search.sweep_missing(app.unit_of_work, SEARCHED), seconds=2.0)),
        ("alarms", Paced(Aside(_watch_series, name="alarms"), seconds=60.0, first_after=60.0)),
        ("heartbeat", App.beat),
    )


def _tell_of_clocks(app: App) -> int:
    work = app.unit_of_work
    return clocks.sweep_snoozed(work) + clocks.sweep_clock_alerts(work)


def _watch_series(app: App) -> int:
    return alarms.sweep_alarms(app.unit_of_work)


def _send_out(app: App) -> int:
    return outbound.sweep_outbound(app.unit_of_work)


class _Incidents:
    """Bursts become incidents, incidents calm down, and promised words fall due; the detector lives in the worker."""

    def __init__(self) -> None:
        self._watch = incidents.IncidentWatch(Detector)

    def __call__(self, app: App) -> int:
        """How much there was to do."""
        work = app.unit_of_work
        return self._watch(work) + incidents.sweep_incidents(work) + incidents.sweep_due_updates(work)


class _Topics:
    """Learning takes a minute: beside the other sweeps, in a thread that is there only while there is something."""

    def __init__(self) -> None:
        self._aside = Aside(self._learn, name="topics")

    @staticmethod
    def _learn(app: App) -> int:
        work = app.unit_of_work
        return classification.sweep_topic_trainings(work) + classification.sweep_kind_trainings(work)

    def __call__(self, app: App) -> int:
        work = app.unit_of_work
        return self._aside(app) if classification.topics_wait(work) or classification.kinds_wait(work) else 0


def _poll_connectors(app: App) -> int:
    return connectors.sweep_connectors(app.unit_of_work)


def _look_after_notices(app: App) -> int:
    """What notices need that can wait some seconds: due tasks, new tasks of groups, what is over, digests, the old."""
    work = app.unit_of_work
    return (
        processes.sweep_due(work)
        + processes.sweep_offers(work)
        + processes.sweep_settled(work)
        + processes.sweep_watched(work)
        + teamwork.sweep_absences(work)
        + processes.sweep_deputies(work)
        + notices.sweep_digests(work)
        + notices.forget_notices(work)
        + mail.forget_mail(work)
    )

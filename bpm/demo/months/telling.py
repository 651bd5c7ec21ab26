"""The months from the first version of returns to the third: what happens on which day."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from functools import partial

from bpm.app import App
from bpm.demo.months import versions
from bpm.demo.months.changes import SIGNERS, WINDOW, OnItsWay
from bpm.demo.months.days import Days
from bpm.demo.months.stories import FAKE, REAL
from bpm.engine import api as engine
from bpm.engine import queries
from bpm.foundation.clock import FixedClock
from bpm.foundation.work import Actor
from bpm.processes import rollouts, verdicts
from bpm.processes.bundles import deploy_bundle
from bpm.processes.improvements import gates

TRIED_FROM, TRIED_FOR = 30, 30
"""Day of the start of both trials, and how many days new cases are drawn."""
READ_ON = TRIED_FROM + TRIED_FOR + WINDOW.days + 1
THIRD_ON = READ_ON + 7
DAYS = THIRD_ON + 3
LENGTH = timedelta(days=DAYS + 1)
PER_ARM = 24
"""Cases on each version that the reading waits for."""

Act = Callable[[], object]


def live_through(
    app: App,
    clock: FixedClock,
    actors: dict[str, Actor],
    *,
    each_day: int = 2,
    progress: Callable[[float], None] = lambda done: None,
) -> tuple[OnItsWay, OnItsWay]:
    """Play the days; gives the change that helps and the one that does not. `each_day`: customers in the trials."""
    days = Days(app, clock, actors)
    real, fake = OnItsWay(app, actors, REAL), OnItsWay(app, actors, FAKE)
    acts = _acts(app, actors, days, real, fake)
    for day in range(DAYS):
        days.live(_asks(day, each_day))
        for act in acts.get(day, ()):
            act()
        days.sweep()
        progress((day + 1) / DAYS)
    return real, fake


def _asks(day: int, each_day: int) -> Mapping[str, int]:
    """How many ask for what: few at first, more while both versions run, few again."""
    tried = TRIED_FROM < day <= TRIED_FROM + TRIED_FOR
    if tried:
        return {versions.RETURNS: each_day, versions.COMPLAINTS: (day % 2) + each_day // 2}
    return {versions.RETURNS: (day + 1) % 2, versions.COMPLAINTS: int(day % 4 == 0 and day < TRIED_FROM)}


def _acts(
    app: App, actors: dict[str, Actor], days: Days, real: OnItsWay, fake: OnItsWay
) -> Mapping[int, tuple[Act, ...]]:
    first = TRIED_FROM - 8
    return {
        first: (partial(_train, app, actors), real.propose, fake.propose),
        first + 2: (partial(real.measure, 14), partial(fake.measure, 10)),
        first + 4: (real.deploy, fake.deploy),
        **{
            first + 5 + place: (partial(real.sign, department), partial(fake.sign, department))
            for place, department in enumerate(SIGNERS)
        },
        TRIED_FROM: tuple(
            partial(each.roll_out, PER_ARM, lasts=timedelta(days=READ_ON - TRIED_FROM - 1)) for each in (real, fake)
        ),
        READ_ON: (partial(_read, app),),
        READ_ON + 1: (partial(_decide, app, actors, days, real), fake.decide, real.conclude, fake.conclude),
        THIRD_ON: (partial(_third, app, actors, days),),
    }


def _train(app: App, actors: dict[str, Actor]) -> None:
    """Sam is trained as social strategist, who signs what customers mean."""
    from bpm import identity

    with app.unit_of_work(actors["alex"]) as work:
        identity.set_skills(work, actors["sam"].user_id or 0, {gates.STRATEGIST: None})


def _read(app: App) -> None:
    rollouts.sweep_rollouts(app.unit_of_work)
    verdicts.sweep_verdicts(app.unit_of_work)


def _decide(app: App, actors: dict[str, Actor], days: Days, change: OnItsWay) -> None:
    if change.decide():
        _move(app, actors, days, change.old, change.new, reason="They would be called for parcels that are here.")


def _third(app: App, actors: dict[str, Actor], days: Days) -> None:
    """The third version of returns, signed by all departments; who waits is moved to it."""
    unit_of_work = replace(app.unit_of_work, by=actors["dana"])
    with app.unit_of_work.reading() as work:
        live = queries.find_live_version(work, versions.RETURNS)
    note = "Customers hear of a delay after two days, and a photo is kept."
    made = deploy_bundle(unit_of_work, versions.returns_faster(), key=versions.RETURNS, note=note)
    for department, name in SIGNERS.items():
        with app.unit_of_work(actors[name]) as work:
            engine.sign(work, made.version_id, department)
    with app.unit_of_work(actors["dana"]) as work:
        engine.go_live(work, made.version_id)
    if live is not None:
        _move(app, actors, days, live.id, made.version_id, reason="Everybody hears of a delay sooner.")


def _move(app: App, actors: dict[str, Actor], days: Days, old: int, new: int, *, reason: str) -> None:
    """Let the cases of one version go on with another, as an operator does on the page of the version."""
    with app.unit_of_work(actors["otto"]) as work:
        if not engine.count_running(work, [old]).get(old):
            return
        plan = engine.propose_plan(work, old, new)
        engine.begin_batch(work, "migrate", engine.running_on(old), {"plan": plan.as_json()}, reason=reason)
    days.sweep()

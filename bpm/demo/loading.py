"""Loads the demo into an empty database, and wipes a database that holds the demo and nothing else."""

from collections.abc import Callable
from dataclasses import replace
from enum import Enum
from pathlib import Path

from sqlalchemy import select

from bpm import identity, processes, schema
from bpm.app import App
from bpm.demo import people, play
from bpm.foundation.clock import FixedClock
from bpm.foundation.errors import ConflictError
from bpm.identity.models import Banner, User
from bpm.processes import catalogue

MODELS = Path(processes.__file__).parent.parent.parent / "process_models"
KEY = "demo"
LOADING = "The demo story is being loaded."
READY = (
    "This is a demo: invented people and dates; two thirds of the customers' words are from public data sets, "
    "the rest was written for it. Wipe it with: earshot demo --wipe"
)


class State(Enum):
    """What the database holds."""

    EMPTY = "empty"
    HALF = "half a demo"
    DEMO = "demo"
    IN_USE = "in use"


def state(app: App) -> State:
    """Whether the database is empty, holds the demo (or half of one that was interrupted), or is in use."""
    with app.unit_of_work.reading() as work:
        banner = work.session.get(Banner, KEY)
        if banner is not None:
            return State.HALF if banner.message == LOADING else State.DEMO
        return State.IN_USE if work.session.scalar(select(User.id).limit(1)) else State.EMPTY


def load(app: App, *, limit: int | None = None, progress: Callable[[float], None] = lambda done: None) -> None:
    """Load the story up to the present; `progress` is told the share done (0..1), `limit` caps the items.

    ConflictError unless the database is empty (or holds half a demo, which is wiped first).
    """
    if state(app) is State.HALF:
        wipe(app)
    if state(app) is not State.EMPTY:
        raise ConflictError(
            "The database is in use.", remedy="Load the demo into a fresh one: set EARSHOT_HOME to a new folder."
        )
    clock = FixedClock(app.clock.now() - play.LENGTH)
    past = replace(app, clock=clock, unit_of_work=app.unit_of_work.at(clock))
    with past.unit_of_work() as work:
        identity.post_banner(work, KEY, LOADING)
        actors = people.arrive(work)
    story = play.Play(
        past,
        clock,
        actors,
        go_live=lambda: catalogue.deploy_all(past.unit_of_work, MODELS),
        until=app.clock.now(),
        limit=limit,
    )
    story.run(progress)
    with app.unit_of_work() as work:
        identity.post_banner(work, KEY, READY)


def wipe(app: App) -> None:
    """Take everything out of a database that holds the demo. ConflictError for any other."""
    if state(app) not in (State.DEMO, State.HALF):
        raise ConflictError("This database does not hold the demo; nothing was wiped.")
    schema.downgrade(app.database, to="base")
    schema.upgrade(app.database, settings=app.settings)

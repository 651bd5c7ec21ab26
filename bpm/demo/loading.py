"""Loads the demo into an empty database, and wipes a database that holds the demo and nothing else."""

from collections.abc import Callable
from dataclasses import replace
from enum import Enum
from pathlib import Path

from sqlalchemy import select

from bpm import identity, processes, schema
from bpm.app import App
from bpm.demo import customers_side, owned, people, play
from bpm.foundation.clock import FixedClock
from bpm.foundation.errors import ConflictError
from bpm.foundation.work import Work
from bpm.identity.models import User
from bpm.processes import catalogue

Progress = Callable[[float], None]
"""Is told the share done, 0..1."""

MODELS = Path(processes.__file__).parent.parent.parent / "process_models"
KEY = "demo"
LOADING = "The demo is still loading: {percent} %; lists fill up meanwhile."
READY = "Demo data, all invented. Remove it with: earshot demo --wipe"


class State(Enum):
    """What the database holds."""

    EMPTY = "empty"
    HALF = "half a demo"
    DEMO = "demo"
    IN_USE = "in use"


def state(app: App) -> State:
    """Whether the database is empty, holds the demo (or half of one that was interrupted), or is in use."""
    with app.unit_of_work.reading() as work:
        keys = {banner.key for banner in identity.list_banners(work)}
        if identity.LOADING in keys:
            return State.HALF
        if KEY in keys:
            return State.DEMO
        return State.IN_USE if work.session.scalar(select(User.id).limit(1)) else State.EMPTY


def load(app: App, *, limit: int | None = None, progress: Progress = lambda done: None) -> None:
    """Load the story up to the present; `progress` is told the share done (0..1), `limit` caps the items.

    ConflictError unless the database is empty (or holds half a demo, which is wiped first).
    """
    begin(app)
    go_on(app, limit=limit, progress=progress)


def begin(app: App) -> None:
    """The people, and the banner that says that the rest is to come; takes a second. ConflictError as for `load`."""
    if state(app) is State.HALF:
        wipe(app)
    if state(app) is not State.EMPTY:
        raise ConflictError(
            "The database is in use.", remedy="Load the demo into a fresh one: set EARSHOT_HOME to a new folder."
        )
    with app.unit_of_work.at(FixedClock(app.clock.now() - play.LENGTH))() as work:
        _post(work, 0)
        people.arrive(work)


def go_on(app: App, *, limit: int | None = None, progress: Progress = lambda done: None) -> None:
    """The rest of what `begin` began, while others may read and write; the banner says how far it is."""
    clock = FixedClock(app.clock.now() - play.LENGTH)
    past = replace(app, clock=clock, unit_of_work=app.unit_of_work.at(clock))
    with app.unit_of_work.reading() as work:
        actors = {user.username: identity.actor_of(user) for user in identity.list_users(work)}
    catalogue.deploy_all(past.unit_of_work, MODELS)
    story = play.Play(past, clock, actors, until=app.clock.now(), limit=limit)
    story.run(_posting(app, progress))
    customers_side.show(app, actors)
    owned.own(app, actors)
    with app.unit_of_work() as work:
        identity.take_banner(work, identity.LOADING)
        identity.post_banner(work, KEY, READY)


def _posting(app: App, progress: Progress) -> Progress:
    """Tells `progress`, and at each percent the banner."""
    posted = 0

    def tell(share: float) -> None:
        nonlocal posted
        progress(share)
        if (percent := int(share * 100)) > posted:
            posted = percent
            with app.unit_of_work() as work:
                _post(work, percent)

    return tell


def _post(work: Work, percent: int) -> None:
    identity.post_banner(work, identity.LOADING, LOADING.format(percent=percent))


def wipe(app: App) -> None:
    """Take everything out of a database that holds the demo. ConflictError for any other."""
    if state(app) not in (State.DEMO, State.HALF):
        raise ConflictError("This database does not hold the demo; nothing was wiped.")
    schema.downgrade(app.database, to="base")
    schema.upgrade(app.database, settings=app.settings)

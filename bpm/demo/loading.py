"""Loads the demo into an empty database, and wipes a database that holds the demo and nothing else."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from enum import Enum

from sqlalchemy import select

from bpm import identity, schema
from bpm.app import App
from bpm.demo import company, customers_side, months, people, play, removal
from bpm.demo.months.versions import MODELS, RETURNS, returns_before
from bpm.demo.scenes import colleagues, elsewhere, files, stuck, talks, together
from bpm.demo.scenes.dunning import look
from bpm.foundation.clock import FixedClock
from bpm.foundation.errors import ConflictError
from bpm.foundation.work import Work
from bpm.identity.models import User
from bpm.processes import catalogue
from bpm.processes.bundles import deploy_bundle
from bpm.processes.measures import rollups
from bpm.processes.triggers.of_version import ensure_triggers

Progress = Callable[[float], None]
"""Is told the share done, 0..1."""

MONTHS_FROM = 300
"""Items from which on the months before are told, too."""
OF_MONTHS = 0.3
"""Share of the whole that the months take."""
LOADING = "The demo is still loading: {percent} %; lists fill up meanwhile."
READY = "Demo data, all invented."


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
        if removal.BANNER in keys:
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
    with app.unit_of_work.at(FixedClock(app.clock.now() - play.LENGTH - months.LENGTH))() as work:
        _post(work, 0)
        people.arrive(work)


def go_on(app: App, *, limit: int | None = None, progress: Progress = lambda done: None) -> None:
    """The rest of what `begin` began, while others may read and write; the banner says how far it is.

    With a `limit` below `MONTHS_FROM` the months before the four weeks are left out.
    """
    has_months = limit is None or limit >= MONTHS_FROM
    clock = FixedClock(app.clock.now() - play.LENGTH - (months.LENGTH if has_months else timedelta()))
    past = replace(app, clock=clock, unit_of_work=app.unit_of_work.at(clock))
    with app.unit_of_work.reading() as work:
        actors = {user.username: identity.actor_of(user) for user in identity.list_users(work)}
    tell = _posting(app, progress)
    _deploy(past, before=has_months)
    company.open_for_work(past, actors)
    if has_months:
        months.live_through(past, clock, actors, progress=lambda done: tell(done * OF_MONTHS))
    clock.set(app.clock.now() - play.LENGTH)
    share = OF_MONTHS if has_months else 0.0
    story = play.Play(past, clock, actors, until=app.clock.now(), limit=limit)
    story.run(lambda done: tell(share + done * (1 - share)))
    customers_side.show(app, actors)
    company.keep(app, actors)
    colleagues.talk(app, actors)
    talks.talk(app, actors)
    together.join(app, actors)
    files.take_in(app, actors)
    elsewhere.read(app, actors)
    stuck.get_stuck(app, actors)
    look(app)
    while rollups.sweep_rollups(app.unit_of_work):
        pass
    end(app)


def end(app: App) -> None:
    """The story is told: every page says that it is one, and what is there now is what goes with it."""
    with app.unit_of_work() as work:
        identity.take_banner(work, identity.LOADING)
        identity.post_banner(work, removal.BANNER, READY)
        removal.put_on_record(work)


def _deploy(past: App, *, before: bool) -> None:
    """Everything that is shipped; `before`: returns as they ran before they were improved."""
    for path in sorted(path for path in MODELS.iterdir() if (path / f"{path.name}.bpmn").is_file()):
        if before and path.name == RETURNS:
            came = returns_before()
            deploy_bundle(past.unit_of_work, came, key=RETURNS, note="As we have always done it.")
            with past.unit_of_work() as work:
                ensure_triggers(work, RETURNS, came.triggers)
        else:
            catalogue.deploy_folder(past.unit_of_work, path)


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


def wipe(app: App, *, everything: bool = False) -> int:
    """Take the demo out; gives how many records went, 0 where the whole database was emptied.

    Where nobody else has an account here, or with `everything`, all of it is emptied; else what is the demo's goes, see
    `removal`. ConflictError for a database that holds no demo, or one of an earlier release.
    """
    now = state(app)
    if now not in (State.DEMO, State.HALF):
        raise ConflictError("This database does not hold the demo; nothing was wiped.")
    if now is State.DEMO and not everything:
        with app.unit_of_work.reading() as work:
            has_others = removal.others(work) > 0
        if has_others:
            with app.unit_of_work() as work:
                return removal.remove(work)
    schema.downgrade(app.database, to="base", settings=app.settings)
    schema.upgrade(app.database, settings=app.settings)
    return 0

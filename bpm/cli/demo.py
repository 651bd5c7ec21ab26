"""`earshot demo`: loads the demo story, or wipes it."""

from dataclasses import asdict

import click

from bpm import demo as story
from bpm.app import App
from bpm.cli import emit
from bpm.cli.product import opened
from bpm.cli.server.demo_story import bar
from bpm.foundation import telemetry
from bpm.foundation.texts import _


@click.command()
@click.option("--if-empty", is_flag=True, help="Do nothing when the database is in use already.")
@click.option("--wipe", is_flag=True, help="Take the demo out again, and nothing else; refuses a database without it.")
@click.option("--everything", is_flag=True, help="With --wipe: empty the whole database.")
@click.option("--what-goes", is_flag=True, help="Tell what --wipe would take out, and change nothing.")
@click.option("--items", type=click.IntRange(min=0), default=None, help="Load at most so many items.")
@click.option("--json", "as_json", is_flag=True, help='Print {"state", "password", "logins": [...]}.')
def demo(
    if_empty: bool, wipe: bool, everything: bool, what_goes: bool, items: int | None, as_json: bool
) -> None:  # fmt: skip
    """Load the demo story into an empty database: people, processes and four weeks of customer voice."""
    app = opened()
    telemetry.configure(app.settings)
    if what_goes:
        _tell_what_goes(app, as_json=as_json)
        return
    if wipe:
        story.wipe(app, everything=everything)
    elif not (if_empty and story.state(app) in (story.State.DEMO, story.State.IN_USE)):
        with bar("Loading the demo story", hidden=as_json) as progress:
            story.load(app, limit=items, progress=progress)
    now = story.state(app)
    if as_json:
        logins = [{"username": p.username, "name": p.name, "roles": p.roles, "does": p.does} for p in story.PEOPLE]
        emit({"state": now.value, "password": story.PASSWORD, "logins": logins if now is story.State.DEMO else []})
        return
    if now is not story.State.DEMO:
        click.echo("The demo is wiped." if wipe else "The database is in use; the demo was not loaded.")
        return
    name_people()


def _tell_what_goes(app: App, *, as_json: bool) -> None:
    with app.unit_of_work.reading() as work:
        parts = story.what_goes(work)
    if as_json:
        emit([asdict(part) for part in parts])
        return
    for part in parts:
        click.echo(
            _("%(name)s: %(own)s of the demo, %(later)s that hang on it; %(stays)s stay")
            % {"name": part.name, "own": part.own, "later": part.later, "stays": part.stays}
        )


def name_people() -> None:
    """Tell the terminal who can sign in, and how."""
    click.echo(f"Demo people (password of all: {story.PASSWORD}):")
    for person in story.PEOPLE:
        click.echo(f"  {person.username:<6} {person.does}")

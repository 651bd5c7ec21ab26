"""`python -m tools.volume --home DIR`: fill an empty home, sum it, and time the pages of figures."""

import os
import re
import secrets
import tempfile
from itertools import pairwise
from pathlib import Path
from time import perf_counter

import click

from bpm import identity, schema
from bpm.app import App, build
from bpm.engine import api as engine
from bpm.engine.queries import find_versions
from bpm.foundation.settings import Settings
from bpm.processes.measures.rollups import rebuild_rollups, sweep_rollups
from tools.bench.report import machine
from tools.volume.filling import fill
from tools.volume.pages import PAGES, time_page
from web.app import create_app

PASSWORD = secrets.token_urlsafe(24)
ROLES = ["manager", "chief_customer", "staff", "operator", "admin", "advocate"]
TASKS = [f"task_{number}" for number in range(1, 9)]


@click.command()
@click.option("--visits", default=1_000_000, show_default=True)
@click.option("--items", default=300_000, show_default=True)
@click.option("--database", default="", help="SQLAlchemy URL of an empty database; else SQLite in a new folder.")
@click.option("--home", type=click.Path(path_type=Path), default=None, help="Folder; kept. Else one that goes again.")
def main(visits: int, items: int, database: str, home: Path | None) -> None:
    """Prints a row per page: milliseconds of server time of an answer, and its statements."""
    with tempfile.TemporaryDirectory() as folder:
        app = to_product(database, home or Path(folder))
        with app.unit_of_work.reading() as work:
            filled = bool(find_versions(work, "volume"))
        if not filled:
            _fill(app, visits=visits, items=items)
            begun = perf_counter()
            days = rebuild_rollups(app.unit_of_work)
            click.echo(f"{days} days summed in {perf_counter() - begun:.0f} s")
        for _look in range(3):  # what a worker does within a minute
            sweep_rollups(app.unit_of_work)
        click.echo(machine())
        _time(app)


def to_product(database: str, home: Path) -> App:
    """The product over an empty database, or over the one that was filled before."""
    home.mkdir(parents=True, exist_ok=True)
    os.environ |= {"EARSHOT_HOME": str(home)} | ({"EARSHOT_DATABASE_URL": database} if database else {})
    app = build(Settings())
    schema.upgrade(app.database, settings=app.settings)
    return app


def _model() -> str:
    """Eight tasks one after the other, in three lanes."""
    places = ["start", *TASKS, "end"]
    lanes = "".join(
        f'<lane id="lane_{lane}" name="{lane}">'
        + "".join(f"<flowNodeRef>{each}</flowNodeRef>" for each in some)
        + "</lane>"
        for lane, some in (("Service", places[:4]), ("Operations", places[4:7]), ("IT", places[7:]))
    )
    tasks = "".join(f'<userTask id="{each}" name="{each.title()}"/>' for each in TASKS)
    flows = "".join(
        f'<sequenceFlow id="flow_{number}" sourceRef="{one}" targetRef="{other}"/>'
        for number, (one, other) in enumerate(pairwise(places))
    )
    return (
        '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="volume">'
        f'<process id="volume" name="Volume" isExecutable="true"><laneSet id="lanes">{lanes}</laneSet>'
        f'<startEvent id="start"/>{tasks}<endEvent id="end"/>{flows}</process></definitions>'
    )


def put_process(app: App) -> tuple[int, list[dict[str, str]]]:
    """Put the process live; its version's id, and its elements."""
    prepared = engine.check(_model().encode(), "volume.bpmn")
    with app.unit_of_work() as work:
        version = engine.deploy(work, prepared, key="volume")
        for department in work.settings.sign_offs:
            engine.sign(work, version.id, department, method="console")
        engine.go_live(work, version.id)
        version_id = version.id
    return version_id, [
        {"id": each.id, "name": each.name, "type": each.type, "lane": each.lane or ""} for each in prepared.elements
    ]


COLLEAGUES = 100


def _fill(app: App, *, visits: int, items: int) -> None:
    version_id, elements = put_process(app)
    with app.unit_of_work() as work:
        for number in range(COLLEAGUES):
            identity.create_user(
                work, f"colleague{number}", display_name=f"Colleague {number}", password=secrets.token_urlsafe(24),
                roles=["staff"], groups=[],
            )  # fmt: skip
    begun = perf_counter()
    fill(app.unit_of_work, version_id, elements, visits=visits, items=items)
    click.echo(f"{visits:,} visits and {items:,} items in {perf_counter() - begun:.0f} s")


def _time(app: App) -> None:
    with app.unit_of_work() as work:
        name = f"reader{len(identity.list_users(work))}"
        identity.create_user(work, name, display_name=name, password=PASSWORD, roles=ROLES, groups=[])
    client = create_app(app).test_client()
    token = re.search(r'"X-CSRFToken": "([^"]+)"', client.get("/sign-in").get_data(as_text=True))
    client.post(
        "/sign-in", data={"username": name, "password": PASSWORD, "csrf_token": token.group(1) if token else ""}
    )
    for page in PAGES:
        took = time_page(app, client, page)
        click.echo(
            f"{took.status} {took.total:6.0f} ms: {took.worked:5.0f} here, {took.database:5.0f} in the database, "
            f"{took.statements:3} statements, {page}"
        )


if __name__ == "__main__":
    main()

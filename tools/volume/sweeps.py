"""`python -m tools.volume.sweeps`: what the sweep of measures costs where 20 links came in on one long day."""

import tempfile
from datetime import timedelta
from pathlib import Path
from time import process_time

import click
from sqlalchemy import select

from bpm.app import App
from bpm.feedback.models import FeedbackItem
from bpm.processes.measures.rollups import rebuild_rollups, sweep_rollups
from bpm.processes.models import Attribution
from bpm.processes.status import AttributionMethod, LinkKind
from tools.volume import filling
from tools.volume.__main__ import put_process, to_product

LINKS, LOOKS = 20, 4


@click.command()
@click.option("--cases", default=10_000, show_default=True)
def main(cases: int) -> None:
    """Prints seconds of processor time of each look: one that finds nothing, then looks after links came in."""
    with tempfile.TemporaryDirectory() as folder:
        app = to_product("", Path(folder))
        version_id, elements = put_process(app)
        filling.YEAR = timedelta(hours=20)
        filling.fill(app.unit_of_work, version_id, elements, visits=cases * 10, items=cases // 2)
        rebuild_rollups(app.unit_of_work)
        sweep_rollups(app.unit_of_work)
        click.echo(f"nothing: {_look(app):.3f} s")
        for _number in range(LOOKS):
            _link(app, version_id)
            click.echo(f"{LINKS} links: {_look(app):.3f} s")


def _look(app: App) -> float:
    began = process_time()
    sweep_rollups(app.unit_of_work)
    return process_time() - began


def _link(app: App, version_id: int) -> None:
    with app.unit_of_work() as work:
        for item in work.session.scalars(select(FeedbackItem.id).order_by(FeedbackItem.id).limit(LINKS)).all():
            link = Attribution(
                item_id=item, definition_key="volume", version_id=version_id, instance_id=None, element="task_3",
                kind=LinkKind.SAID_DURING, method=AttributionMethod.RECORDED, confidence=1.0, evidence="",
                author="system", valid_from=work.now(),
            )  # fmt: skip
            work.session.add(link)


if __name__ == "__main__":
    main()

"""`earshot replay`: the last finished cases of the live version, run through another version of the process."""

import click

from bpm.cli import emit
from bpm.cli.product import opened
from bpm.engine import api as engine
from bpm.engine.queries import list_versions
from bpm.foundation.errors import NotFoundError
from bpm.foundation.texts import _


@click.command()
@click.argument("key")
@click.option("--draft", "number", type=int, required=True, help="Number of the version to replay them through.")
@click.option("--cases", "most", type=click.IntRange(1, 2000), default=None, help="Most cases; EARSHOT_REPLAY_CASES.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document, with each case and its two paths.")
def replay(key: str, number: int, most: int | None, as_json: bool) -> None:
    """Replay the last finished cases of the live version of KEY: same answers, results, messages and clock.

    What is not on record is said and never invented; nothing is written.
    """
    app = opened()
    with app.unit_of_work.reading() as work:
        found = next((each for each in list_versions(work, key) if each.number == number), None)
    if found is None:
        raise NotFoundError(_("There is no version %(number)s of %(key)s.") % {"number": number, "key": key})
    result = engine.replay(app.unit_of_work, found.id, most=most)
    if as_json:
        emit(result)
        return
    click.echo(_("%(of)s finished case(s) replayed.") % {"of": result["of"]})
    for kind, count in result["counts"].items():
        if count:
            click.echo(f"  {count:>6} {engine.replay_words(kind)}")
    for each in result["cases"]:
        for sentence in each["why"]:
            click.echo(f"  {each['case']}: {sentence}")

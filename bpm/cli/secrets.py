"""`earshot secrets`: the keys that tokens, passwords and signing secrets of other systems are sealed with."""

import sys

import click

from bpm import audit, feedback
from bpm.cli import emit
from bpm.cli.product import opened
from bpm.feedback.privacy.raw_records import reseal_records
from bpm.secrets import add_key, list_keys_in_use, reseal_all


@click.group()
def secrets() -> None:
    """Look after the keys of stored secrets; `earshot doctor` says which are in use."""


@secrets.command()
@click.option(
    "--json",
    "as_json",
    is_flag=True,
    help='Print {"key", "made", "resealed", "moved", "records", "in_use": {key: secrets}, '
    '"unreadable": [{"owner", "why"}]}.',
)
def rotate(as_json: bool) -> None:
    """Seal every stored secret with a new key; safe to repeat.

    Without EARSHOT_SECRETS_KEY a new key is made in EARSHOT_HOME. With it, put the new key in front of the old one
    first, in every process: the first seals, all open. Older keys stay good for opening. Exit code 1 if a secret
    could not be opened; it is left as it is.
    """
    app = opened()
    made = not app.settings.secrets_key
    if made:
        add_key(app.settings)
    with app.unit_of_work() as work:
        moved = feedback.seal_plain_secrets(work)
        rotation = reseal_all(work)
        records = reseal_records(work)
        told = {"key": rotation.key_id, "made": made, "resealed": rotation.resealed, "moved": moved}
        audit.record(work, "secrets.rotate", audit.Thing("secrets", "all", "Stored secrets"), after=told)
    with app.unit_of_work.reading() as work:
        in_use, _ = list_keys_in_use(work)
    app.close()
    if as_json:
        unreadable = [{"owner": str(each.owner), "why": each.why} for each in rotation.unreadable]
        emit(
            {"key": rotation.key_id, "made": made, "resealed": rotation.resealed, "moved": moved, "records": records}
            | {"in_use": in_use, "unreadable": unreadable}
        )
        sys.exit(1 if unreadable else 0)
    click.echo(f"The key {rotation.key_id} seals now{', made just now' if made else ''}.")
    click.echo(f"{rotation.resealed} secrets were sealed anew; {moved} that stood in plain text were sealed.")
    click.echo(f"{records} raw records were sealed anew.")
    for each in rotation.unreadable:
        click.echo(f"{each.owner} cannot be opened: {each.why}. It is left as it is.", err=True)
    click.echo("Keep older keys as long as backups that they open.")
    sys.exit(1 if rotation.unreadable else 0)

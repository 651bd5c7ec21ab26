"""`earshot person`: all that is kept of one customer handed out, or the customer erased everywhere."""

import sys

import click
import orjson

from bpm.app import App
from bpm.cli import emit
from bpm.cli.product import opened
from bpm.feedback.privacy.retention import MOST_DAYS, keep_for
from bpm.feedback.status import DataClass
from bpm.foundation.texts import _
from bpm.processes.erasure import backups_in, erase_person, export_person, plain, preview_erasure, write_over

CUSTOMER = click.IntRange(1, 2**63 - 1)
REASON = click.option("--reason", default="", help="Why; it goes on the audit trail. Name nobody in it.")


@click.group()
def person() -> None:
    """Hand out or erase what is kept of a customer, by the customer's number."""


@person.command("export")
@click.argument("customer", type=CUSTOMER)
@REASON
def export_(customer: int, reason: str) -> None:
    """All that is kept of CUSTOMER as one JSON document, nothing masked."""
    app = opened()
    with app.unit_of_work() as work:
        told = export_person(work, customer, reason=reason)
    sys.stdout.buffer.write(orjson.dumps(told, option=orjson.OPT_UTC_Z | orjson.OPT_NON_STR_KEYS, default=plain))
    sys.stdout.buffer.write(b"\n")


@person.command("erase")
@click.argument("customer", type=CUSTOMER)
@REASON
@click.option("--preview", is_flag=True, help="Say what would go, and erase nothing.")
@click.option("--json", "as_json", is_flag=True, help='Print {"customer", "went": {kind: count}, "backups"}.')
def erase(customer: int, reason: str, preview: bool, as_json: bool) -> None:
    """Erase CUSTOMER from every table; counts, charts and verdicts stay as they are."""
    app = opened()
    if preview:
        with app.unit_of_work.reading() as work:
            went, backups = preview_erasure(work, customer), None
    else:
        with app.unit_of_work() as work:
            erasure = erase_person(work, customer, reason=reason, backups=backups_in(app.settings.home))
            went, backups = dict(erasure.went), dict(erasure.backups)
        write_over(app.database, app.unit_of_work)
    if as_json:
        emit({"customer": customer, "went": went, "backups": backups})
        return
    _tell(app, customer, went=went, note=backups["note"] if backups else "")


def _tell(app: App, customer: int, *, went: dict[str, int], note: str) -> None:
    head = _("Customer %(id)s is erased:") if note else _("Of customer %(id)s would go:")
    click.echo(head % {"id": customer})
    for words, count in went.items():
        if count:
            click.echo(f"  {count} {words}")
    if note:
        click.echo(note)
    if note and app.database.dialect.name == "postgresql":
        click.echo(_("PostgreSQL keeps dead rows until it vacuums: run VACUUM FULL to have them gone at once."))


@person.command("keep")
@click.argument("data_class", type=click.Choice([each.value for each in DataClass]), metavar="raw|words|contacts")
@click.argument("days", type=click.IntRange(0, MOST_DAYS))
@click.option("--source", default="", help="Of this source alone.")
@REASON
def keep(data_class: str, days: int, source: str, reason: str) -> None:
    """Keep raw records, words or contact points of everybody for DAYS; 0 for ever. Less waits a day."""
    app = opened()
    with app.unit_of_work() as work:
        rule = keep_for(work, DataClass(data_class), days or None, source=source, reason=reason)
        due = rule.due_at
    click.echo(_("It takes effect on %(at)s.") % {"at": f"{due:%Y-%m-%d %H:%M} UTC"} if due else _("It is in force."))

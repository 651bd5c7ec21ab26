"""`earshot migrate`, `settings` and `doctor`: the ground the product stands on."""

import sys
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import click
from sqlalchemy.exc import SQLAlchemyError

from bpm import schema
from bpm.app import App, build
from bpm.cli import emit
from bpm.cli.doctor_checks import (
    audit_trail,
    clocks,
    due_work,
    imports,
    leases,
    mails,
    search_index,
    unseen,
    workers,
)
from bpm.engine.api import check_invariants
from bpm.engine.queries import list_stalled
from bpm.feedback import count_plain_secrets
from bpm.foundation.errors import EarshotError
from bpm.foundation.settings import Settings
from bpm.processes import rollouts
from bpm.secrets import REMEDY, list_keys_in_use, read_keyring

BEHIND = timedelta(minutes=1)
"""How long work may wait for a worker before that is called wrong."""


@click.command()
@click.option("--json", "as_json", is_flag=True, help='Print {"from", "to"}.')
def migrate(as_json: bool) -> None:
    """Bring the database to the newest revision."""
    app = build()
    before = schema.current(app.database)
    schema.upgrade(app.database, settings=app.settings)
    after = schema.current(app.database)
    if as_json:
        emit({"from": before, "to": after})
        return
    click.echo(f"The database is at revision {after}{' already' if before == after else ''}.")


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print a JSON document.")
def settings(as_json: bool) -> None:
    """List every setting: environment variable, value in force, meaning."""
    values = Settings()
    rows: list[dict[str, Any]] = [
        {"name": f"EARSHOT_{name.upper()}", "value": _shown(name, values), "meaning": field.description}
        for name, field in Settings.model_fields.items()
    ]
    if as_json:
        emit({"settings": rows})
        return
    for row in rows:
        click.echo(f"{row['name']:<28} {row['value']:<32} {row['meaning']}")


def _shown(name: str, values: Settings) -> str:
    value = getattr(values, name)
    if name in {"secret_key", "secrets_key"}:
        return "(set)" if value else "(made and kept in EARSHOT_HOME)"
    if name in {"smtp_password", "smtp_second"}:
        return "(set)" if value else ""
    if name == "database_url":
        return str(values.url) if not value else str(value).split("@")[-1]
    return ",".join(map(str, value)) if isinstance(value, tuple) else str(value if value is not None else "")


@click.command()
@click.option(
    "--json", "as_json", is_flag=True, help='Print {"healthy", "checks": [{"name", "ok", "detail"}], "not_looked_at"}.'
)
def doctor(as_json: bool) -> None:
    """Look the installation over: database, revision, every instance. Exit code 1 if anything is wrong."""
    app = build()
    checks = [_check("database answers", lambda: _answers(app)), _check("schema is newest", lambda: _newest(app))]
    not_looked_at = [name for name, _look in LOOKS]
    if all(check["ok"] for check in checks):
        checks += [_check(name, partial(look, app)) for name, look in LOOKS]
        not_looked_at = []
    not_looked_at += unseen(app.database.dialect.name)
    app.close()
    healthy = all(check["ok"] for check in checks)
    if as_json:
        emit({"healthy": healthy, "checks": checks, "not_looked_at": not_looked_at})
    else:
        for check in checks:
            click.echo(f"{'ok ' if check['ok'] else 'BAD'} {check['name']}: {check['detail']}")
        for each in not_looked_at:
            click.echo(f"--  not looked at: {each}")
    sys.exit(0 if healthy else 1)


def _check(name: str, look: Any) -> dict[str, Any]:
    try:
        return {"name": name, "ok": True, "detail": look()}
    except (EarshotError, SQLAlchemyError) as error:
        return {"name": name, "ok": False, "detail": str(error)}


def _answers(app: App) -> str:
    with app.database.connect() as connection:
        connection.exec_driver_sql("SELECT 1")
    return app.database.dialect.name


def _newest(app: App) -> str:
    schema.demand_newest(app.database)
    return schema.newest()


def _queue(app: App) -> str:
    """Who drives, who listens, and how far behind the workers are."""
    report = app.queue.report()
    if report.behind_for > BEHIND:
        raise EarshotError(
            f"{report.waiting} instances wait for a worker, the first for {_ago(report.behind_for)}; "
            f"{report.workers} workers are heard of.",
            remedy="Start: earshot worker",
        )
    if not (report.workers or report.listeners or report.waiting):
        return report.driver
    return (
        f"{report.driver}; {report.workers} workers, {report.listeners} listening processes, "
        f"{report.waiting} instances wait for one, the first for {_ago(report.behind_for)}"
    )


def _ago(span: timedelta) -> str:
    return f"{span.total_seconds():.1f} s"


def _secret(app: App) -> str:
    if app.settings.secret_key:
        return "signed with EARSHOT_SECRET_KEY; it must be the same in every web process"
    return "signed with the key in EARSHOT_HOME; set EARSHOT_SECRET_KEY where web processes run on several machines"


def _sealed(app: App) -> str:
    """Which keys are in use, and whether every secret can be opened."""
    with app.unit_of_work.reading() as work:
        in_use, unreadable = list_keys_in_use(work)
        plain = count_plain_secrets(work)
    if unreadable:
        named = "; ".join(f"{each.owner}: {each.why}" for each in unreadable[:5])
        raise EarshotError(f"{len(unreadable)} cannot be opened and are kept as they are. {named}.", remedy=REMEDY)
    if plain:
        raise EarshotError(f"{plain} stand in plain text.", remedy="Run: earshot secrets rotate")
    keys = "; ".join(f"{count} with the key {key}" for key, count in in_use.items())
    sealing = read_keyring(app.settings).current
    return f"{keys}; {sealing} seals" if keys else "none are kept"


def _invariants(app: App) -> str:
    with app.unit_of_work.reading() as work:
        broken = [*check_invariants(work), *rollouts.what_is_broken(work)]
    if broken:
        raise EarshotError("; ".join(broken[:10]), remedy="See Operations in the browser.")
    return "all invariants hold"


def _standing(app: App) -> str:
    """What only an operator can judge: quiet instances, jobs and work that nobody takes. Not wrong by itself."""
    with app.unit_of_work.reading() as work:
        found = list_stalled(work)
    named = "; ".join(f"instance {each.instance_id} of {each.key} ({each.kind}): {each.what}" for each in found[:5])
    return f"{len(found)} stand still. {named} See: earshot operate failures" if found else "nothing"


LOOKS: tuple[tuple[str, Callable[[App], str]], ...] = (
    ("clocks agree", clocks),
    ("workers are heard of", workers),
    ("leases are kept", leases),
    ("what is due is done", due_work),
    ("imports go on", imports),
    ("mail goes out", mails),
    ("queue is worked off", _queue),
    ("sessions hold", _secret),
    ("secrets can be opened", _sealed),
    ("the audit trail is whole", audit_trail),
    ("the search holds all there is", search_index),
    ("nothing lost, nothing stuck", _invariants),
    ("what stands still", _standing),
)
"""What is looked at once the database answers and its schema is the newest, in order; each says what it saw."""

"""`earshot versions`: whom a newer version affects, changing instances over, how long ended ones are kept."""

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from bpm.app import App
from bpm.cli import emit
from bpm.cli.product import opened
from bpm.engine import api as engine
from bpm.engine.api import MigrationPlan, obstacle_for_batch
from bpm.engine.models import RetentionChange
from bpm.engine.queries import VersionRow, get_batch, list_batch_items, list_versions
from bpm.engine.status import BatchItemStatus, BatchStatus, VersionStatus
from bpm.foundation.errors import InvalidInputError, NotFoundError
from bpm.foundation.texts import _
from bpm.foundation.work import Work

FROM = click.option("--from", "from_", type=int, required=True, help="Number of the version that the instances run.")
TO = click.option(
    "--to", type=int, default=None, help="Number of the version to change over to; the live one if left out."
)
PLAN = click.option(
    "--plan", "plan_file", type=click.Path(exists=True, path_type=Path), help="A plan, as `versions plan` prints it."
)
AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")


@click.group()
def versions() -> None:
    """Newer versions and the instances that run: impact, plan, migrate; and how long ended ones are kept."""


@versions.command()
@click.argument("key")
@FROM
@TO
@PLAN
@AS_JSON
def impact(key: str, from_: int, to: int | None, plan_file: Path | None, as_json: bool) -> None:
    """Which running instances are unaffected, can change over, or cannot and why, element by element."""
    with opened().unit_of_work.reading() as work:
        found = engine.impact_of(work, _plan(work, key, from_, to, plan_file=plan_file))
    if as_json:
        emit({"running": found.running, **asdict(found)})
        return
    click.echo(
        f"{found.running} running: {found.unaffected} unaffected, {found.can} can change over, {found.cannot} cannot, "
        f"{found.elsewhere} stand at no element."
    )
    for each in found.elements:
        ahead = f" Differs ahead: {', '.join(each.ahead)}." if each.ahead else ""
        click.echo(
            f"  {each.instances:>6} at {each.name or each.element}: {each.verdict}. {each.reason}{ahead}".rstrip()
        )


@versions.command()
@click.argument("key")
@FROM
@TO
def plan(key: str, from_: int, to: int | None) -> None:
    """Print the proposed plan as JSON: {"from_version_id", "to_version_id", "mapping": {element now: element then}}."""
    with opened().unit_of_work.reading() as work:
        click.echo(json.dumps(_plan(work, key, from_, to).as_json(), indent=2, ensure_ascii=False))


@versions.command()
@click.argument("key")
@FROM
@TO
@PLAN
@click.option("--instance", "instances", type=int, multiple=True, help="Only this one; may be given several times.")
@click.option("--dry-run", is_flag=True, help="Look at every instance and say what hinders it; change nothing.")
@click.option("--reason", default="", help="Why; it stays on record.")
@AS_JSON
def migrate(
    key: str,
    from_: int,
    to: int | None,
    plan_file: Path | None,
    instances: tuple[int, ...],
    *,
    dry_run: bool,
    reason: str,
    as_json: bool,
) -> None:
    """Change running instances over, as a batch. Exit code 1 if one is refused."""
    app = opened()
    with app.unit_of_work.reading() as work:
        chosen = _plan(work, key, from_, to, plan_file=plan_file)
        engine.check_plan(work, chosen)
    done = _forecast(app, chosen, instances) if dry_run else _carry_out(app, chosen, instances, reason=reason)
    if as_json:
        emit(done)
    else:
        said = "would change over" if dry_run else "changed over"
        click.echo(f"{done['done']} {said}, {len(done['refused'])} refused.")
        for refused in done["refused"]:
            click.echo(f"  instance {refused['instance']}: {refused['reason']}")
    sys.exit(1 if done["refused"] else 0)


@versions.command()
@click.argument("key")
@click.argument("number", type=int)
@click.option("--days", type=int, default=None, help="Ended instances are erased after so many days.")
@click.option("--for-ever", "turn", flag_value="for ever", help="Never erase them.")
@click.option("--confirm", "turn", flag_value="confirm", help="Agree to the wish that somebody else made.")
@click.option("--stop", "turn", flag_value="stop", help="Let everything be kept as it is.")
@click.option("--reason", default="", help="Why; needed to keep less than now.")
@AS_JSON
def keep(key: str, number: int, days: int | None, turn: str | None, reason: str, as_json: bool) -> None:
    """How long ended instances of version NUMBER are kept before they are erased; figures stay.

    To keep less than now says what would go, and waits EARSHOT_RETENTION_GRACE_HOURS, in which it can be stopped.
    """
    if (days is None) == (turn is None):
        raise click.UsageError("Give one of --days N, --for-ever, --confirm and --stop.")
    with opened().unit_of_work() as work:
        version_id = _version(work, key, number).id
        if turn in {"confirm", "stop"}:
            change: RetentionChange | None = _turn_waiting(work, version_id, turn)
            said = f"The change of {key} version {number} is {'confirmed' if turn == 'confirm' else 'stopped'}"
        else:
            change = engine.set_retention(work, version_id, days, reason=reason)
            said = f"Ended instances of {key} version {number} are kept {f'{days} days' if days else 'for ever'}"
        told = _change_as_json(work, change) if change else None
    if as_json:
        emit({"waiting": told})
        return
    click.echo(f"{said}{_waits(told) if told and turn is None else '.'}")


def _turn_waiting(work: Work, version_id: int, turn: str | None) -> RetentionChange:
    change = engine.waiting_change(work, version_id)
    if change is None:
        raise NotFoundError(_("No change of retention waits for this version."))
    return (engine.confirm_retention if turn == "confirm" else engine.stop_retention)(work, change.id)


def _waits(told: dict[str, Any]) -> str:
    loss = ", ".join(f"{kind} {count}" for kind, count in told["would_go"].items())
    more = " Somebody else has to confirm it." if told["needs_confirmation"] else ""
    return f" from {told['due_at']} on, unless it is stopped.{more} Would go now: {loss}."


def _change_as_json(work: Work, change: RetentionChange) -> dict[str, Any]:
    return {
        "id": change.id,
        "status": change.status,
        "from_days": change.from_days,
        "to_days": change.to_days,
        "due_at": change.due_at.isoformat(),
        "needs_confirmation": engine.needs_confirmation(work, change),
        "would_go": change.loss,
    }


def _plan(work: Work, key: str, from_: int, to: int | None, *, plan_file: Path | None = None) -> MigrationPlan:
    old, new = _version(work, key, from_), _version(work, key, to)
    if plan_file is None:
        return engine.propose_plan(work, old.id, new.id)
    try:
        given = engine.plan_from_json(json.loads(plan_file.read_bytes()))
    except ValueError as error:
        raise InvalidInputError(f"This is no JSON: {error}", place=str(plan_file)) from error
    if (given.from_version_id, given.to_version_id) != (old.id, new.id):
        raise InvalidInputError(
            "The plan is about other versions.",
            place=str(plan_file),
            remedy="Give the --from and --to it was made for.",
        )
    return given


def _version(work: Work, key: str, number: int | None) -> VersionRow:
    """The version of that number, or the live one."""
    for row in list_versions(work, key):
        if row.number == number or (number is None and row.status == VersionStatus.LIVE):
            return row
    which = "live version" if number is None else f"version {number}"
    raise NotFoundError(f"The process {key!r} has no {which}.")


def _forecast(app: App, chosen: MigrationPlan, instances: tuple[int, ...]) -> dict[str, Any]:
    """{"dry_run", "done", "refused": [{"instance", "reason"}]}, each instance looked at by itself."""
    parameters = {"plan": chosen.as_json()}
    with app.unit_of_work.reading() as work:
        ids = instances or tuple(work.session.scalars(engine.running_on(chosen.from_version_id)))
        told = {each: obstacle_for_batch(work, each, parameters) for each in ids}
    refused = [{"instance": each, "reason": reason} for each, reason in told.items() if reason]
    return {"dry_run": True, "done": len(told) - len(refused), "refused": refused}


def _carry_out(app: App, chosen: MigrationPlan, instances: tuple[int, ...], *, reason: str) -> dict[str, Any]:
    """{"batch", "done", "refused": [...]}; workers may help."""
    with app.unit_of_work() as work:
        targets = instances or engine.running_on(chosen.from_version_id)
        batch = engine.begin_batch(work, "migrate", targets, {"plan": chosen.as_json()}, reason=reason)
        batch_id = batch.id
    while True:
        engine.sweep_batches(app.unit_of_work)
        with app.unit_of_work.reading() as work:
            row = get_batch(work, batch_id)
            if row.status != BatchStatus.RUNNING:
                items = list_batch_items(work, batch_id, status=BatchItemStatus.REFUSED, limit=1000)
                refused = [{"instance": item.target_id, "reason": item.message} for item in items]
                return {"batch": batch_id, "done": row.done, "refused": refused}

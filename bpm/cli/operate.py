"""`earshot operate`: what operators do, without a browser; each act needs a reason and goes on record."""

import json
import sys
from collections.abc import Callable, Iterable
from dataclasses import asdict
from typing import Any

import click

from bpm.app import App
from bpm.cli import emit
from bpm.cli.product import opened
from bpm.engine import api as engine
from bpm.engine import queries
from bpm.engine.api import ACTS
from bpm.engine.status import RUNNING, InstanceStatus
from bpm.foundation.errors import EarshotError, InvalidInputError
from bpm.foundation.texts import _
from bpm.foundation.work import Work

REASON = click.option("--reason", required=True, help="Why; it stays on record.")
VALUES = click.option("--set", "values", multiple=True, metavar="NAME=VALUE", help="A variable; JSON or text.")
AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")


@click.group()
def operate() -> None:
    """Repair what failed or stands still: one by one, or many as a batch that the workers do."""


@operate.command()
@AS_JSON
def failures(as_json: bool) -> None:
    """List open failures and what stands still, each with what to do."""
    with opened().unit_of_work.reading() as work:
        rows, standing = queries.list_failures(work, limit=200), queries.list_stalled(work)
    if as_json:
        emit({"failures": [asdict(row) for row in rows], "standstills": [asdict(row) for row in standing]})
        return
    for row in rows:
        where = f"instance {row.instance_id}" if row.instance_id else "no instance"
        click.echo(f"failure {row.id}, {where}, {row.cause} at {row.element}: {row.message}")
    for found in standing:
        click.echo(f"{found.kind}, instance {found.instance_id} of {found.key}: {found.what} {found.remedy}")
    if not rows and not standing:
        click.echo("Nothing to do.")


@operate.command()
@click.argument("failure_ids", type=int, nargs=-1, required=True)
@VALUES
@REASON
def retry(failure_ids: tuple[int, ...], values: tuple[str, ...], reason: str) -> None:
    """Try failures again, with variables changed first."""
    read = _read(values)
    _each(failure_ids, lambda work, key: engine.retry(work, key, reason=reason, variables=read), "tried again")


@operate.command()
@click.argument("failure_ids", type=int, nargs=-1, required=True)
@VALUES
@REASON
def skip(failure_ids: tuple[int, ...], values: tuple[str, ...], reason: str) -> None:
    """Pass failures over: they count as completed, with the values as their result."""
    read = _read(values)
    _each(failure_ids, lambda work, key: engine.skip(work, key, read, reason=reason), "passed over")


@operate.command()
@click.argument("instance_id", type=int)
@click.argument("element")
@click.argument("to")
@VALUES
@REASON
def move(instance_id: int, element: str, to: str, values: tuple[str, ...], reason: str) -> None:
    """Move the token that stands at ELEMENT to the element TO."""
    read = _read(values)

    def act(work: Work, key: int) -> None:
        engine.move(work, key, engine.visit_at(work, key, element), to, read, reason=reason)

    _each([instance_id], act, f"moved to {to}")


@operate.command()
@click.argument("instance_ids", type=int, nargs=-1, required=True)
@REASON
def suspend(instance_ids: tuple[int, ...], reason: str) -> None:
    """Let nothing of the instances move until they are resumed."""
    _each(instance_ids, lambda work, key: engine.suspend(work, key, reason=reason), "suspended")


@operate.command()
@click.argument("instance_ids", type=int, nargs=-1, required=True)
@REASON
def resume(instance_ids: tuple[int, ...], reason: str) -> None:
    """Let suspended instances go on."""
    _each(instance_ids, lambda work, key: engine.resume(work, key, reason=reason), "resumed")


@operate.command()
@click.argument("instance_ids", type=int, nargs=-1, required=True)
@REASON
def cancel(instance_ids: tuple[int, ...], reason: str) -> None:
    """End everything that is open in the instances."""
    _each(instance_ids, lambda work, key: engine.cancel(work, key, reason=reason), "cancelled")


@operate.command()
@click.argument("instance_ids", type=int, nargs=-1, required=True)
@click.option("--at", "before", multiple=True, metavar="ELEMENT", help="Begin at this element; repeatable.")
@click.option("--behind", "after", multiple=True, metavar="ELEMENT", help="Begin behind this element; repeatable.")
@click.option("--values", "which", type=click.Choice(["last", "initial"]), default="last", help="That it had last.")
@click.option("--version", type=click.Choice(["same", "live"]), default="same", help="That it ran, or the live one.")
@VALUES
@REASON
@click.option("--dry-run", is_flag=True, help="Only say what would happen to the first hundred.")
@AS_JSON
def restart(
    instance_ids: tuple[int, ...], before: tuple[str, ...], after: tuple[str, ...], which: str, version: str,
    values: tuple[str, ...], reason: str, dry_run: bool, as_json: bool,
) -> None:  # fmt: skip
    """Take ended or failed cases up again, as a batch that the workers do; the old ones stay as they are."""
    order = {"before": list(before), "after": list(after), "values": which, "version": version}
    wanted = {**order, "variables": _read(values)}
    app = opened()
    with app.unit_of_work() as work:
        if dry_run:
            _tell_forecast(engine.dry_run(work, "restart", instance_ids, wanted), as_json=as_json)
            return
        begun = engine.begin_batch(work, "restart", instance_ids, wanted, reason=reason)
    _tell_batch(begun, as_json=as_json)


@operate.command()
@click.argument("act", type=click.Choice([name for name in ACTS if name not in ("migrate", "restart")]))
@click.option("--version", "version_id", type=int, required=True, help="Id of the process version.")
@click.option("--cause", default="", help="Of the failures that are meant.")
@click.option("--element", default="", help="Where they failed, or where the instances stand.")
@click.option(
    "--status", type=click.Choice(sorted(each.value for each in RUNNING)), help="Of the instances that are meant."
)
@click.option("--to", default="", help="For move: the element to begin at.")
@VALUES
@REASON
@click.option("--dry-run", is_flag=True, help="Only say what would happen to the first hundred.")
@AS_JSON
def batch(
    act: str, version_id: int, cause: str, element: str, status: str | None, to: str, values: tuple[str, ...],
    reason: str, dry_run: bool, as_json: bool,
) -> None:  # fmt: skip
    """Act on all failures of a cause, or all instances in a status, as a batch that the workers do."""
    selection = queries.Selection(
        version_id, cause=cause, element=element, status=InstanceStatus(status) if status else None
    )
    targets = queries.targets_of(selection, ACTS[act].target)
    parameters = {"variables": _read(values), "from": element, "to": to}
    wanted = {name: value for name, value in parameters.items() if value}
    app = opened()
    if dry_run:
        with app.unit_of_work() as work:
            _tell_forecast(engine.dry_run(work, act, targets, wanted), as_json=as_json)
        return
    with app.unit_of_work() as work:
        begun = engine.begin_batch(work, act, targets, wanted, reason=reason)
    _tell_batch(begun, as_json=as_json)


def _tell_batch(begun: Any, *, as_json: bool) -> None:
    if as_json:
        emit({"batch": begun.id, "total": begun.total})
        return
    click.echo(f"Batch {begun.id}: {begun.total} targets. The workers do it; look with: earshot operate batches")


def _tell_forecast(forecasts: list[Any], *, as_json: bool) -> None:
    if as_json:
        emit({"forecasts": [asdict(each) for each in forecasts]})
        return
    for each in forecasts:
        then = f", then fail: {each.then}" if each.then else ""
        click.echo(f"{each.label}: {each.obstacle or f'would be done{then}'}")


@operate.command()
@click.option("--pause", type=int, metavar="BATCH", help="Begin nothing new of it.")
@click.option("--resume", "go_on", type=int, metavar="BATCH", help="Go on with it.")
@click.option("--stop", type=int, metavar="BATCH", help="End it: what is done stays done.")
@click.option("--undo", type=int, metavar="BATCH", help="End the cases that it made and that still run.")
@AS_JSON
def batches(pause: int | None, go_on: int | None, stop: int | None, undo: int | None, as_json: bool) -> None:
    """List the batches with their progress, or turn one."""
    app = opened()
    turns: tuple[tuple[int | None, Callable[[Work, int], object]], ...] = (
        (pause, engine.pause_batch),
        (go_on, engine.resume_batch),
        (stop, engine.stop_batch),
        (undo, _undo),
    )
    for batch_id, turn in turns:
        if batch_id is not None:
            with app.unit_of_work() as work:
                turn(work, batch_id)
    with app.unit_of_work.reading() as work:
        rows = queries.list_batches(work)
    if as_json:
        emit({"batches": [asdict(row) for row in rows]})
        return
    for row in rows:
        click.echo(
            f"batch {row.id}, {row.act} {row.total}, {row.status}: {row.done} done, {row.refused} refused, "
            f"{row.waiting} left. {row.reason}"
        )
    if not rows:
        click.echo("No batch yet.")


def _undo(work: Work, batch_id: int) -> None:
    engine.take_back(work, batch_id, reason=_("Undo of bulk action %(number)s.") % {"number": batch_id})


def _each(keys: Iterable[int], act: Callable[[Work, int], object], done: str) -> None:
    """Each in a transaction of its own; a refused one says why and does not keep the others."""
    app: App = opened()
    refused = False
    for key in keys:
        try:
            with app.unit_of_work() as work:
                act(work, key)
        except EarshotError as error:
            refused = True
            click.echo(f"{key}: {error}", err=True)
        else:
            click.echo(f"{key}: {done}")
    if refused:
        sys.exit(1)


def _read(values: tuple[str, ...]) -> dict[str, Any]:
    read: dict[str, Any] = {}
    for each in values:
        name, sign, text = each.partition("=")
        if not sign:
            raise InvalidInputError(f"{each!r} is not of the form NAME=VALUE.", place="--set")
        try:
            read[name.strip()] = json.loads(text)
        except ValueError:
            read[name.strip()] = text
    return read

"""`earshot rollout`: a version beside the live one from the command line: start, look, pause, resume, stop, decide."""

from collections.abc import Mapping
from typing import Any

import click

from bpm.cli import emit
from bpm.cli.product import opened
from bpm.engine import queries as engine_queries
from bpm.foundation.errors import InvalidInputError, NotFoundError
from bpm.foundation.texts import _
from bpm.foundation.work import Work
from bpm.processes import rollouts
from bpm.processes.rollouts import RolloutRow, RolloutWish

AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
REASON = click.option("--reason", required=True, help="Why; it stays on record.")


@click.group()
def rollout() -> None:
    """Two versions of a process live at once. A step to a larger share takes two people: it is done in the browser."""


@rollout.command()
@click.argument("key")
@click.option("--version", "number", type=int, required=True, help="Number of the version; the live one's for A/A.")
@click.option("--share", "shares", type=float, multiple=True, help="In %, growing; once for each step. Else 50.")
@click.option("--unit", type=click.Choice(["case", "customer", "team"]), default="case", help="What is drawn.")
@click.option("--variable", default="", help="Value of the case that is its team, or stands for a customer.")
@click.option("--days", is_flag=True, help="The versions take turns by day, instead of a share.")
@click.option("--stop-after", type=int, default=None, help="Cases after which it ends.")
@click.option("--reason", default="", help="What it is to show.")
@AS_JSON
def start(key: str, number: int, *, as_json: bool, **wish: Any) -> None:
    """Give some of the new cases of the process KEY another version."""
    by_day = wish["days"]
    wished = RolloutWish(
        way="switchback" if by_day else "share",
        unit="day" if by_day else wish["unit"],
        variable=wish["variable"],
        steps=tuple(each / 100 for each in wish["shares"] or (50.0,)),
        stop_after=wish["stop_after"],
        reason=wish["reason"],
    )
    with opened().unit_of_work() as work:
        versions = {each.number: each.id for each in engine_queries.list_versions(work, key)}
        if number not in versions:
            raise InvalidInputError(_("%(key)r has no version %(number)s.") % {"key": key, "number": number})
        rollouts.start_as_wished(work, key, versions[number], wished)
        told = rollouts.as_plain(work, _newest(work, key))
    _say(told, as_json=as_json)


@rollout.command()
@click.argument("key")
@AS_JSON
def status(key: str, *, as_json: bool) -> None:
    """How the newest rollout of the process KEY stands: cases by arm, and whether the split fits."""
    with opened().unit_of_work.reading() as work:
        told = rollouts.as_plain(work, _newest(work, key))
    _say(told, as_json=as_json)


@rollout.command()
@click.argument("key")
@REASON
@AS_JSON
def pause(key: str, reason: str, *, as_json: bool) -> None:
    """New cases have the live version, and are not counted, until it is resumed."""
    _act(key, lambda work, row: rollouts.pause(work, row.rollout.id, reason), as_json=as_json)


@rollout.command()
@click.argument("key")
@REASON
@AS_JSON
def resume(key: str, reason: str, *, as_json: bool) -> None:
    """New cases are given their version again, each unit the one that it had."""
    _act(key, lambda work, row: rollouts.resume(work, row.rollout.id, reason), as_json=as_json)


@rollout.command()
@click.argument("key")
@REASON
@AS_JSON
def stop(key: str, reason: str, *, as_json: bool) -> None:
    """The emergency stop: new cases have the live version for good; those on the other one finish on it."""
    _act(key, lambda work, row: rollouts.stop(work, row.rollout.id, reason), as_json=as_json)


@rollout.command()
@click.argument("key")
@click.argument("outcome", type=click.Choice([rollouts.LIVE, rollouts.WITHDRAW]))
@REASON
@AS_JSON
def decide(key: str, outcome: str, reason: str, *, as_json: bool) -> None:
    """Let the other version go live for everybody, or withdraw it; against the verdict a second person is needed."""
    _act(key, lambda work, row: rollouts.decide(work, row.rollout.id, outcome, reason), as_json=as_json)


def _act(key: str, act: Any, *, as_json: bool) -> None:
    with opened().unit_of_work() as work:
        act(work, _newest(work, key))
        work.session.flush()
        told = rollouts.as_plain(work, _newest(work, key))
    _say(told, as_json=as_json)


def _newest(work: Work, key: str) -> RolloutRow:
    for row in rollouts.list_rollouts(work, key):
        return row
    raise NotFoundError(_("There is no rollout of %(key)r.") % {"key": key}, remedy=_("Start one."))


def _say(told: Mapping[str, Any], *, as_json: bool) -> None:
    if as_json:
        emit(told)
        return
    numbers, arms = told["versions"], told["arms"]
    click.echo(
        f"Rollout {told['rollout']} of {told['process']}: {told['status']}; version {numbers['candidate']} beside "
        f"version {numbers['control']}."
    )
    for name, arm in arms.items():
        click.echo(f"  {name:<10} {arm['started']} begun, {arm['running']} running, {arm['ended']} ended")
    click.echo(f"  {told['sample_ratio']['words']}")

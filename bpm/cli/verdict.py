"""`earshot verdict`: what a change did, by a registered plan; and how many cases a plan needs."""

import json
import math
import sys
from pathlib import Path
from typing import Any

import click

from bpm.cli import emit
from bpm.cli.chart import read_text
from bpm.foundation.errors import InvalidInputError
from bpm.foundation.texts import _


@click.command()
@click.argument("file", required=False, type=click.Path(path_type=Path))
@click.option("--plan", type=click.Path(path_type=Path), help="The plan, a JSON file.")
@click.option(
    "--power",
    is_flag=False,
    flag_value="",
    default=None,
    help='Say how many cases per arm {"from", "to", "design"} needs: JSON, a file, --plan, or standard input.',
)
@click.option("--json", "as_json", is_flag=True, help="Print a JSON document.")
def verdict(file: Path | None, plan: Path | None, power: str | None, as_json: bool) -> None:
    """Improved, worse, no difference or not shown: the verdict on the cases of the CSV table FILE.

    Columns: case_id, arm (the old or the new version), started_at, customer, outcome; observed_until where outcomes
    come late; group for staged; period (weeks unless named). The plan: outcome (share, rate, mean), direction (lower,
    higher), smallest (the smallest effect that matters), design (randomised, staged, series, before_after), looks.
    """
    if power is not None:
        _say_power(power, plan or (file if file and file.suffix == ".json" else None), as_json=as_json)
        return
    if file is None or plan is None:
        raise InvalidInputError(
            _("A verdict takes a table of cases and a plan."),
            remedy=_("Write: earshot verdict FILE.csv --plan PLAN.json"),
        )
    from bpm.statistics import verdicts

    laid_down = verdicts.read_plan(read_text(plan), file=plan.name)
    found = verdicts.verdict(verdicts.read_cases(read_text(file), laid_down, file=file.name), laid_down)
    plain = {
        "verdict": found.word.value,
        "estimate": found.estimate,
        "interval": None if found.interval is None else list(found.interval),
        "n": found.n,
        "power": found.power,
        "threats": list(found.threats),
        "sentence": found.sentence,
        "needs": found.needs,
        "look": found.look,
        "looks": found.looks,
        "left_out": found.left_out,
        "design": laid_down.design.value,
        "not_read": list(laid_down.not_read),
        **found.facts,
    }
    if as_json:
        emit(plain)
        return
    click.echo(found.sentence)
    click.echo(", ".join(f"{arm}: n = {n}" for arm, n in found.n.items()))
    unread = ", ".join(laid_down.not_read)
    told = _("Not read in the plan: %(names)s.") % {"names": unread} if unread else ""
    for line in (*found.threats, found.needs, told):
        if line:
            click.echo(line)


def _say_power(given: str, plan: Path | None, *, as_json: bool) -> None:
    from bpm.statistics import verdicts

    asked = _asked(given, plan)
    try:
        design = verdicts.Design(asked.get("design", "randomised"))
        outcome = verdicts.Outcome(asked.get("outcome", "share"))
    except ValueError as error:
        raise InvalidInputError(str(error), remedy=_example()) from error
    start, end = (_number(asked, name) for name in ("from", "to"))
    spread = _number(asked, "sd") if "sd" in asked else None
    looks = asked.get("looks", 1)
    if not isinstance(looks, int) or isinstance(looks, bool) or not 1 <= looks <= 1000:
        raise InvalidInputError(_("looks is no whole number from 1 to 1000."), remedy=_example())
    found = verdicts.needed(start, end, design, outcome=outcome, sd=spread, looks=looks)
    if as_json:
        plain = {"n_per_arm": found.per_arm, "n": found.per_arm, "power": 0.8, "alpha": 0.05, "looks": looks}
        emit({**plain, "from": start, "to": end, "design": design.value, "note": found.note})
        return
    click.echo(f"{found.per_arm} cases per arm for a chance of 80 % to see it. {found.note}")


def _asked(given: str, plan: Path | None) -> dict[str, Any]:
    if given.lstrip().startswith("{"):
        text = given
    elif given not in ("", "-"):
        text = read_text(Path(given))
    else:
        text = read_text(plan) if plan else sys.stdin.read()
    try:
        asked = json.loads(text)
    except ValueError as error:
        raise InvalidInputError(_("This is no JSON: %(why)s.") % {"why": str(error)}, remedy=_example()) from error
    if not isinstance(asked, dict):
        raise InvalidInputError(_("This is no JSON object."), remedy=_example())
    return asked


def _number(asked: dict[str, Any], name: str) -> float:
    value = asked.get(name)
    if not isinstance(value, int | float) or isinstance(value, bool) or not math.isfinite(value):
        raise InvalidInputError(_("%(name)s is no number.") % {"name": name}, remedy=_example())
    return float(value)


def _example() -> str:
    return _('Write {"from": 0.3, "to": 0.2, "design": "randomised"}.')

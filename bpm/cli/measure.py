"""`earshot measure`: every measure of a process by version, activity, lane, channel, theme and more."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import click

from bpm.cli import emit
from bpm.cli.product import opened
from bpm.feedback.status import Voice
from bpm.foundation.errors import InvalidInputError
from bpm.foundation.texts import _
from bpm.processes.measures.asking import Question
from bpm.processes.measures.catalogue import MEASURES, get_measure
from bpm.processes.outside import demand_here
from bpm.processes.reports.measured import measured, measured_as_plain


@click.command()
@click.option("--process", "key", required=True, help="Key of the process.")
@click.option(
    "--by", default="version", show_default=True,
    help="version, activity, lane, channel, theme, group, voice, rule or variable:NAME.",
)  # fmt: skip
@click.option("--version", "number", type=int, default=None, help="Number of one version; else the live one.")
@click.option("--from", "since", default=None, metavar="DAY", help="First day (YYYY-MM-DD, UTC); else the first.")
@click.option("--to", "until", default=None, metavar="DAY", help="Last day, itself in; else today.")
@click.option("--voice", type=click.Choice([str(each) for each in Voice]), default=None, help="Only their words.")
@click.option("--measure", "names", multiple=True, help="Only this one; may be given several times.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def measure(
    key: str, by: str, number: int | None, since: str | None, until: str | None, names: tuple[str, ...], *,
    voice: str | None, as_json: bool,
) -> None:  # fmt: skip
    """Every measure of a process, each with n, interval and sources; links of every kind are told apart.

    Shares go from 0 to 1, rates are per 100, times are seconds. A figure under n = 10 is not shown. Versions are never
    blended: without --version it is the live one, and --by version has a row for each.
    """
    first, last = _day(since, "--from"), _day(until, "--to")
    if first and last and first > last:
        raise InvalidInputError(
            _("--from %(first)s lies after --to %(last)s.") % {"first": since, "last": until},
            remedy=_("Give the earlier day to --from."),
        )
    wanted = tuple(get_measure(name).name for name in names) or tuple(MEASURES)
    question = Question(
        key,
        wanted[0],
        by=by,
        version=number,
        since=first,
        until=last + timedelta(days=1) if last else None,
        voice=voice or "",
    )
    with opened().unit_of_work.reading() as work:
        demand_here(work, key)
        told = measured_as_plain(measured(work, question, wanted), question)
    if as_json:
        emit(told)
        return
    for each in told["measures"]:
        click.echo(f"{each['title']} ({each['unit']}, {each['better']} is better)")
        for row in each["rows"]:
            click.echo(f"  {row['title'] or told['name']}: {_in_words(row)}")


def _day(text: str | None, option: str) -> datetime | None:
    if text is None:
        return None
    try:
        return datetime.combine(date.fromisoformat(text), datetime.min.time(), UTC)
    except ValueError as error:
        problem = _("%(option)s %(text)s is no day.") % {"option": option, "text": text}
        raise InvalidInputError(problem, remedy=_("Write it as 2026-11-30.")) from error


def _in_words(row: dict[str, Any]) -> str:
    kinds = "".join(f", {kind} {count}" for kind, count in row["kinds"].items())
    if not row["shown"]:
        return f"not shown (n = {row['n']}){kinds}"
    low, high = row["interval"]
    return f"{row['value']:.3g} ({low:.3g} to {high:.3g}), n = {row['n']}{kinds}"

"""`earshot chart`: a control chart of a table of periods, as figures."""

from pathlib import Path

import click

from bpm.cli import emit
from bpm.foundation.errors import InvalidInputError
from bpm.foundation.texts import _
from bpm.statistics.charts import ControlChart, Kind, Settings, Spread, control_chart, read_series

MOST_BYTES = 50_000_000


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--kind", type=click.Choice([kind.value for kind in Kind]), required=True, help="Which chart.")
@click.option("--baseline", type=click.IntRange(3), help="Freeze the limits on so many first points of a phase [20].")
@click.option("--watched", is_flag=True, help="One of many series: no runs of eight, only points beyond the limits.")
@click.option("--no-season", is_flag=True, help="Leave days of the week and months as they are.")
@click.option("--ranges", type=click.Choice([each.value for each in Spread]), default="mean", help="Of xmr and t.")
@click.option("--target", type=float, help="The centre, where it is known from before (xmr, ewma, cusum).")
@click.option("--sigma", type=click.FloatRange(0, min_open=True), help="The standard deviation, where it is known.")
@click.option("--weight", type=click.FloatRange(0, 1, min_open=True), default=0.1, show_default=True, help="Of ewma.")
@click.option("--width", type=click.FloatRange(0, min_open=True), default=2.7, show_default=True, help="Of ewma.")
@click.option("--allowance", type=click.FloatRange(0), default=0.5, show_default=True, help="k of cusum, in sigma.")
@click.option("--interval", type=click.FloatRange(0, min_open=True), default=5.0, show_default=True, help="h of cusum.")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON document.")
def chart(
    file: Path,
    kind: str,
    baseline: int | None,
    watched: bool,
    no_season: bool,
    ranges: str,
    target: float | None,
    sigma: float | None,
    weight: float,
    width: float,
    allowance: float,
    interval: float,
    as_json: bool,
) -> None:
    """Centre, limits and signals of the CSV table FILE with the columns period, value, n (p and u) and phase (if any).

    xmr: single values, such as a rate or a duration per period. p: value of n. u: value counts in n units. g, t: cases
    or time between rare events, one row for each event. ewma, cusum: slow drift. Limits are frozen on the first 20
    points of a phase (12 are provisional), after days of the week or months were taken out where they differ.
    """
    settings = Settings(
        target=target,
        sigma=sigma,
        spread=Spread(ranges),
        weight=weight,
        width=width,
        allowance=allowance,
        interval=interval,
    )
    found = control_chart(
        read_series(read_text(file), Kind(kind), file=file.name),
        Kind(kind),
        baseline=baseline,
        settings=settings,
        watched=watched,
        seasons=not no_season,
    )
    if as_json:
        emit(as_plain(found))
        return
    for line in _lines(found):
        click.echo(line)


def read_text(file: Path) -> str:
    """The file as UTF-8. InvalidInputError where it is not there, too large, or no text."""
    if not file.is_file():
        raise InvalidInputError(_("There is no file %(file)s.") % {"file": file}, remedy=_("Look at the path."))
    if file.stat().st_size > MOST_BYTES:
        raise InvalidInputError(_("%(file)s is larger than 50 MB.") % {"file": file}, remedy=_("Take longer periods."))
    try:
        return file.read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InvalidInputError(
            _("%(file)s is no text in UTF-8.") % {"file": file.name}, remedy=_("Save the table as CSV, in UTF-8.")
        ) from error


def as_plain(found: ControlChart) -> dict[str, object]:
    """What `--json` prints; places count from 0."""
    season = found.season
    return {
        "kind": found.kind.value,
        "centre": found.centre,
        "limits": [list(pair) for pair in found.limits],
        "sigma_z": found.sigma_z,
        "lag1": found.lag1,
        "signals": [
            {
                "index": each.index,
                "rule": each.rule,
                "points": list(each.points),
                "period": found.names[each.index],
                "side": "above" if each.above else "below",
            }
            for each in found.signals
        ],
        "provisional": found.provisional,
        "points": list(found.points),
        **({"below": list(found.below)} if found.below else {}),
        "periods": list(found.names),
        "phases": [
            {
                "phase": each.name,
                "first": each.first,
                "last": each.last,
                "centre": each.centre,
                "baseline": each.baseline,
                "provisional": each.provisional,
            }
            for each in found.phases
        ],
        "season": {"length": season.length, "effects": list(season.effects)} if season else None,
        "notes": list(found.notes),
    }


def _lines(found: ControlChart) -> list[str]:
    low, high = found.limits[-1]
    lines = [f"centre {found.centre:.6g}, limits of the newest point {low:.6g} to {high:.6g}"]
    if found.sigma_z is not None:
        lines.append(f"sigma z {found.sigma_z:.3f}")
    if found.lag1 is not None:
        lines.append(f"lag-1 autocorrelation {found.lag1:.2f}")
    for each in found.signals:
        side = "above" if each.above else "below"
        since = f" since {found.names[each.points[0]]}" if len(each.points) > 1 else ""
        lines.append(f"{found.names[each.index]}: {each.rule}, {side}{since}")
    if not found.signals:
        lines.append("no signal")
    return [*lines, *found.notes]

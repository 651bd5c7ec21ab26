"""`python -m tools.proof`: runs the tests marked `proof` with many times their examples; exits as pytest does."""

import os
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import click

from tools.bench.report import machine, write
from tools.proof.report import rows, table

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "proof.md"


@click.command()
@click.option("--times", default=10, show_default=True, type=click.IntRange(2), help="How many times the examples.")
@click.option("--only", "places", multiple=True, default=("tests",), show_default=True, help="Files or folders.")
@click.option("--dry", is_flag=True, help="Print the figures without keeping them in docs/proof.md.")
def proof(*, times: int, places: tuple[str, ...], dry: bool) -> None:
    """Run the long ones: an hour and a half for ten times the examples."""
    with tempfile.TemporaryDirectory(prefix="earshot-proof-") as folder:
        report = Path(folder) / "report.xml"
        command = [sys.executable, "-m", "pytest", "-m", "proof", f"--junit-xml={report}", *places]
        environment = os.environ | {"EARSHOT_TEST_EFFORT": str(times)}
        on = machine()
        done = subprocess.run(command, cwd=ROOT, env=environment, check=False)  # noqa: S603 - our own tests
        found = rows(report) if report.exists() else []
    said = f"make proof TIMES={times}, {datetime.now(UTC):%Y-%m-%d}, {on}"
    lines = [f"`{said}`", "", *table(found)]
    click.echo("\n".join(lines))
    if not dry and found:
        write(PAGE, "proof", lines)
    sys.exit(done.returncode)


if __name__ == "__main__":
    proof()

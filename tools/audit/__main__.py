"""`python -m tools.audit`: exit code 0 clean or waived, 1 faults stand, 2 not everything was looked at."""

import sys
from datetime import UTC, datetime
from pathlib import Path

import click

from tools.audit.findings import read_waivers, verdict
from tools.audit.registries import ask_npm, ask_pypi

ROOT = Path(__file__).parents[2]

if __name__ == "__main__":
    looked = [
        ask_pypi(ROOT / "requirements.lock"),
        ask_pypi(ROOT / "requirements-dev.lock"),
        ask_npm(ROOT / "package-lock.json"),
    ]
    lines, code = verdict(looked, read_waivers(), datetime.now(UTC).date())
    click.echo("\n".join(lines))
    sys.exit(code)

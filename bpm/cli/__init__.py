"""`earshot`: every command line way in; commands are loaded when called, so that none pays for another's imports."""

import importlib
import json
import os
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import click
from pydantic import ValidationError

from bpm.cli.server import heap
from bpm.cli.settings_report import describe_wrong_settings, name_unread_variables
from bpm.cli.short_help import short_help
from bpm.foundation.errors import EarshotError

COMMANDS = {
    "serve": "bpm.cli.serve:serve",
    "worker": "bpm.cli.serve:worker",
    "migrate": "bpm.cli.database:migrate",
    "settings": "bpm.cli.database:settings",
    "doctor": "bpm.cli.database:doctor",
    "backup": "bpm.cli.backup:backup",
    "restore": "bpm.cli.backup:restore",
    "audit": "bpm.cli.audit:audit",
    "secrets": "bpm.cli.secrets:secrets",
    "mail": "bpm.cli.mail:mail",
    "search": "bpm.cli.search:search",
    "operate": "bpm.cli.operate:operate",
    "user": "bpm.cli.user:user",
    "check": "bpm.cli.check:check",
    "deploy": "bpm.cli.deploy:deploy",
    "diff": "bpm.cli.diff:diff",
    "replay": "bpm.cli.replay:replay",
    "versions": "bpm.cli.versions:versions",
    "test": "bpm.cli.check:test",
    "decide": "bpm.cli.decide:decide",
    "import": "bpm.cli.import_feedback:import_",
    "export": "bpm.cli.export:export",
    "log": "bpm.cli.log:log",
    "classify": "bpm.cli.classify:classify",
    "train": "bpm.cli.classify:train",
    "evaluate": "bpm.cli.classify:evaluate",
    "verdict": "bpm.cli.verdict:verdict",
    "rollout": "bpm.cli.rollout:rollout",
    "measure": "bpm.cli.measure:measure",
    "rollups": "bpm.cli.rollups:rollups",
    "chart": "bpm.cli.chart:chart",
    "mask": "bpm.cli.mask:mask_",
    "bursts": "bpm.cli.bursts:bursts",
    "person": "bpm.cli.person:person",
    "demo": "bpm.cli.demo:demo",
    "bench": "tools.bench.command:bench",
}


class _Lazy(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return [name for name, where in COMMANDS.items() if not _of_tools(where) or _checkout() is not None]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module, name = COMMANDS[cmd_name].split(":")
        with heap.loading():
            command: click.Command = getattr(_module(module), name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of all commands, by what their sources say of them; loading them would take seconds."""
        names = self.list_commands(ctx)
        room = formatter.width - 6 - max(map(len, names))
        with formatter.section("Commands"):
            formatter.write_dl([(name, self._short_help(ctx, name, room)) for name in names])

    def _short_help(self, ctx: click.Context, name: str, room: int) -> str:
        try:
            return short_help(COMMANDS[name], room)
        except LookupError:  # installed without its sources
            command = self.get_command(ctx, name)
            return command.get_short_help_str(room) if command else ""


def _module(name: str) -> ModuleType:
    """The module; one of `tools` is no part of what is installed and comes from the checkout that this file is in."""
    if _of_tools(name):
        checkout = _checkout()
        if checkout is None:
            raise EarshotError(
                "This command needs a checkout.", remedy="Clone Earshot, run `make setup`, call it there."
            )
        if str(checkout) not in sys.path:
            sys.path.insert(0, str(checkout))
    return importlib.import_module(name)


def _of_tools(name: str) -> bool:
    return name.startswith("tools.")


def _checkout() -> Path | None:
    """Its root; None where only the packages are installed."""
    root = Path(__file__).parents[2]
    return root if (root / "tools" / "bench").is_dir() else None


@click.command(cls=_Lazy, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="earshot")
def cli() -> None:
    """Earshot keeps a company's processes within earshot of its customers."""


def main() -> None:
    """Run the command line; an error of ours, or of the ground we stand on, becomes one clear line and exit code 1."""
    for line in name_unread_variables(os.environ):
        click.echo(f"earshot: {line}", err=True)
    try:
        cli.main(standalone_mode=False)
    except click.exceptions.Exit as stop:
        sys.exit(stop.exit_code)
    except click.Abort:
        sys.exit(130)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except EarshotError as error:
        click.echo(f"earshot: {error}", err=True)
        sys.exit(1)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # who read us has gone; nothing more to say
        sys.exit(1)
    except Exception as error:  # whose kinds are known once one is here: naming them loads the database's library
        told = _in_one_line(error)
        if told is None:
            raise
        click.echo(f"earshot: {told}", err=True)
        sys.exit(1)


def _in_one_line(error: Exception) -> str | None:
    """What the ground under us refuses: a file, the database, a setting; without the statement or a trace.

    None for an error of another kind. Only who meets one pays for knowing what the database's errors are.
    """
    from sqlalchemy.exc import SQLAlchemyError

    if isinstance(error, ValidationError):
        return describe_wrong_settings(error)
    if not isinstance(error, OSError | SQLAlchemyError):
        return None
    cause = getattr(error, "orig", None) or error
    remedy = " Look at EARSHOT_DATABASE_URL, then: earshot doctor" if isinstance(error, SQLAlchemyError) else ""
    return " ".join(str(cause).split()) + remedy


def emit(value: Any) -> None:
    """Print `value` as one JSON document on standard output."""
    click.echo(json.dumps(value, ensure_ascii=False, default=str))

"""`earshot --help` names every command in its own words and loads none of them."""

import subprocess
import sys

import pytest

from bpm.cli import COMMANDS, cli
from bpm.cli.short_help import short_help

LISTED = """
import sys
from bpm.cli import main
sys.argv = ["earshot", "--help"]
try:
    main()
except SystemExit:
    pass
heavy = {"sqlalchemy", "alembic", "spacy", "numpy", "flask", "lxml", "SpiffWorkflow", "bpm.app", "bpm.feedback", "web"}
own = {name for name in sys.modules if name.startswith("bpm.cli.") and f"{name}:" in " ".join(COMMANDS)}
print(sorted(heavy & sys.modules.keys()), sorted(own))
"""


def test_the_list_of_commands_loads_none_of_them() -> None:
    program = f"COMMANDS = {list(COMMANDS.values())!r}\n{LISTED}"
    said = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True).stdout
    assert all(f"\n  {name} " in said for name in COMMANDS)
    assert said.splitlines()[-1] == "[] []"


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_is_listed_by_what_it_says_of_itself(name: str) -> None:
    with cli.make_context("earshot", [name], resilient_parsing=True) as context:
        command = cli.get_command(context, name)  # type: ignore[attr-defined]  # it is a group
    assert command is not None
    assert short_help(COMMANDS[name], 60) == command.get_short_help_str(60)


def test_a_command_without_a_source_is_not_found_there() -> None:
    with pytest.raises(LookupError):
        short_help("bpm.cli.nowhere:nothing", 60)

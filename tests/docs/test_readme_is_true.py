"""README names every command and every setting, and none that is not there."""

import re
from pathlib import Path

from bpm.cli import COMMANDS
from bpm.foundation.settings import Settings

ROOT = Path(__file__).parent.parent.parent
README = (ROOT / "README.md").read_text()


def test_readme_names_every_setting_and_no_other() -> None:
    named = set(re.findall(r"EARSHOT_[A-Z_]*[A-Z]", README)) - {"EARSHOT_TEST_POSTGRES_URL"}
    assert named == {f"EARSHOT_{name.upper()}" for name in Settings.model_fields}


def test_readme_names_every_command_and_no_other() -> None:
    named = set(re.findall(r"`earshot ([a-z]+)", README))
    assert named == set(COMMANDS)


def test_every_command_loads_and_explains_itself() -> None:
    import click

    from bpm.cli import cli

    context = click.Context(cli)
    for name in COMMANDS:
        command = cli.get_command(context, name)
        assert command is not None
        assert command.help, name


def test_links_in_the_documents_lead_somewhere() -> None:
    broken = [
        f"{page.relative_to(ROOT)} -> {target}"
        for page in [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text())
        if not (page.parent / target).exists()
    ]
    assert not broken


def test_no_document_names_a_make_target_that_is_not_there() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    named = set(re.findall(r"`make ([a-z-]+)", README))
    assert named <= targets
    assert {"run", "setup", "test", "check", "bench"} <= targets

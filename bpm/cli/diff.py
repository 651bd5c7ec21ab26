"""`earshot diff`: everything that differs between two bundles, for people and for pull requests."""

import sys

import click

from bpm.cli import emit
from bpm.cli.compared import read_side
from bpm.engine import checking
from bpm.engine.checking import Difference


@click.command()
@click.argument("before")
@click.argument("after")
@click.option("--json", "how", flag_value="json", help='Print {"kept", "changed", "added", "removed"}.')
@click.option("--md", "how", flag_value="md", help="Print Markdown, for a pull request.")
@click.option("--html", "how", flag_value="html", help="Print one page of HTML that stands alone.")
@click.option("--exit-code", is_flag=True, help="Exit with 1 if something differs, as git does.")
def diff(before: str, after: str, how: str | None, exit_code: bool) -> None:
    """Compare BEFORE and AFTER: files, folders, zip archives, or versions here as KEY@NUMBER.

    Every attribute, expression, timer, script, form field, rule, test step and trigger that differs is named. The exit
    code is 0 when they could be compared, whether or not they differ.
    """
    found = checking.difference(read_side(before), read_side(after))
    if how == "json":
        emit(_as_json(found))
    elif how == "md":
        click.echo(checking.as_markdown(found, before, after), nl=False)
    elif how == "html":
        click.echo(checking.as_page(found, before, after), nl=False)
    else:
        for line in checking.as_lines(found):
            click.echo(line)
    sys.exit(1 if exit_code and not found.same else 0)


def _as_json(found: Difference) -> dict[str, object]:
    """Each change with its words."""
    plain: dict[str, object] = dict(found.as_dict())
    for name in ("kept", "changed", "added", "removed"):
        plain[name] = [{**each.as_dict(), "words": each.words} for each in getattr(found, name)]
    return plain

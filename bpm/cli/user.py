"""`earshot user`: people and their roles."""

from typing import Any

import click

from bpm import identity
from bpm.cli import emit
from bpm.cli.product import opened


@click.group()
def user() -> None:
    """Create and list the people who sign in."""


@user.command("create")
@click.argument("username")
@click.option("--name", default="", help="Name that colleagues and customers see.")
@click.option("--role", "roles", multiple=True, help=f"One of {', '.join(identity.ROLES)}; may be given again.")
@click.option("--group", "groups", multiple=True, help="Group whose work items the person sees; may be given again.")
@click.option("--password", prompt=True, hide_input=True, confirmation_prompt=True, help="Asked for when not given.")
def create(username: str, name: str, roles: tuple[str, ...], groups: tuple[str, ...], password: str) -> None:
    """Create the person USERNAME."""
    with opened().unit_of_work() as work:
        identity.create_user(
            work, username, display_name=name, password=password, roles=list(roles), groups=list(groups)
        )
    click.echo(f"{username} can sign in now.")


@user.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON document.")
def list_people(as_json: bool) -> None:
    """List everybody with roles and groups."""
    with opened().unit_of_work.reading() as work:
        rows: list[dict[str, Any]] = [
            {
                "username": person.username,
                "name": person.display_name,
                "roles": person.roles,
                "groups": [group.key for group in person.groups],
                "active": person.active,
            }
            for person in identity.list_users(work)
        ]
    if as_json:
        emit({"users": rows})
        return
    for row in rows:
        click.echo(f"{row['username']:<16} {row['name']:<24} {', '.join(row['roles']):<30} {', '.join(row['groups'])}")
    if not rows:
        click.echo("Nobody yet. Make the first person with: earshot user create NAME --role admin")

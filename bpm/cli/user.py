"""`earshot user`: people and their roles."""

from typing import Any

import click

from bpm import identity, processes
from bpm.cli import emit
from bpm.cli.product import opened
from bpm.engine import api as engine
from bpm.identity import oidc


@click.group()
def user() -> None:
    """Look after the people who sign in."""


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


@user.command("change")
@click.argument("username")
@click.option("--name", help="Name that colleagues and customers see.")
@click.option("--email", help="Mail address, for links and for the provider; '' takes it away.")
@click.option("--role", "roles", multiple=True, help="All roles from now on; may be given again.")
@click.option("--group", "groups", multiple=True, help="All groups from now on; may be given again.")
def change(username: str, name: str | None, email: str | None, roles: tuple[str, ...], groups: tuple[str, ...]) -> None:
    """Change the person USERNAME; what is not given stays. Other roles sign them out everywhere."""
    with opened().unit_of_work() as work:
        person = identity.find_user(work, username)
        form = identity.PersonForm(
            person.display_name if name is None else name,
            (person.email or "") if email is None else email,
            roles or tuple(person.roles),
            groups or tuple(group.key for group in person.groups),
        )
        identity.change_person(work, person.id, form)
    click.echo(f"{username} is changed.")


@user.command("off")
@click.argument("username")
@click.option("--reason", required=True, help="Why; it stands on the audit trail.")
@click.option("--to", "heir", default="", help="Who gets the open work items; none: the groups they were offered to.")
def switch_off(username: str, reason: str, heir: str) -> None:
    """Switch USERNAME off: signed out everywhere at once, the work handed over."""
    with opened().unit_of_work() as work:
        person = identity.find_user(work, username)
        to = identity.find_user(work, heir).id if heir else None
        moved = engine.hand_over_all(work, person.id, reason=reason, to_person=to)
        if to is not None:
            processes.give_triggers(work, person.id, to=to, reason=reason)
        identity.deactivate(work, person.id, reason=reason)
    click.echo(f"{username} is switched off; {moved} work items were handed over.")


@user.command("on")
@click.argument("username")
def switch_on(username: str) -> None:
    """Let USERNAME sign in again."""
    with opened().unit_of_work() as work:
        identity.activate(work, identity.find_user(work, username).id)
    click.echo(f"{username} can sign in again.")


@user.command("sign-out")
@click.argument("username")
def sign_out(username: str) -> None:
    """End every session of USERNAME."""
    with opened().unit_of_work() as work:
        ended = identity.sign_out_everywhere(work, identity.find_user(work, username).id)
    click.echo(f"{ended} sessions of {username} ended.")


@user.command("password")
@click.argument("username")
@click.option("--password", prompt=True, hide_input=True, confirmation_prompt=True, help="Asked for when not given.")
def set_password(username: str, password: str) -> None:
    """Set a new password for USERNAME; every session ends."""
    with opened().unit_of_work() as work:
        identity.set_password(work, identity.find_user(work, username).id, password)
    click.echo(f"{username} has a new password.")


@user.command("map")
@click.argument("lane")
@click.argument("group")
def map_lane(lane: str, group: str) -> None:
    """Let work that models offer to the key LANE go to GROUP, which is made if need be; open work items go there."""
    with opened().unit_of_work() as work:
        target = identity.map_alias(work, lane, identity.ensure_group(work, group).id)
        moved = engine.offer_elsewhere(work, lane, target.key)
    click.echo(f"{lane} stands for {target.key}; {moved} open work items went there.")


@user.command("provider-secret")
@click.option("--secret", prompt=True, hide_input=True, help="Asked for when not given.")
def provider_secret(secret: str) -> None:
    """Keep, sealed, the client secret that the OpenID provider gave Earshot."""
    with opened().unit_of_work() as work:
        oidc.keep_client_secret(work, secret)
    click.echo("The secret is kept, sealed.")

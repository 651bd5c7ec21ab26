"""`earshot mail`: what waits in the outbox and why, another try, and a test of the mail server."""

from dataclasses import asdict

import click

from bpm import mail as post
from bpm.cli import emit
from bpm.cli.product import opened
from bpm.foundation.errors import EarshotError
from bpm.foundation.texts import _
from bpm.mail import MailStatus

AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")


@click.group()
def mail() -> None:
    """Look after mails: they wait in an outbox, and a worker sends them."""


@mail.command(name="list")
@click.option("--all", "everything", is_flag=True, help="Those that were sent, too.")
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1, 1000), help="At most so many.")
@AS_JSON
def list_(everything: bool, limit: int, as_json: bool) -> None:
    """List mails that did not go out, the newest first, with what the mail server said."""
    statuses = () if everything else tuple(each for each in MailStatus if each is not MailStatus.SENT)
    app = opened()
    with app.unit_of_work.reading() as work:
        rows = post.list_mail(work, statuses=statuses, limit=limit).rows
        set_up = post.is_set_up(work.settings)
    app.close()
    if as_json:
        emit({"set_up": set_up, "mails": [asdict(row) for row in rows]})
        return
    for row in rows:
        said = f": {row.last_error}" if row.last_error else ""
        click.echo(f"mail {row.id}, {row.status.replace('_', ' ')}, to {row.to_address}, “{row.subject}”{said}")
    if not rows:
        click.echo(_("Every mail went out."))
    if not set_up:
        click.echo(f"{_('Mail is not set up.')} {post.NOT_SET_UP}")


@mail.command()
@click.argument("mail_ids", type=int, nargs=-1)
@click.option("--all", "everything", is_flag=True, help="Everything that failed or was put off.")
@AS_JSON
def retry(mail_ids: tuple[int, ...], everything: bool, as_json: bool) -> None:
    """Send mails again that failed, were put off or perhaps went; a worker does it."""
    if bool(mail_ids) == everything:
        raise EarshotError(_("Which mails?"), remedy=_("Give their ids, or --all."))
    app = opened()
    with app.unit_of_work() as work:
        number = post.retry_failed(work) if everything else len(mail_ids)
        for mail_id in mail_ids:
            post.retry_mail(work, mail_id)
    app.close()
    if as_json:
        emit({"retried": number})
        return
    click.echo(f"{number} mails are sent again now.")


@mail.command()
@click.argument("address")
@AS_JSON
def test(address: str, as_json: bool) -> None:
    """Send a mail to ADDRESS now, to see whether mail works; exit code 1 with what went wrong."""
    app = opened()
    said = post.send_test(app.unit_of_work, address)
    app.close()
    if as_json:
        emit({"sent": True, "to": address, "server": said})
        return
    click.echo(f"The mail server took it: {said}")


@mail.command()
@click.option("--forget", is_flag=True, help="Take the sealed password away.")
def password(forget: bool) -> None:
    """Seal the password of the mail server, asked for or read from standard input; EARSHOT_SMTP_PASSWORD goes first."""
    app = opened()
    value = "" if forget else str(click.prompt("Password", hide_input=True))
    with app.unit_of_work() as work:
        post.keep_password(work, value)
    app.close()
    click.echo("Forgotten." if forget else "Sealed.")

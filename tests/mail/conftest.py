"""The product with a mail server beside it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest

from bpm import mail
from bpm.app import App
from bpm.mail import MailRow
from tests.mail import fake_server
from tests.mail.fake_server import Mailbox


def with_server(app: App, port: int, **settings: object) -> App:
    """The same product, with that mail server in its settings."""
    named = {"smtp_host": "127.0.0.1", "smtp_port": port, "smtp_tls": "none", "smtp_from": "Earshot <post@example.com>"}
    changed = app.settings.model_copy(update={**named, **settings})
    return replace(app, settings=changed, unit_of_work=replace(app.unit_of_work, settings=changed))


@pytest.fixture
def posting(app: App) -> Callable[..., object]:
    """Opens a mail server of certain moods: gives (the product that sends to it, its mailbox)."""

    @contextmanager
    def open_server(*moods: str) -> Iterator[tuple[App, Mailbox]]:
        with fake_server.running(*moods) as box:
            yield with_server(app, box.port), box

    return open_server


def queue(
    app: App, key: str = "one", *, to: str = "ada@example.org", subject: str = "Hello", text: str = "Hi.\n"
) -> bool:
    with app.unit_of_work() as work:
        return mail.queue(work, to="ada@example.org", subject=subject, text=text, kind="test", key=key)


def rows(app: App) -> list[MailRow]:
    """All mails, the oldest first."""
    with app.unit_of_work.reading() as work:
        return list(mail.list_mail(work).rows[::-1])


def states(app: App) -> list[str]:
    return [str(row.status) for row in rows(app)]


def send(app: App) -> int:
    return mail.sweep_mail(app.unit_of_work)

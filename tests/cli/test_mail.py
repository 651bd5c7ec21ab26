"""`earshot mail`: what did not go out, another try, a test, a sealed password."""

import json

import pytest
from click.testing import CliRunner, Result

from bpm import mail
from bpm.app import App
from bpm.cli import cli
from bpm.foundation.errors import EarshotError
from bpm.mail import MailStatus
from bpm.mail.server import find_server
from tests.mail import fake_server
from tests.mail.conftest import queue, rows


@pytest.fixture
def run(app: App, monkeypatch: pytest.MonkeyPatch) -> object:
    monkeypatch.setenv("EARSHOT_HOME", str(app.settings.home))
    monkeypatch.setenv("EARSHOT_DATABASE_URL", app.settings.database_url)

    def call(*words: str, typed: str = "") -> Result:
        return CliRunner().invoke(cli, ["mail", *words], input=typed)

    return call


def test_what_did_not_go_out_is_listed_and_sent_again(app: App, run: object) -> None:
    assert callable(run)
    queue(app)
    with app.unit_of_work() as work:
        row = work.session.query(mail.MailMessage).one()
        row.status, row.last_error = MailStatus.FAILED, "550 no such person"
    listed = json.loads(run("list", "--json").output)
    assert listed["set_up"] is False
    assert [(each["status"], each["last_error"]) for each in listed["mails"]] == [("failed", "550 no such person")]
    assert "EARSHOT_SMTP_HOST" in run("list").output
    assert json.loads(run("retry", str(rows(app)[0].id), "--json").output) == {"retried": 1}
    assert [each.status for each in rows(app)] == ["created"]
    assert json.loads(run("retry", "--all", "--json").output) == {"retried": 0}
    assert isinstance(run("retry").exception, EarshotError)


def test_a_test_mail_is_sent_at_once(run: object, monkeypatch: pytest.MonkeyPatch) -> None:
    assert callable(run)
    assert isinstance(run("test", "ada@example.org").exception, EarshotError)
    with fake_server.running() as box:
        for name, value in {"HOST": "127.0.0.1", "PORT": str(box.port), "TLS": "none", "FROM": "a@example.com"}.items():
            monkeypatch.setenv(f"EARSHOT_SMTP_{name}", value)
        sent = json.loads(run("test", "ada@example.org", "--json").output)
    assert sent == {"sent": True, "to": "ada@example.org", "server": "250 taken"}
    assert len(box.taken) == 1


def test_the_password_is_sealed_and_used(app: App, run: object) -> None:
    assert callable(run)
    assert "secret-word" not in run("password", typed="secret-word\n").output
    set_up = app.settings.model_copy(
        update={"smtp_host": "mail.example.com", "smtp_from": "a@example.com", "smtp_user": "earshot"}
    )
    with app.unit_of_work.reading() as work:
        work.settings = set_up
        server = find_server(work)
    assert server is not None
    assert (server.password, "secret-word" in repr(server)) == ("secret-word", False)
    run("password", "--forget")
    with app.unit_of_work.reading() as work:
        work.settings = set_up
        server = find_server(work)
    assert server is not None
    assert server.password == ""

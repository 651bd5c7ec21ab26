"""Secrets are kept sealed, outlive a change of the key, and are never lost to a wrong one."""

import base64
import json
import os
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import structlog
from click.testing import CliRunner
from sqlalchemy import MetaData, select

from bpm import feedback
from bpm.app import App, build
from bpm.cli.database import doctor
from bpm.cli.secrets import rotate
from bpm.feedback.models import WebhookSource
from bpm.foundation.errors import EarshotError, InvalidInputError, NotFoundError, SecretUnreadableError
from bpm.foundation.telemetry import configure
from bpm.identity import Permission
from bpm.secrets import (
    Owner,
    add_key,
    forget_secret,
    get_secret,
    list_keys_in_use,
    put_secret,
    read_keyring,
    reseal_all,
)
from tests.web.conftest import Browser
from web import create_app
from web.core.request_context import work as current_work
from web.core.security import needs

SMTP = Owner("mail_server", "smtp")
PLANTED = "planted-5d1f0c2b9e"


def put(app: App, value: str = PLANTED, owner: Owner = SMTP) -> None:
    with app.unit_of_work() as work:
        put_secret(work, owner, value)


def get(app: App, owner: Owner = SMTP) -> str:
    with app.unit_of_work.reading() as work:
        return get_secret(work, owner)


@pytest.fixture
def with_keys(app: App) -> Iterator[Callable[..., App]]:
    """Makes the product over the same database under these keys, in this home or in one that is new."""
    made: list[App] = []

    def make(*keys: bytes, home: Path | None = None) -> App:
        made.append(build(app.settings.model_copy(update={"secrets_key": keys, "home": home or app.settings.home})))
        return made[-1]

    yield make
    for each in made:
        each.close()


def keys_file(app: App) -> Path:
    return app.settings.home / "secrets_keys"


@pytest.mark.both_databases
def test_a_secret_is_put_changed_and_forgotten(app: App) -> None:
    put(app, "first")
    put(app, "second")
    assert get(app) == "second"
    with app.unit_of_work() as work:
        forget_secret(work, SMTP)
    with pytest.raises(NotFoundError):
        get(app)


@pytest.mark.parametrize("value", ["", "x" * 20_001])
def test_what_is_no_secret_is_refused(app: App, value: str) -> None:
    with pytest.raises(InvalidInputError):
        put(app, value)


def test_the_key_is_made_with_the_first_secret_and_belongs_to_its_owner_alone(app: App) -> None:
    with app.unit_of_work.reading() as work:
        list_keys_in_use(work)
    assert not keys_file(app).exists()
    put(app)
    assert stat.S_IMODE(keys_file(app).stat().st_mode) == 0o600


def test_keys_that_are_made_at_once_are_all_kept(app: App) -> None:
    made = [add_key(app.settings) for _ in range(3)]
    keyring = read_keyring(app.settings)
    assert set(keyring.keys) == set(made)
    assert keyring.current == made[-1]


def test_a_line_that_is_no_key_is_named_with_its_place(app: App) -> None:
    put(app)
    with keys_file(app).open("a") as file:
        file.write("half a key")
    with pytest.raises(EarshotError, match="secrets_keys:3: This line is no key"):
        get(app)


@pytest.mark.both_databases
def test_a_new_key_seals_anew_and_the_old_one_still_opens_what_came_from_a_backup(app: App) -> None:
    put(app)
    old = read_keyring(app.settings).current
    with app.unit_of_work() as work:
        row = work.session.connection().exec_driver_sql("SELECT key_id, nonce, ciphertext FROM secret").one()
    new = add_key(app.settings)
    assert get(app) == PLANTED
    with app.unit_of_work() as work:
        done = reseal_all(work)
    assert (done.key_id, done.resealed, done.unreadable) == (new, 1, ())
    with app.unit_of_work.reading() as work:
        assert list_keys_in_use(work) == ({new: 1}, ())
    assert get(app) == PLANTED
    assert row.key_id == old
    assert old in read_keyring(app.settings).keys


def test_the_key_moves_from_the_home_into_the_environment_and_on_to_the_next(
    app: App, with_keys: Callable[..., App], tmp_path: Path
) -> None:
    put(app)
    first, second = os.urandom(32), os.urandom(32)
    moving = with_keys(first)
    assert get(moving) == PLANTED, "the home's key still opens"
    with moving.unit_of_work() as work:
        assert reseal_all(work).resealed == 1
    rotating = with_keys(second, first, home=tmp_path / "elsewhere")
    assert get(rotating) == PLANTED
    with rotating.unit_of_work() as work:
        assert reseal_all(work).resealed == 1
    assert get(with_keys(second, home=tmp_path / "elsewhere")) == PLANTED
    assert not (tmp_path / "elsewhere/secrets_keys").exists()


@pytest.mark.both_databases
def test_under_a_wrong_key_nothing_is_lost_and_the_remedy_is_told(
    app: App, with_keys: Callable[..., App], tmp_path: Path
) -> None:
    put(app)
    wrong = with_keys(os.urandom(32), home=tmp_path / "elsewhere")
    with pytest.raises(SecretUnreadableError, match=r"mail_server smtp: .*EARSHOT_SECRETS_KEY"):
        get(wrong)
    with wrong.unit_of_work() as work:
        done = reseal_all(work)
    assert (done.resealed, [each.owner for each in done.unreadable]) == (0, [SMTP])
    assert get(app) == PLANTED


def test_where_the_keys_are_gone_no_new_one_is_made_in_silence(app: App) -> None:
    put(app)
    kept = keys_file(app).read_text()
    keys_file(app).unlink()
    with pytest.raises(SecretUnreadableError, match="keys are gone"):
        put(app, owner=Owner("mail_server", "imap"))
    keys_file(app).write_text(kept)
    assert get(app) == PLANTED


def test_a_row_moved_to_another_owner_does_not_open(app: App) -> None:
    put(app)
    with app.database.begin() as connection:
        connection.exec_driver_sql("UPDATE secret SET owner_key = 'other'")
    with pytest.raises(SecretUnreadableError, match="moved here from another owner"):
        get(app, Owner("mail_server", "other"))


@pytest.fixture
def installed(app: App, monkeypatch: pytest.MonkeyPatch) -> App:
    monkeypatch.setenv("EARSHOT_HOME", str(app.settings.home))
    monkeypatch.setenv("EARSHOT_DATABASE_URL", app.settings.url)
    return app


def check() -> tuple[bool, str]:
    checks = json.loads(CliRunner().invoke(doctor, ["--json"]).stdout)["checks"]
    return next((each["ok"], each["detail"]) for each in checks if each["name"] == "secrets can be opened")


@pytest.mark.both_databases
def test_the_command_makes_a_key_and_the_doctor_says_which_are_in_use(installed: App) -> None:
    assert check() == (True, "none are kept")
    put(installed)
    old = read_keyring(installed.settings).current
    assert check() == (True, f"1 with the key {old}; {old} seals")
    done = CliRunner().invoke(rotate, ["--json"])
    said = json.loads(done.stdout)
    assert (done.exit_code, said["made"], said["resealed"], said["unreadable"]) == (0, True, 1, [])
    assert said["in_use"] == {said["key"]: 1}
    assert said["key"] != old
    assert get(installed) == PLANTED


def test_the_command_with_a_key_of_the_environment_makes_none(installed: App, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EARSHOT_SECRETS_KEY", base64.b64encode(os.urandom(32)).decode())
    done = CliRunner().invoke(rotate)
    assert done.exit_code == 0
    assert "made just now" not in done.output
    assert not keys_file(installed).exists()


def test_the_doctor_and_the_command_name_what_cannot_be_opened(installed: App) -> None:
    put(installed)
    keys_file(installed).unlink()
    ok, said = check()
    assert not ok
    assert "mail_server smtp" in said
    assert "EARSHOT_SECRETS_KEY" in said
    done = CliRunner().invoke(rotate, ["--json"])
    assert done.exit_code == 1
    assert json.loads(done.stdout)["unreadable"][0]["owner"] == "mail_server smtp"


@pytest.mark.both_databases
def test_a_secret_in_plain_text_from_a_release_before_is_named_and_sealed(installed: App) -> None:
    with installed.unit_of_work() as work:
        hook = feedback.save_webhook(work, "Shop", channel="email")
        source = work.session.get_one(WebhookSource, hook.id)
        source.secret = PLANTED
    ok, said = check()
    assert not ok
    assert "earshot secrets rotate" in said
    assert json.loads(CliRunner().invoke(rotate, ["--json"]).stdout)["moved"] == 1
    assert get(installed, Owner("webhook_source", str(hook.id))) == PLANTED
    with installed.unit_of_work.reading() as work:
        assert work.session.scalar(select(WebhookSource.secret)) is None


def everything(app: App) -> str:
    """All rows of all tables, and of SQLite the very bytes of its files."""
    tables = MetaData()
    tables.reflect(app.database)
    with app.database.connect() as connection:
        rows = [str(row) for table in tables.sorted_tables for row in connection.execute(table.select())]
    files = [path.read_bytes().decode("latin-1") for path in app.settings.home.glob("earshot.db*")]
    return "\n".join(rows + files)


@pytest.mark.both_databases
def test_a_planted_secret_stands_in_no_table_no_log_and_no_page(
    app: App, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bpm.feedback.sources.token_urlsafe", lambda _size: PLANTED)
    before = structlog.get_config()
    configure(app.settings)
    put(app)
    with app.unit_of_work() as work:
        hook = feedback.save_webhook(work, "Shop", channel="email")
    web = create_app(app)

    @web.get("/breaks")
    @needs(Permission.PUBLIC)
    def breaks() -> str:
        secret = get_secret(current_work(), SMTP)
        raise RuntimeError(f"failed with a secret of {len(secret)} characters")

    page = Browser(web.test_client()).get("/breaks")
    assert page.status_code == 500
    said = capfd.readouterr()
    structlog.configure(**before)
    assert "failed with a secret of 18 characters" in said.out + said.err
    for text in (everything(app), said.out + said.err, page.get_data(as_text=True), repr(hook), repr(app.settings)):
        assert PLANTED not in text
    assert get(app, Owner("webhook_source", str(hook.id))) == PLANTED


def test_a_webhook_whose_secret_cannot_be_opened_is_told_to_come_back_later(app: App) -> None:
    with app.unit_of_work() as work:
        hook = feedback.save_webhook(work, "Shop", channel="email")
    keys_file(app).unlink()
    answer = create_app(app).test_client().post(f"/api/webhooks/{hook.key}", data=b"{}")
    assert answer.status_code == 503


def test_no_key_stands_in_what_is_printed_of_a_keyring(app: App) -> None:
    put(app)
    keyring = read_keyring(app.settings)
    assert keyring.current in repr(keyring)
    assert repr(keyring.sealing) not in repr(keyring)

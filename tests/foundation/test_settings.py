"""A wrong setting is one line that names the variable, what is expected and the remedy; a misspelt one is named."""

import base64

import pytest
from pydantic import ValidationError

from bpm.cli.settings_report import describe_wrong_settings, name_unread_variables
from bpm.foundation.settings import Settings

KEY = base64.b64encode(bytes(range(32))).decode()


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("PORT", "many", "a whole number from 0 to 65535"),
        ("PORT", "70000", "a whole number from 0 to 65535"),
        ("PORT", "", "a whole number from 0 to 65535"),
        ("THREADS", "1", "a whole number from 2 to 256"),
        ("WEB_PROCESSES", "-1", "a whole number from 0 to 64"),
        ("DATABASE_CONNECTIONS", "1e3", "a whole number from 4 to 1000"),
        ("UPLOAD_BYTES", "0", "a whole number of at least 1"),
        ("QUIET_DAYS", "soon", "a whole number of at least 1"),
        ("SECURE_COOKIES", "perhaps", "true or false"),
        ("EMBEDDED_WORKER", "", "true or false"),
        ("LOG_JSON", "2", "true or false"),
        ("LOG_LEVEL", "loud", "one of DEBUG, INFO, WARNING, ERROR"),
        ("HOST", "http://here", "an address or host name"),
        ("TRUSTED_PROXY", "proxy.corp.test", "the proxy's IP address"),
        ("DATABASE_URL", "postgres://me@here/earshot", "a URL such as postgresql+psycopg://"),
        ("DATABASE_URL", "postgresql+psycopg://me:a/b@here:port/earshot", "whose port is a number"),
        ("DATABASE_URL", "earshot.db", "a URL such as"),
        ("JOB_RETRIES", "payment=R5/5 minutes", "topic=R and a number of tries"),
        ("OUTBOUND_ALLOWED", "10.0.0.0/40", "host names, addresses or networks"),
        ("SECRET_KEY", "x", "at least 32 random characters"),
        ("SECRET_KEY", "x" * 64, "at least 32 random characters"),
        ("SECRET_KEY", "0123456789abcdef" * 3, "at least 32 random characters"),
        ("SECRETS_KEY", "short", "32 random bytes as base64"),
        ("SECRETS_KEY", f"{KEY},{KEY[:-8]}", "32 random bytes as base64"),
        ("SECRETS_KEY", base64.b64encode(bytes(32)).decode(), "32 random bytes as base64"),
    ],
)
def test_a_wrong_value_is_named_with_what_is_expected(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, expected: str
) -> None:
    monkeypatch.setenv(f"EARSHOT_{name}", value)
    with pytest.raises(ValidationError) as wrong:
        Settings()
    line = describe_wrong_settings(wrong.value)
    assert line.startswith(f"EARSHOT_{name} is ")
    assert expected in line
    assert "unset it" in line
    assert "\n" not in line


@pytest.mark.parametrize("name", ["SECRET_KEY", "SECRETS_KEY", "DATABASE_URL"])
def test_a_wrong_secret_is_not_shown(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv(f"EARSHOT_{name}", "oracle://me:planted@here/x")
    with pytest.raises(ValidationError) as wrong:
        Settings()
    assert "planted" not in describe_wrong_settings(wrong.value) + str(wrong.value)


def test_all_wrong_settings_are_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EARSHOT_PORT", "many")
    monkeypatch.setenv("EARSHOT_LOG_LEVEL", "loud")
    with pytest.raises(ValidationError) as wrong:
        Settings()
    line = describe_wrong_settings(wrong.value)
    assert "EARSHOT_LOG_LEVEL is 'loud'" in line
    assert "EARSHOT_PORT is 'many'" in line


@pytest.mark.parametrize(
    ("name", "value", "held"),
    [
        ("LOG_LEVEL", "debug", "DEBUG"),
        ("TRUSTED_PROXY", "::1", "::1"),
        ("JOB_RETRIES", "payment=R5/PT1M,PT10M; *=R2", "payment=R5/PT1M,PT10M; *=R2"),
        ("OUTBOUND_ALLOWED", "hooks.corp.test, 10.1.0.0/16", ("hooks.corp.test", "10.1.0.0/16")),
        ("SECRETS_KEY", KEY, (bytes(range(32)),)),
        ("SECRET_KEY", "8f14e45fceea167a5a36dedd4bea2543", "8f14e45fceea167a5a36dedd4bea2543"),
    ],
)
def test_a_right_value_is_taken(monkeypatch: pytest.MonkeyPatch, name: str, value: str, held: object) -> None:
    monkeypatch.setenv(f"EARSHOT_{name}", value)
    assert getattr(Settings(), name.lower()) == held


def test_settings_show_no_secret_when_they_are_printed() -> None:
    shown = repr(Settings(secret_key="8f14e45fceea167a5a36dedd4bea2543", database_url="sqlite:////x", secrets_key=KEY))  # type: ignore[arg-type]  # texts, as an environment gives them
    assert "8f14" not in shown
    assert KEY not in shown


def test_a_variable_that_nobody_reads_is_named_with_the_nearest_that_is_read() -> None:
    lines = name_unread_variables(
        {"EARSHOT_SECRETKEY": "1", "EARSHOT_PROT": "1", "EARSHOT_ZZZ": "", "EARSHOT_HOME": ".", "EARSHOT_TEST_X": ""}
    )
    assert [line.split()[0] for line in lines] == ["EARSHOT_PROT", "EARSHOT_SECRETKEY", "EARSHOT_ZZZ"]
    assert "EARSHOT_PORT?" in lines[0]
    assert "EARSHOT_SECRET_KEY?" in lines[1]
    assert "README" in lines[2]

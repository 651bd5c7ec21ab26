"""An unsafe start in production is refused, with the setting and the remedy of each reason."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from bpm.cli.serve import serve, worker
from bpm.cli.server.production import advice, demand_fit
from bpm.foundation.errors import EarshotError
from bpm.foundation.settings import Settings

SAFE = {"EARSHOT_PRODUCTION": "true", "EARSHOT_SECURE_COOKIES": "true", "EARSHOT_WEB_PROCESSES": "1"}


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"EARSHOT_SECURE_COOKIES": "false"}, "EARSHOT_SECURE_COOKIES"),
        ({"EARSHOT_LOG_LEVEL": "DEBUG"}, "EARSHOT_LOG_LEVEL"),
        ({"FLASK_DEBUG": "1"}, "FLASK_DEBUG"),
        ({"EARSHOT_WEB_PROCESSES": "2"}, "EARSHOT_WEB_PROCESSES"),
    ],
)
def test_an_unsafe_start_ends_before_anything_is_opened(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, wrong: dict[str, str], named: str
) -> None:
    for name, value in {**SAFE, "EARSHOT_HOME": str(tmp_path / "home"), **wrong}.items():
        monkeypatch.setenv(name, value)
    result = CliRunner().invoke(serve, ["--port", "0"])
    assert result.exit_code != 0
    assert named in str(result.exception)
    assert not (tmp_path / "home").exists()


def test_a_weak_key_in_the_home_is_refused(tmp_path: Path) -> None:
    (tmp_path / "secret_key").write_text("changeme")
    with pytest.raises(EarshotError, match="EARSHOT_SECRET_KEY"):
        demand_fit(Settings(home=tmp_path, production=True, secure_cookies=True, web_processes=1), environment={})


def test_a_second_process_on_sqlite_is_refused_to_the_worker(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name, value in {**SAFE, "EARSHOT_HOME": str(tmp_path / "home")}.items():
        monkeypatch.setenv(name, value)
    result = CliRunner().invoke(worker)
    assert result.exit_code != 0
    assert "SQLite is for one process" in str(result.exception)


def test_every_reason_is_told_at_once_and_a_safe_start_is_taken(tmp_path: Path) -> None:
    wrong = Settings(home=tmp_path, production=True, log_level="DEBUG", web_processes=3)
    with pytest.raises(EarshotError) as refused:
        demand_fit(wrong, environment={})
    assert all(name in refused.value.remedy for name in ("LOG_LEVEL", "SECURE_COOKIES", "WEB_PROCESSES"))
    demand_fit(Settings(home=tmp_path, production=True, secure_cookies=True, web_processes=1), environment={})
    demand_fit(Settings(home=tmp_path, log_level="DEBUG", web_processes=3), environment={})


def test_a_start_that_others_can_reach_is_told_of_the_setting(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    assert [bool(advice(settings, host)) for host in ("127.0.0.1", "localhost", "::1", "0.0.0.0", "shop.test")] == [
        False, False, False, True, True,
    ]  # fmt: skip

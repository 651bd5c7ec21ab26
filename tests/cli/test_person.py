"""`earshot person`: a customer handed out or erased from the command line."""

import json

import pytest

from bpm import feedback
from bpm.app import App
from bpm.feedback.raw_item import RawItem
from bpm.foundation.errors import InvalidInputError
from tests.cli.test_models import home, run

__all__ = ["home"]


def heard(app: App) -> None:
    with app.unit_of_work() as work:
        raw = RawItem(channel="email", source="mail", text="Ring +49 30 55512377.", author_email="ada@example.org")
        feedback.receive(work, raw)


def test_export_then_preview_then_erase(home: App) -> None:
    heard(home)
    told = json.loads(run("person", "export", "1", "--reason", "They asked.").output)
    assert told["records"]["1"]["text"] == "Ring +49 30 55512377."
    preview = json.loads(run("person", "erase", "1", "--preview", "--json").output)
    assert (preview["went"]["items"], preview["backups"]) == (1, None)
    assert isinstance(run("person", "erase", "1").exception, InvalidInputError)
    (home.settings.home / "backup-monday.db").write_bytes(b"x")
    answer = json.loads(run("person", "erase", "1", "--reason", "They asked.", "--json").output)
    assert answer["went"]["items"] == 1
    assert answer["backups"]["files"] == ["backup-monday.db"]
    assert "ada@example.org" not in run("person", "export", "1", "--reason", "To see.").output


def test_items_are_handed_out_masked_and_raw_with_a_reason_alone(home: App) -> None:
    heard(home)
    masked = run("export", "items", "--json").stdout
    assert json.loads(masked)["text"] == "Ring [phone]."
    assert "55512377" not in masked
    assert isinstance(run("export", "items", "--json", "--raw").exception, InvalidInputError)
    line = json.loads(run("export", "items", "--json", "--raw", "--reason", "The court asks.").stdout)
    assert (line["text"], line["raw"]["text"]) == ("Ring [phone].", "Ring +49 30 55512377.")


@pytest.mark.parametrize("customer", ["0", "x"])
def test_a_customer_is_a_number(home: App, customer: str) -> None:
    assert run("person", "erase", customer).exit_code == 2

"""What load balancers and service managers ask."""

import pytest

from bpm import schema
from bpm.app import App
from tests.web.conftest import Browser


@pytest.mark.both_databases
def test_a_process_on_the_newest_revision_is_up_and_ready(visitor: Browser) -> None:
    assert visitor.get("/healthz").get_data(as_text=True) == "ok\n"
    assert visitor.get("/readyz").get_data(as_text=True) == "ready\n"


@pytest.mark.both_databases
def test_a_process_on_an_old_schema_is_up_but_not_ready_and_says_what_to_run(app: App, visitor: Browser) -> None:
    schema.downgrade(app.database, to="0001")
    assert visitor.get("/healthz").status_code == 200
    answer = visitor.get("/readyz")
    assert answer.status_code == 503
    assert "0001" in answer.get_data(as_text=True)
    assert "earshot migrate" in answer.get_data(as_text=True)


def test_a_process_without_its_database_is_up_but_not_ready_and_tells_nothing_of_it(app: App, visitor: Browser) -> None:
    app.database.dispose()
    (app.settings.home / "earshot.db").unlink()
    (app.settings.home / "earshot.db").mkdir()
    assert visitor.get("/healthz").status_code == 200
    answer = visitor.get("/readyz")
    assert (answer.status_code, answer.get_data(as_text=True)) == (503, "the database does not answer\n")


def test_a_process_that_was_told_to_stop_asks_for_nothing_new(app: App, visitor: Browser) -> None:
    app.stopping.set()
    assert visitor.get("/readyz").status_code == 503

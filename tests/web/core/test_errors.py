"""Every error becomes an answer that says what happened, what was kept and what to do."""

from collections.abc import Callable

from flask import Flask

from bpm import identity
from bpm.app import App
from bpm.foundation.errors import ConflictError
from bpm.identity import Permission
from tests.web.conftest import Browser
from web.core.request_context import work
from web.core.security import needs

SignIn = Callable[..., Browser]


def test_an_unknown_page_says_what_to_do(signed_in: SignIn) -> None:
    answer = signed_in("ada").get("/no-such-page")
    assert answer.status_code == 404
    assert "search for what you want" in answer.get_data(as_text=True)


def test_who_may_not_reads_which_role_to_ask_for(signed_in: SignIn) -> None:
    page = signed_in("dora", "designer").see("/drafts", status=403)
    assert "None of your roles lets you do this." in page
    assert "Ask an administrator for one of these roles: advocate, staff." in page
    assert "feedback.answer" not in page
    assert "Ask an administrator for the role admin." in signed_in("sam", "staff").see("/admin/people", status=403)


def test_an_error_in_a_view_takes_back_all_it_wrote(app: App, web: Flask, signed_in: SignIn) -> None:
    @web.post("/writes-then-loses")
    @needs(Permission.SIGNED_IN)
    def writes_then_loses() -> str:
        identity.ensure_group(work(), "ghosts")
        raise ConflictError("Zoe completed this at 09:00.", remedy="Look at what she decided.")

    answer = signed_in("ada").post("/writes-then-loses")
    assert answer.status_code == 409
    page = answer.get_data(as_text=True)
    assert "Zoe completed this at 09:00." in page
    assert "Nothing of what you sent was kept" in page
    with app.unit_of_work.reading() as reading:
        assert identity.list_groups(reading) == []


def test_an_answer_of_400_takes_back_all_that_was_written(app: App, web: Flask, signed_in: SignIn) -> None:
    @web.post("/shows-the-form-again")
    @needs(Permission.SIGNED_IN)
    def shows_the_form_again() -> tuple[str, int]:
        identity.ensure_group(work(), "ghosts")
        return "the form again", 400

    assert signed_in("ada").post("/shows-the-form-again").status_code == 400
    with app.unit_of_work.reading() as reading:
        assert identity.list_groups(reading) == []


def test_our_own_mistake_shows_no_inner_part(web: Flask, signed_in: SignIn) -> None:
    @web.get("/breaks")
    @needs(Permission.SIGNED_IN)
    def breaks() -> str:
        raise RuntimeError("secret detail")

    answer = signed_in("ada").get("/breaks")
    assert answer.status_code == 500
    assert "secret detail" not in answer.get_data(as_text=True)


def test_htmx_gets_only_the_notice_and_is_told_where_it_goes(signed_in: SignIn) -> None:
    answer = signed_in("ada").get("/no-such-page", headers={"HX-Request": "true"})
    assert answer.headers["HX-Retarget"] == "#notice"
    assert "<html" not in answer.get_data(as_text=True)


def test_the_api_speaks_json_about_errors(visitor: Browser) -> None:
    answer = visitor.get("/api/no-such-thing")
    assert answer.status_code == 404
    assert answer.json is not None
    assert answer.json["remedy"]


def test_a_database_that_is_gone_is_said_in_words_and_not_as_our_mistake(app: App, signed_in: SignIn) -> None:
    browser = signed_in("ada", "staff")
    browser.token()
    with app.database.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE user_account RENAME TO elsewhere")
    answer = browser.post("/tasks/1/completion")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    page = answer.get_data(as_text=True)
    assert "The database does not answer" in page
    assert "kept as a whole or not at all" in page
    assert "not done a second time" in page

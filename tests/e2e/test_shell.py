"""The shell that every page shares."""

from collections.abc import Callable

import pytest

from tests.e2e.looking import Looker

Look = Callable[..., Looker]
WINDOWS = [
    pytest.param({"width": 1280}, id="desktop"),
    pytest.param({"width": 1280, "dark": True}, id="dark"),
    pytest.param({"width": 390}, id="phone"),
]


@pytest.mark.parametrize("window", WINDOWS)
def test_the_sign_in_page_and_an_error_page_hold_up(
    look: Look, person: Callable[..., None], window: dict[str, object], request: pytest.FixtureRequest
) -> None:
    person("ada", "staff")
    kind = request.node.callspec.id.removeprefix("sqlite-")
    looker = look(**window)
    looker.visit("/sign-in")
    looker.check(f"sign-in-{kind}")
    looker.sign_in("ada", "correct horse battery")
    looker.visit("/no-such-page")
    looker.check(f"not-found-{kind}")
    looker.visit("/search?q=nothing")
    looker.check(f"search-{kind}")


def test_the_question_mark_shows_the_keys_and_the_slash_goes_to_the_search(
    look: Look, person: Callable[..., None]
) -> None:
    person("ada", "staff")
    looker = look("ada")
    page = looker.visit("/search")
    page.keyboard.press("?")
    assert page.get_by_role("dialog").is_visible()
    looker.check("keys")
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    page.keyboard.type("returns")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=returns")

"""The palette reaches every page that stands by itself and that the person may open."""

from collections.abc import Callable

from flask import Flask, url_for

from tests.web.conftest import Browser
from web.ui import navigation

APART = {
    "home.home", "live.stream", "live.marks", "notices.show",
    "audit.as_csv", "banners.show", "cases.as_csv", "audit.as_lines", "operations.choose",
    "inbox.as_csv", "inbox.as_lines", "inbox.to_do", "private.ask", "private.mine", "private.person",
    "private.own_way",
    "board.board", "board.as_json", "answers.look", "outbox.letters", "reports.rows", "operations.restart_many",
}  # fmt: skip
"""Addresses that are no page to go to: the door, streams, files, parts of pages, and a form that needs a choice."""

DOORS = ("api.", "api_", "health.", "login.")


def test_every_page_without_a_thing_of_its_own_is_in_the_palette(web: Flask) -> None:
    listed = {each.endpoint for each in (*navigation.ENTRIES, *navigation.MORE)}
    pages = {
        rule.endpoint
        for rule in web.url_map.iter_rules()
        if "GET" in (rule.methods or ()) and not rule.arguments and not rule.endpoint.startswith(DOORS)
    }
    assert pages - listed - APART == set()
    assert listed - pages == set()


def test_every_page_of_the_palette_but_ones_own_lights_up_a_room_of_the_rail(web: Flask) -> None:
    with web.test_request_context():
        dark = {each.endpoint for each in navigation.MORE if navigation.room_of(url_for(each.endpoint)) is None}
    assert dark == {
        "notices.notice_list", "notices.preferences", "profile.profile", "profile.second_factor", "profile.tokens",
        "search.search",
    }  # fmt: skip
    audit, people = navigation.room_of("/admin/audit"), navigation.room_of("/admin/people/3")
    assert audit is not None
    assert people is not None
    assert (audit.label, people.label) == ("Audit", "Admin")
    assert navigation.room_of("/admin-of-others") is None


def test_a_person_is_offered_what_they_may_open(signed_in: Callable[..., Browser]) -> None:
    page = signed_in("stella", "staff").see("/search")
    offered = [link.name for link in page.all("link")]
    assert "Tasks" in offered
    assert "Bulk actions" not in offered

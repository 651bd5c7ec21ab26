"""Who may come in, and what a browser may do with our pages."""

import re
from collections.abc import Callable

import pytest
from flask import Flask

from bpm.identity import Permission
from tests.web.conftest import PASSWORD, Browser
from web.core.request_context import requirement_of
from web.core.targets import is_safe

SignIn = Callable[..., Browser]
PUBLIC_ENDPOINTS = {
    "login.signed_out",
    "login.told_by_provider",  # by a token that the provider signed
    "health.healthz",
    "health.readyz",
    "login.sign_in_page",
    "login.sign_in",
    "login.sign_out",
    "login.sign_in_code",
    "login.forgotten_page",
    "login.forgotten",
    "login.choose_page",
    "login.choose",
    "login.to_provider",
    "login.from_provider",
    "login.take_up",
    "assets.file",
    # A form on somebody's web site: its page, its script, its answer.
    "public_forms.page",
    "public_forms.script",
    "public_forms.answer",
    # What was said in public: disturbances, and the board "you said, we did".
    "disturbances.disturbances",
    "board.board",
    "board.entry",
    "board.as_json",
    "board.support",
    "board.comment",
    # A customer's own pages: by their private link, or by a code that was sent to their address.
    "private.letter",
    "private.person_of_link",
    "private.write",
    "private.wish",
    "private.tie",
    "private.ask",
    "private.send_code",
    "private.prove",
    "private.mine",
    "private.mine_one",
    "private.write_mine",
    "private.wish_mine",
    "private.person",
    "private.ask_person",
    "private.own_way",
    "private.hand_in_own_way",
    "private.leave",
    # What we know, before one asks; the survey that a customer was sent, and how to stop it (RFC 8058).
    "answers.look",
    "answers.solved",
    "survey.ask",
    "survey.send",
    "survey.stop",
    "survey.stop_now",
}
BY_ADDRESS = {each for each in PUBLIC_ENDPOINTS if each.startswith(("private.", "answers.", "survey."))}
BY_ADDRESS |= {"board.support", "board.comment"}
"""Pages for people without a session of ours: the address or a cookie that no other site sends along lets them in."""


def test_every_route_names_its_permission(web: Flask) -> None:
    nameless = [endpoint for endpoint, view in web.view_functions.items() if requirement_of(view) is None]
    assert nameless == []


def test_public_routes_are_a_short_known_list(web: Flask) -> None:
    public = {
        endpoint
        for endpoint, view in web.view_functions.items()
        if (need := requirement_of(view))
        and need.permission is Permission.PUBLIC
        and not endpoint.startswith(("api.", "api_"))
    }
    assert public == PUBLIC_ENDPOINTS


def test_a_route_that_names_no_permission_is_closed(web: Flask, visitor: Browser) -> None:
    web.view_functions["home.home"] = lambda: "open"
    assert visitor.get("/").status_code == 403


def test_a_stranger_is_sent_to_the_sign_in_page_and_comes_back_to_where_they_wanted(
    signed_in: SignIn, visitor: Browser
) -> None:
    signed_in("ada")
    sent = visitor.get("/search?q=returns")
    assert sent.status_code == 303
    assert sent.location == "/sign-in?next=/search?q%3Dreturns"
    back = visitor.post("/sign-in", {"username": "ada", "password": PASSWORD, "next": "/search?q=returns"})
    assert back.location == "/search?q=returns"


@pytest.mark.parametrize(
    "target",
    [
        "",
        "x",
        "https://evil.test/",
        "javascript:alert(1)",
        "//evil.test",
        "///evil.test",
        "/\\evil.test",
        "/search\\..\\x",
        "/\t/evil.test",
        "/\r\nSet-Cookie: a=b",
        "/a\nb",
        "/a\x00b",
        "/a\x85b",
        "/a\u2028b",
        "/%2Fevil.test",
        "/%2f%2fevil.test",
        "/%5Cevil.test",
        "/%0d%0aSet-Cookie:%20a=b",
        "/%250d%250aSet-Cookie:%20a=b",
        "/%09/evil.test",
        "/%00",
        "/" + "%25" * 9 + "0d",
        "/" + "x" * 3000,
    ],
)
def test_a_foreign_address_is_never_a_place_to_come_back_to(target: str) -> None:
    assert not is_safe(target)


@pytest.mark.parametrize("target", ["/", "/search?q=a%20b", "/search?q=100%25", "/tasks?next=/inbox&x=ä#part"])
def test_a_path_of_this_site_is_a_place_to_come_back_to(target: str) -> None:
    assert is_safe(target)


@pytest.mark.parametrize("target", ["/\r\n", "/\r\nLocation: //evil.test", "/%0a", "//evil.test", "/\x00"])
def test_signing_in_with_a_bad_place_to_come_back_to_leads_home(
    signed_in: SignIn, visitor: Browser, target: str
) -> None:
    signed_in("ada")
    assert visitor.get("/sign-in", query_string={"next": target}).status_code == 200
    back = visitor.post("/sign-in", {"username": "ada", "password": PASSWORD, "next": target})
    assert (back.status_code, back.location) == (303, "/")


def test_the_wrong_password_says_so_without_telling_which_part_was_wrong(signed_in: SignIn, visitor: Browser) -> None:
    signed_in("ada")
    wrong = visitor.sign_in("ada", "not it at all")
    unknown = visitor.sign_in("nobody", "not it at all")
    assert wrong.status_code == unknown.status_code == 401
    assert "do not match" in wrong.get_data(as_text=True)
    assert "do not match" in unknown.get_data(as_text=True)


def test_a_form_without_a_csrf_token_is_refused_and_says_what_to_do(signed_in: SignIn) -> None:
    answer = signed_in("ada").client.post("/sign-out")
    assert answer.status_code == 400
    assert "reload the page" in answer.get_data(as_text=True)


def test_the_csrf_token_is_also_taken_from_the_header_that_htmx_sends(signed_in: SignIn) -> None:
    browser = signed_in("ada")
    assert browser.client.post("/sign-out", headers={"X-CSRFToken": browser.token()}).status_code == 303


def test_pages_forbid_foreign_code_frames_and_caches(visitor: Browser) -> None:
    headers = visitor.get("/sign-in").headers
    policy = headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == "no-store"


def test_templates_carry_no_inline_style_and_no_inline_handler(web: Flask) -> None:
    assert web.jinja_env.loader is not None
    names = list(web.jinja_env.list_templates(["html"]))
    bad = [
        name
        for name in names
        if re.search(r"\sstyle=|\son[a-z]+=\"", web.jinja_env.loader.get_source(web.jinja_env, name)[0])
    ]
    assert names
    assert bad == []


def test_session_cookies_are_out_of_reach_of_scripts_and_other_sites(visitor: Browser) -> None:
    cookie = visitor.get("/sign-in").headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_only_the_listed_files_of_packages_are_served(visitor: Browser) -> None:
    assert visitor.get("/assets/htmx.js").status_code == 200
    for name in ("../login.py", "htmx.org/package.json", "..%2flogin.py", ".hidden"):
        assert visitor.get(f"/assets/{name}").status_code == 404


def addresses(web: Flask, method: str) -> list[tuple[str, str]]:
    """(endpoint, an address) of every route that takes the method."""
    adapter = web.url_map.bind("localhost")
    return [
        (rule.endpoint, adapter.build(rule.endpoint, dict.fromkeys(rule.arguments, 1), method=method))
        for rule in web.url_map.iter_rules()
        if rule.methods and method in rule.methods
    ]


def test_no_form_anywhere_is_taken_without_a_csrf_token(web: Flask, signed_in: SignIn) -> None:
    client = signed_in("alex", "admin").client
    taken = [
        address
        for endpoint, address in addresses(web, "POST")
        if (need := requirement_of(web.view_functions[endpoint]))
        and need.csrf
        and client.post(address).status_code != 400
    ]
    assert taken == []


def test_only_signed_requests_go_without_a_csrf_token(web: Flask) -> None:
    free = {
        endpoint for endpoint, view in web.view_functions.items() if (need := requirement_of(view)) and not need.csrf
    }
    signed = {"api.webhook", "api.call", "login.told_by_provider", "public_forms.answer"}
    free = {each for each in free if not each.startswith("api_")}  # a token in a header, which no site sends along
    assert signed <= free
    assert free - signed <= BY_ADDRESS


def test_strangers_reach_nothing_but_the_sign_in_page(web: Flask, visitor: Browser) -> None:
    open_to_all = [
        address
        for endpoint, address in addresses(web, "GET")
        if endpoint not in PUBLIC_ENDPOINTS and visitor.get(address).status_code not in {303, 401}
    ]
    assert open_to_all == []
    accepted = [
        address
        for endpoint, address in addresses(web, "POST")
        if endpoint not in PUBLIC_ENDPOINTS and not endpoint.startswith(("api.", "api_"))
        if visitor.post(address).status_code not in {303, 401} or "/sign-in" not in visitor.post(address).location
    ]
    assert accepted == []

"""Signing in by an OpenID provider: who is let in, and what is not believed."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from bpm import identity
from bpm.app import App, build
from bpm.foundation.clock import FixedClock
from bpm.foundation.settings import Settings
from bpm.identity import PersonForm, oidc
from bpm.identity.entry.models import UserSession
from bpm.identity.oidc import second_step
from bpm.secrets import Secret
from tests import openid
from tests.web.conftest import PASSWORD, Browser, page_of
from tests.web.sign_in.test_second_factor import set_up
from web import create_app

ADA = {
    "sub": "subject-1",
    "email": "Ada@Example.com",
    "email_verified": True,
    "name": "Ada",
    "preferred_username": "ada",
}


SignIn = Callable[..., Browser]


@pytest.fixture
def provider(clock: FixedClock) -> Iterator[openid.Provider]:
    with openid.running(lambda: clock.now().timestamp()) as provider:
        provider.claims = dict(ADA)
        yield provider


@pytest.fixture
def settings(settings: Settings, provider: openid.Provider) -> Settings:
    own = {"oidc_issuer": provider.address, "oidc_client_id": openid.CLIENT_ID, "outbound_allowed": ("127.0.0.1",)}
    return settings.model_copy(update=own)


@pytest.fixture
def ada(app: App) -> int:
    """Somebody invited, who has no password."""
    with app.unit_of_work() as work:
        oidc.keep_client_secret(work, openid.CLIENT_SECRET)
        return identity.invite(work, "ada", PersonForm("Ada", "ada@example.com", ("staff",), ())).id


def come_back(browser: Browser, provider: openid.Provider, **changed: str) -> TestResponse:
    """To the provider and back, with parts of the answer changed."""
    sent = browser.get("/sign-in/provider?next=/tasks")
    assert sent.location.startswith(provider.address), sent.get_data(as_text=True)
    query = {name: values[0] for name, values in parse_qs(urlsplit(sent.location).query).items()}
    back = parse_qs(urlsplit(provider.authorize(query)).query)
    return browser.get(
        "/sign-in/provider/back", query_string={name: values[0] for name, values in back.items()} | changed
    )


@pytest.mark.both_databases
def test_somebody_invited_comes_in_by_the_provider_and_is_known_by_subject_from_then_on(
    visitor: Browser, web: Flask, provider: openid.Provider, ada: int
) -> None:
    assert "Sign in with your company" in visitor.get("/sign-in").get_data(as_text=True)
    answer = come_back(visitor, provider)
    assert (answer.status_code, answer.location) == (303, "/tasks")
    assert visitor.get("/tasks").status_code == 200
    provider.claims["email"] = "married@example.com"
    assert come_back(Browser(web.test_client()), provider).status_code == 303


def test_what_is_sent_along_is_a_challenge_a_state_and_a_nonce_anew_each_time(
    visitor: Browser, provider: openid.Provider, ada: int
) -> None:
    asked = []
    for _time in range(2):
        sent = visitor.get("/sign-in/provider")
        asked.append({name: values[0] for name, values in parse_qs(urlsplit(sent.location).query).items()})
    assert asked[0]["code_challenge_method"] == "S256"
    assert asked[0]["response_type"] == "code"
    assert openid.CLIENT_SECRET not in str(asked)
    for name in ("state", "nonce", "code_challenge"):
        assert asked[0][name] != asked[1][name]
        assert len(asked[0][name]) >= 43


@pytest.mark.parametrize(
    "changed",
    [{"state": "x"}, {"state": ""}, {"iss": "https://other.example"}, {"code": "made-up"}, {"error": "denied"}],
)
def test_an_answer_that_is_not_the_one_asked_for_lets_nobody_in(
    visitor: Browser, provider: openid.Provider, ada: int, changed: dict[str, str]
) -> None:
    assert come_back(visitor, provider, **changed).status_code == 400
    assert visitor.get("/tasks").status_code == 303


@pytest.mark.parametrize(
    "twist",
    [
        {"nonce": "other"}, {"nonce": None}, {"aud": "another-client"}, {"aud": [openid.CLIENT_ID, "other"]},
        {"iss": "https://other.example"}, {"sub": None}, {"exp": 1}, {"iat": 4_000_000_000}, {"azp": "another-client"},
    ],
)  # fmt: skip
def test_a_token_that_says_the_wrong_thing_lets_nobody_in(
    visitor: Browser, provider: openid.Provider, ada: int, twist: dict[str, object]
) -> None:
    provider.twist = twist
    assert come_back(visitor, provider).status_code == 400
    assert visitor.get("/tasks").status_code == 303


@pytest.mark.parametrize(
    "forge", [openid.unsigned, openid.signed_by_secret, openid.signed_by_stranger, lambda _: "x.y.z"]
)
def test_a_token_that_the_provider_did_not_sign_lets_nobody_in(
    visitor: Browser, provider: openid.Provider, ada: int, forge: Callable[[dict[str, object]], str]
) -> None:
    provider.forge = forge
    assert come_back(visitor, provider).status_code == 400
    assert visitor.get("/tasks").status_code == 303


def test_an_answer_counts_once(visitor: Browser, provider: openid.Provider, ada: int) -> None:
    sent = visitor.get("/sign-in/provider")
    query = {name: values[0] for name, values in parse_qs(urlsplit(sent.location).query).items()}
    back = urlsplit(provider.authorize(query)).query
    assert visitor.get(f"/sign-in/provider/back?{back}").status_code == 303
    visitor.post("/sign-out")
    assert visitor.get(f"/sign-in/provider/back?{back}").status_code == 400


def test_a_new_key_of_the_provider_is_asked_for(
    visitor: Browser, web: Flask, provider: openid.Provider, ada: int, clock: FixedClock
) -> None:
    assert come_back(visitor, provider).status_code == 303
    provider.change_key()
    clock.advance(timedelta(minutes=1))
    assert come_back(Browser(web.test_client()), provider).status_code == 303


@pytest.mark.parametrize(
    "changed", [{"email_verified": False}, {"email": "eve@example.com"}, {"email_verified": "true"}]
)
def test_an_address_that_is_not_proven_is_nobody_s(
    visitor: Browser, provider: openid.Provider, ada: int, changed: dict[str, object]
) -> None:
    provider.claims |= changed
    answer = come_back(visitor, provider)
    assert answer.status_code == 403
    assert "Nobody here has this account" in answer.get_data(as_text=True)


def test_a_second_account_with_the_same_address_does_not_take_the_first_one_s_place(
    visitor: Browser, web: Flask, provider: openid.Provider, ada: int
) -> None:
    assert come_back(visitor, provider).status_code == 303
    provider.claims["sub"] = "subject-2"
    assert come_back(Browser(web.test_client()), provider).status_code == 403


def test_whoever_is_switched_off_does_not_come_in_by_the_provider(
    app: App, visitor: Browser, provider: openid.Provider, ada: int
) -> None:
    with app.unit_of_work() as work:
        identity.deactivate(work, ada)
    assert come_back(visitor, provider).status_code == 403


def variant(app: App, **changed: object) -> Browser:
    """A browser of the same installation with other settings."""
    other = build(app.settings.model_copy(update=changed), clock=app.clock)
    return Browser(create_app(other).test_client())


def test_roles_and_groups_follow_the_claim_and_others_stay(app: App, provider: openid.Provider, ada: int) -> None:
    own = {"oidc_roles": "bosses=manager; crew=staff", "oidc_groups": "bosses=board"}
    with app.unit_of_work() as work:
        identity.change_person(work, ada, PersonForm("Ada", "ada@example.com", ("staff", "operator"), ("garden",)))
    provider.claims["groups"] = ["bosses", "nothing"]
    assert come_back(variant(app, **own), provider).status_code == 303
    with app.unit_of_work.reading() as work:
        actor = identity.find_actors(work)[ada]
    assert actor.roles == {"manager", "operator"}
    assert actor.groups == {"board", "garden"}


def test_somebody_new_is_made_where_the_settings_say_so(app: App, provider: openid.Provider, ada: int) -> None:
    provider.claims = {**ADA, "sub": "subject-9", "email": "new@example.com", "preferred_username": "nell"}
    assert come_back(variant(app), provider).status_code == 403
    made = variant(app, oidc_makes_people=True, oidc_roles="crew=staff")
    provider.claims["groups"] = ["crew"]
    assert come_back(made, provider).status_code == 303
    assert made.get("/tasks").status_code == 200


def test_the_provider_s_second_factor_counts(app: App, provider: openid.Provider, ada: int) -> None:
    strict = {"second_factor_roles": ("staff",)}
    without = variant(app, **strict)
    come_back(without, provider)
    assert without.get("/tasks").location == "/profile/second-factor"
    for said in ({"amr": ["pwd", "otp"]}, {"acr": "mfa"}):
        provider.claims = {**ADA, **said}
        browser = variant(app, **strict)
        assert come_back(browser, provider).status_code == 303
        assert browser.get("/tasks").status_code == 200


def test_passwords_can_be_switched_off(app: App, provider: openid.Provider, ada: int) -> None:
    with app.unit_of_work() as work:
        identity.set_password(work, ada, PASSWORD)
    browser = variant(app, password_sign_in=False)
    assert 'type="password"' not in browser.get("/sign-in").get_data(as_text=True)
    assert browser.sign_in("ada").status_code == 403
    assert come_back(browser, provider).status_code == 303


def test_a_provider_that_is_away_is_said_and_keeps_nobody_from_the_password(app: App, ada: int) -> None:
    with app.unit_of_work() as work:
        identity.set_password(work, ada, PASSWORD)
    browser = variant(app, oidc_issuer="http://127.0.0.1:9")
    assert browser.get("/sign-in/provider").status_code == 400
    assert browser.sign_in("ada").status_code == 303


def test_administration_is_proven_by_the_provider_too(
    app: App, visitor: Browser, provider: openid.Provider, ada: int, clock: FixedClock
) -> None:
    with app.unit_of_work() as work:
        identity.change_person(work, ada, PersonForm("Ada", "ada@example.com", ("admin",), ()))
    come_back(visitor, provider)
    clock.advance(timedelta(minutes=20))
    assert visitor.post("/admin/groups", {"name": "West"}).status_code == 403
    sent = visitor.get("/sign-in/provider?anew=1&next=/admin/groups")
    query = {name: values[0] for name, values in parse_qs(urlsplit(sent.location).query).items()}
    assert (query["prompt"], query["max_age"]) == ("login", "0")
    back = urlsplit(provider.authorize(query)).query
    assert visitor.get(f"/sign-in/provider/back?{back}").location == "/admin/groups"
    visitor._token = ""
    assert visitor.post("/admin/groups", {"name": "West"}).status_code == 303


def test_who_came_by_the_provider_is_signed_out_there_too_and_comes_back(
    app: App, visitor: Browser, web: Flask, provider: openid.Provider, ada: int
) -> None:
    assert come_back(visitor, provider).status_code == 303
    with app.unit_of_work.reading() as work:
        kept = work.session.scalar(select(UserSession.id_token))
        assert kept
        assert "eyJ" not in kept
    page = page_of(visitor.post("/sign-out"))
    assert "is asked to sign you out, too" in page
    assert visitor.get("/tasks").status_code == 303
    address = urlsplit(page.get("link", "Go on").target)
    assert f"{address.scheme}://{address.netloc}{address.path}" == f"{provider.address}/logout"
    query = {name: values[0] for name, values in parse_qs(address.query).items()}
    assert query["client_id"] == openid.CLIENT_ID
    back = urlsplit(provider.sign_out(query))
    assert provider.left == ["subject-1"]
    assert back.path == "/sign-in/signed-out"
    assert Browser(web.test_client()).get(f"{back.path}?{back.query}").status_code == 303
    assert "You are signed out here and at" in visitor.see(f"{back.path}?{back.query}")
    assert visitor.get(f"{back.path}?{back.query}").status_code == 303


@pytest.mark.both_databases
def test_a_long_token_outlives_the_second_step_and_stays_out_of_the_address_of_signing_out(
    app: App, visitor: Browser, web: Flask, provider: openid.Provider, ada: int, clock: FixedClock
) -> None:
    come_back(visitor, provider)
    phone, _codes = set_up(visitor, clock)
    provider.claims |= {"sid": "there-7", "groups": [f"a group of a large company, number {n}" for n in range(900)]}
    browser = Browser(web.test_client())
    answer = come_back(browser, provider)
    assert "Code of your app" in answer.get_data(as_text=True)
    assert all(len(each) < 2_000 for each in answer.headers.getlist("Set-Cookie"))
    with app.unit_of_work.reading() as work:
        sealed = work.session.scalars(select(Secret.ciphertext).where(Secret.owner_kind == second_step.KIND)).one()
    assert len(sealed) > 30_000
    assert b"eyJ" not in sealed
    clock.advance(timedelta(seconds=30))
    assert browser.post("/sign-in/code", {"code": phone.at(clock.now())}).status_code == 303
    assert count_arrivals(app) == 0, "it is taken once"
    browser._token = ""
    address = page_of(browser.post("/sign-out")).get("link", "Go on").target
    assert len(address) < 1_000
    query = parse_qs(urlsplit(address).query)
    assert query["client_id"] == [openid.CLIENT_ID]
    assert "id_token_hint" not in query, "the provider asks whether it is meant"


def test_what_nobody_came_for_goes_after_ten_minutes(
    app: App, visitor: Browser, provider: openid.Provider, ada: int, clock: FixedClock
) -> None:
    with app.unit_of_work() as work:
        first = oidc.keep_arrival(work, oidc.FromProvider("there-7", "a token"))
    clock.advance(second_step.KEPT_FOR)
    with app.unit_of_work() as work:
        oidc.keep_arrival(work, oidc.FromProvider("there-8", "another token"))
    oidc.forget_arrivals(app.unit_of_work)
    assert count_arrivals(app) == 2
    clock.advance(timedelta(seconds=1))
    with app.unit_of_work() as work:
        assert oidc.take_arrival(work, first) == oidc.take_arrival(work, "made up") == oidc.FromProvider()
    oidc.forget_arrivals(app.unit_of_work)
    assert count_arrivals(app) == 1


def count_arrivals(app: App) -> int:
    with app.unit_of_work.reading() as work:
        waiting = select(func.count()).select_from(Secret).where(Secret.owner_kind == second_step.KIND)
        return work.session.scalar(waiting) or 0


def test_where_the_provider_offers_no_way_out_or_a_password_opened_the_session_one_is_signed_out_here(
    app: App, signed_in: SignIn, visitor: Browser, provider: openid.Provider, ada: int
) -> None:
    provider.signs_out = False
    come_back(visitor, provider)
    assert visitor.post("/sign-out").location == "/sign-in"
    provider.signs_out = True
    assert signed_in("bob", "staff").post("/sign-out").location == "/sign-in"


def test_a_word_of_the_provider_ends_what_it_opened_and_a_made_up_one_nothing(
    app: App, visitor: Browser, web: Flask, provider: openid.Provider, ada: int
) -> None:
    provider.claims["sid"] = "there-7"
    other = Browser(web.test_client())
    come_back(visitor, provider)
    provider.claims["sid"] = "there-8"
    come_back(other, provider)
    path = "/sign-in/provider/sign-out"
    wrong = (
        {"sid": "there-7", "nonce": "n"}, {"sid": "there-7", "aud": "another"}, {"sid": "there-7", "events": {}},
        {"sid": "there-7", "iat": 1}, {"sid": "there-7", "jti": None}, {"sid": "there-7", "iss": "https://x.example"},
        {},
    )  # fmt: skip
    machine = web.test_client()
    for claims in wrong:
        assert machine.post(path, data={"logout_token": provider.word(**claims)}).status_code == 400, claims
    for forged in ("x.y.z", "", openid.unsigned({"sid": "there-7"})):
        assert machine.post(path, data={"logout_token": forged}).status_code == 400
    assert visitor.get("/tasks").status_code == 200
    assert machine.post(path, data={"logout_token": provider.word(sid="there-7")}).status_code == 200
    assert (visitor.get("/tasks").status_code, other.get("/tasks").status_code) == (303, 200)
    assert machine.post(path, data={"logout_token": provider.word(sub="subject-1")}).status_code == 200
    assert other.get("/tasks").status_code == 303

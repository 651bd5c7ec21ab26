"""The administrator's first day: a group, a lane mapped to it, somebody invited who comes by the provider."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pyotp
import pytest

from bpm import identity
from bpm.app import App
from bpm.foundation.clock import FixedClock
from bpm.foundation.settings import Settings
from bpm.identity import oidc
from tests import openid
from tests.e2e.conftest import PASSWORD
from tests.e2e.looking import Looker
from tests.e2e.pages.sign_in import sign_in

Look = Callable[..., Looker]
REFUND = Path(__file__).parents[1] / "web/models/refund.bpmn"


@pytest.fixture
def provider(clock: FixedClock) -> Iterator[openid.Provider]:
    with openid.running(lambda: clock.now().timestamp()) as provider:
        yield provider


@pytest.fixture
def settings(settings: Settings, provider: openid.Provider) -> Settings:
    own = {"oidc_issuer": provider.address, "oidc_client_id": openid.CLIENT_ID, "outbound_allowed": ("127.0.0.1",)}
    return settings.model_copy(update=own)


def test_a_group_a_lane_and_somebody_invited_who_comes_by_the_provider(
    app: App, look: Look, person: Callable[..., None], provider: openid.Provider
) -> None:
    with app.unit_of_work() as work:
        oidc.keep_client_secret(work, openid.CLIENT_SECRET)
    person("alex", "admin")
    alex = look("alex")
    page = alex.visit("/admin/groups")
    page.get_by_label("Name", exact=True).fill("Help desk")
    page.get_by_role("button", name="Make the group").click()
    page.get_by_label("Alex").check()
    page.get_by_role("button", name="Save").click()
    page.get_by_text("Saved.").wait_for()
    alex.check("group")

    page = alex.visit("/processes")
    page.get_by_label("Upload a process").set_input_files(REFUND)
    page.get_by_role("button", name=re.compile("Check")).first.click()
    page.wait_for_url("**/processes/uploads/*")
    lanes = page.get_by_role("region", name="Lanes without people")
    lanes.get_by_label("Who does this work?").first.select_option(label="Help desk")
    alex.check("lanes")
    before = lanes.get_by_role("button", name="Map it").count()
    lanes.get_by_role("button", name="Map it").first.click()
    page.get_by_text("stands for Help desk from now on").wait_for()
    assert page.get_by_role("button", name="Map it").count() == before - 1

    page = alex.visit("/admin/people/new")
    page.get_by_label("User name").fill("ben")
    page.get_by_label("Name", exact=True).fill("Ben")
    page.get_by_label("Mail address").fill("ben@example.com")
    page.get_by_label("staff").check()
    page.get_by_label("Help desk").check()
    alex.check("invite")
    page.get_by_role("button", name="Invite").click()
    page.get_by_text("/sign-in/password/").wait_for()
    alex.check("person")

    provider.claims = {"sub": "b-1", "email": "ben@example.com", "email_verified": True, "name": "Ben"}
    ben = look()
    page = ben.visit("/sign-in")
    ben.check("sign-in-provider")
    page.get_by_role("link", name=re.compile("Sign in with")).click()
    page.wait_for_url("**/tasks")
    assert page.get_by_role("link", name="Ben").is_visible()


@pytest.mark.parametrize("window", [{"width": 1280}, {"width": 390}, {"width": 1280, "dark": True}], ids=str)
def test_a_second_factor_is_set_up_and_asked_for(
    look: Look, person: Callable[..., None], clock: FixedClock, window: dict[str, object]
) -> None:
    person("ada", "staff")
    kind = "-".join(str(value) for value in window.values())
    ada = look("ada", **window)
    page = ada.visit("/profile")
    ada.check(f"profile-{kind}")
    page.get_by_role("link", name="Set it up").click()
    phone = pyotp.TOTP(page.get_by_role("code").inner_text())
    ada.check(f"second-factor-{kind}")
    page.get_by_label("Code that the app shows now").fill(phone.at(clock.now()))
    page.get_by_role("button", name="Switch it on").click()
    recovery = page.get_by_role("code").first.inner_text()
    ada.check(f"recovery-codes-{kind}")
    page.get_by_role("button", name="Sign out").click()
    sign_in(page, "ada", PASSWORD)
    ada.check(f"code-{kind}")
    page.get_by_label("Code", exact=True).fill(recovery)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/tasks")


def test_what_is_typed_when_the_session_ends_is_kept_and_sent_after_signing_in_again(
    look: Look, person: Callable[..., None], clock: FixedClock
) -> None:
    person("ada", "staff")
    ada = look("ada")
    page = ada.visit("/profile")
    page.get_by_label("Name", exact=True).fill("Ada Lovelace")
    clock.advance(timedelta(hours=9))
    page.get_by_role("button", name="Save").click()
    page.get_by_text("what you typed is kept").wait_for()
    ada.check("session-ended")
    sign_in(page, "ada", PASSWORD)
    page.get_by_role("heading", name="What you typed is still here").wait_for()
    ada.check("kept")
    page.get_by_role("button", name="Send it").click()
    page.get_by_text("Saved.").wait_for()
    assert page.get_by_role("link", name="Ada Lovelace").is_visible()


def test_the_pages_of_administration_hold_up(app: App, look: Look, person: Callable[..., None]) -> None:
    person("alex", "admin")
    person("stella", "staff", groups=("service",), name="Stella Service")
    with app.unit_of_work() as work:
        identity.save_role(work, "Reader of figures", ["insights.see"])
        stella = identity.find_user(work, "stella").id
    looker = look("alex")
    for name in (
        "people",
        "people/new",
        f"people/{stella}",
        f"people/{stella}/leaving",
        "groups",
        "groups/1",
        "roles",
        "access",
    ):
        looker.visit(f"/admin/{name}")
        looker.check_in_every_window(f"admin-{name.replace('/', '-')}")

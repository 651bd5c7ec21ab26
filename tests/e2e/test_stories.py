"""Two days of the shop, in three browsers: an outage that is told once, and one customer on three channels."""

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, expect

from bpm import feedback
from bpm.app import App, build
from bpm.feedback import RawItem, clocks, connectors, incidents, outbound, portal
from bpm.foundation.clock import FixedClock
from bpm.foundation.settings import Settings
from tests.conftest import MONDAY
from tests.e2e.looking import Looker
from tests.e2e.pages.conversation import Conversation
from tests.feedback.conftest import reading
from tests.feedback.connectors.conftest import FakeSystem, other_side
from tests.feedback.connectors.test_mastodon import mention
from tests.mail import fake_server
from tests.mail.fake_server import Mailbox

__all__ = ["other_side"]
OURS = {"id": "900", "uri": "https://social.example/statuses/900", "url": "https://social.example/@shop/900"}
LATER = timedelta(seconds=11)


@pytest.fixture
def box() -> Iterator[Mailbox]:
    with fake_server.running() as box:
        yield box


@pytest.fixture
def settings(tmp_path: Path, database: str, box: Mailbox) -> Settings:
    """With a mail server and a social server on this machine."""
    return Settings(
        home=tmp_path, database_url=database, embedded_worker=False, secure_cookies=False,
        outbound_allowed=("127.0.0.1",), smtp_host="127.0.0.1", smtp_port=box.port, smtp_tls="none",
        smtp_from="Shop <post@shop.example>",
    )  # fmt: skip


@pytest.fixture
def app(settings: Settings, clock: FixedClock) -> Iterator[App]:
    app = build(settings, clock=clock)
    yield app
    app.close()


class Social:
    """A Mastodon server as far as both stories need one: mentions come in, posts are kept by their key."""

    def __init__(self, system: FakeSystem) -> None:
        self.system, self.mentions = system, list[dict[str, Any]]()
        self.posted: dict[str, dict[str, Any]] = {}
        system.on_ask = self.answer

    def answer(self, path: str) -> tuple[int, dict[str, str], bytes]:
        parts = urlsplit(path)
        told: Any = {"id": "7", "acct": "shop"}
        if parts.path == "/api/v1/statuses":
            self.posted.setdefault(self.system.asked[-1][1]["idempotency-key"], json.loads(parts.fragment))
            told = OURS
        elif parts.path == "/api/v1/notifications":
            told = [] if "min_id" in parts.query else self.mentions[::-1]
        elif parts.path == "/api/v2/search":
            told = {"statuses": [{"id": each["status"]["id"]} for each in self.mentions]}
        return 200, {}, json.dumps(told).encode()


@pytest.fixture
def social(app: App, other_side: FakeSystem) -> Social:
    server = Social(other_side)
    with app.unit_of_work() as work:
        connectors.make_connector(
            work, "mastodon", {"name": "Shop", "server": other_side.address, "token": "planted-9"}
        )
    return server


@pytest.fixture
def hear(app: App) -> Callable[..., int]:
    def take(text: str, kind: str = "outage_report", **fields: Any) -> int:
        values = {"channel": "email", "source": "mail", "said_at": MONDAY - timedelta(minutes=20)}
        with app.unit_of_work() as work:
            item = feedback.receive(work, RawItem(text=text, **(values | fields))).item_id
            feedback.record_classification(work, item, reading(kind, topic="login"))
        return item

    return take


def public_page(chromium: Browser, address: str, path: str) -> str:
    """What a customer reads in a browser of their own, without scripts."""
    context = chromium.new_context(base_url=address, java_script_enabled=False)
    page = context.new_page()
    page.goto(path)
    words = page.inner_text("main")
    context.close()
    return words


def words_to(box: Mailbox, address: str) -> list[str]:
    """The words of each mail that went there."""
    bodies = [each.get_body(("plain",)) for each in box.mails() if each["To"] == address]
    return [str(each.get_content()) for each in bodies if each is not None]


def test_an_outage_is_acknowledged_in_public_once_and_everybody_hears_of_it_on_their_own_channel(
    app: App, clock: FixedClock, box: Mailbox, social: Social, person: Callable[..., None],
    look: Callable[..., Looker], hear: Callable[..., int], chromium: Browser, address: str,
) -> None:  # fmt: skip
    person("maya", "advocate", groups=("service",), name="Maya Lindqvist")
    person("omar", "operator", "staff", groups=("operations",), name="Omar Ilves")
    social.mentions.append(mention(1, "@shop nothing works at the harbour!"))
    connectors.sweep_connectors(app.unit_of_work)
    post = 1
    with app.unit_of_work() as work:
        feedback.record_classification(work, post, reading("outage_report", topic="login"))
    mail = hear("My internet is down.", author_email="bo@customer.example", author_name="Bo Berg")
    tip = hear("Setting the DNS by hand got me online.", "suggestion", author_email="cy@customer.example")

    maya = look("maya")
    page = maya.visit("/incidents")
    page.get_by_label("What is wrong, in words that customers would use?").fill("No internet at the harbour")
    page.get_by_label("Numbers of feedback that reports it").fill(f"{post} {mail}")
    page.get_by_role("button", name="Open it").click()
    omar = look("omar")
    expect(omar.visit("/incidents").get_by_text("No internet at the harbour").first).to_be_visible()
    page.get_by_label("What people should know").fill("We know that the harbour is offline and are on our way.")
    page.get_by_label("People hear from us again by").fill("2026-03-02T11:00")
    page.get_by_role("button", name="Acknowledge as Maya Lindqvist").click()
    expect(page.get_by_text("It goes to 2 people, once each.")).to_be_visible()
    maya.check("story-incident")
    assert "We know that the harbour is offline" in public_page(chromium, address, "/disturbances")

    page.get_by_text("Note one", exact=True).click()
    page.get_by_label("Number of the feedback in which it stands").fill(str(tip))
    page.get_by_label("How it is done").fill("Set the DNS by hand.")
    page.get_by_role("button", name="Note it").click()
    page.get_by_label("What trying it showed").fill("Tried at two shops.")
    page.get_by_role("button", name="It works").click()
    page.get_by_label("What people should know").fill("The cable is found.")
    page.get_by_label("People hear from us again by").fill("2026-03-02T12:00")
    page.get_by_role("button", name="Send as Maya Lindqvist").click()
    page.get_by_label("What was it?").fill("A digger cut the cable.")
    page.get_by_label("The last word", exact=True).fill("The harbour is online again.")
    page.get_by_role("button", name="Resolve").click()
    expect(page.get_by_text("items decided")).to_be_visible()
    for _look in range(4):
        incidents.sweep_updates(app.unit_of_work)
        clock.advance(LATER)
        outbound.sweep_outbound(app.unit_of_work)
    bodies = [
        str(each.get_body(("plain",)).get_content()) for each in box.mails() if each["To"] == "bo@customer.example"
    ]  # type: ignore[union-attr]  # each has one
    assert [sum(words in body for body in bodies) for words in ("offline", "The cable is found", "online again")] == [
        1, 1, 1,
    ]  # fmt: skip
    assert any("Set the DNS by hand" in body for body in bodies)
    said = [each["status"] for each in social.posted.values()]
    assert len(said) == len(set(said)) == 3
    assert "ann@social.example" in said[0]
    assert "Maya" in str(box.mails()[0]["From"])


def test_one_customer_on_three_channels_is_one_conversation_and_its_escape_is_charged_to_who_kept_them_waiting(
    app: App, clock: FixedClock, box: Mailbox, social: Social, person: Callable[..., None],
    look: Callable[..., Looker], hear: Callable[..., int], chromium: Browser, address: str,
) -> None:  # fmt: skip
    person("maya", "advocate", groups=("service",), name="Maya Lindqvist")
    person("omar", "staff", groups=("operations",), name="Omar Ilves")
    both = {"author_name": "Bruno Hopp", "author_email": "bruno@customer.example"}
    call = hear("I sent my tablet back and have no refund.", "complaint", channel="call", source="calls", **both)
    maya, omar = look("maya"), look("omar")
    page = maya.visit(f"/inbox/{call}")
    page.get_by_text("Distribute", exact=True).click()
    page.get_by_label("operations").check()
    page.get_by_label("Note").first.fill("Where is this refund?")
    page.get_by_role("button", name="Hand over").click()
    expect(page.get_by_text("operations").first).to_be_visible()

    clock.advance(timedelta(hours=2))
    mail = hear("The refund has still not been paid.", "complaint", said_at=clock.now(), **both)
    clock.advance(timedelta(hours=3))
    angry = mention(1, "@shop still sits on my refund. Ridiculous!", "bruno")
    angry["status"]["created_at"] = angry["created_at"] = f"{clock.now():%Y-%m-%dT%H:%M:%S.000Z}"
    social.mentions.append(angry)
    connectors.sweep_connectors(app.unit_of_work)
    post = mail + 1
    with app.unit_of_work() as work:
        feedback.record_classification(work, post, reading("complaint"))
    page = maya.visit("/customers?text=bruno")
    page.get_by_role("link", name="Bruno Hopp").click()
    page.get_by_text("Merge", exact=True).first.click()
    page.get_by_label("Number of the other one").fill("2")
    page.get_by_role("button", name="Merge").click()
    page.get_by_text("They are one now").wait_for()
    while clocks.sweep_clocks(app.unit_of_work):
        pass
    page = maya.visit(f"/inbox/{post}")
    expect(page.get_by_text("Said in public while this customer waited for us.")).to_be_visible()
    page.get_by_text("This belongs elsewhere").click()
    page.get_by_label("Put this conversation together with that of item").fill(str(mail))
    page.get_by_role("button", name="Put together").click()
    maya.check("story-hop")
    stream = Conversation(page).text()
    assert "I sent my tablet back" in stream
    assert "has still not been paid" in stream

    page = omar.visit("/tasks")
    page.get_by_role("link", name="See to it").first.click()
    page.get_by_label("What came of it?").select_option("done")
    page.get_by_label("What came out?").fill("Paid today; the form lay in the wrong tray.")
    page.get_by_role("button", name="Complete").click()
    page = maya.visit(f"/inbox/{call}")
    expect(page.get_by_text("Paid today; the form lay in the wrong tray.").first).to_be_visible()
    page = maya.visit(f"/inbox/{mail}")
    page.get_by_text("Engage", exact=True).click()
    page.get_by_label("Your reply").fill(
        "Bruno, the refund was paid today; our form lay in the wrong tray. I am sorry."
    )
    page.get_by_text("Nothing in the way.").wait_for()
    page.get_by_role("button", name="Send", exact=True).click()
    page.get_by_text("It goes in ten seconds.").wait_for()
    clock.advance(LATER)
    outbound.sweep_outbound(app.unit_of_work)
    [letter] = words_to(box, "bruno@customer.example")
    assert "paid today" in letter
    with app.unit_of_work() as work:
        path = portal.path_of(work, portal.make_link(work, mail))
    told = public_page(chromium, address, path)
    assert "the refund was paid today" in told
    assert "wrong tray" in told

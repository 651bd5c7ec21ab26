"""Administrators set up what mails come from, see what is wrong at its field, and send themselves one."""

from collections.abc import Callable, Iterator

import pytest

from bpm import identity, mail
from bpm.app import App
from tests.mail import fake_server
from tests.mail.fake_server import Mailbox
from tests.web.conftest import Browser


@pytest.fixture
def box() -> Iterator[Mailbox]:
    with fake_server.running() as box:
        yield box


def test_a_sender_is_made_tried_changed_and_taken_away(
    app: App, box: Mailbox, signed_in: Callable[..., Browser]
) -> None:
    alex = signed_in("alex", "admin")
    with app.unit_of_work() as work:
        identity.ensure_group(work, "service", name="Service desk")
        group = str(identity.list_groups(work)[0].id)
    assert "No senders of teams" in alex.see("/admin/senders")
    given = {
        "address": "help@shop.example", "name_pattern": "{author} at Shop", "group_id": group, "tls": "none",
        "signature": "Shop Help", "host": "127.0.0.1", "port": str(box.port), "user": "", "password": "",
    }  # fmt: skip
    answer = alex.post("/admin/senders", {**given, "name_pattern": "Shop", "address": "nobody"})
    assert answer.status_code == 400
    assert "customers see who writes to them" in answer.get_data(as_text=True)
    assert "Saved" in alex.do("/admin/senders", given)
    page = alex.see("/admin/senders")
    assert "Service desk" in page
    assert "at Shop" in page
    assert "You have no mail address here" in alex.see("/admin/senders/1")
    with app.unit_of_work() as work:
        identity.find_user(work, "alex").email = "alex@shop.example"
    assert "look into your mailbox" in alex.do("/admin/senders/1/test")
    [sent] = box.mails()
    assert sent["From"].endswith("at Shop <help@shop.example>")
    assert "Shop Help" in str(sent.get_body(("plain",)))
    box.moods.append("550 not you")
    assert "It did not go" in alex.do("/admin/senders/1/test")
    secret = {"user": "help", "password": "planted-7"}
    assert "Saved" in alex.do("/admin/senders/1", {**given, **secret})
    page = alex.see("/admin/senders/1")
    assert "One is kept" in page
    assert "planted-7" not in page.markup
    assert "Taken away" in alex.do("/admin/senders/1/removal")
    with app.unit_of_work.reading() as work:
        assert mail.list_senders(work) == []


def test_only_administrators_see_senders(signed_in: Callable[..., Browser]) -> None:
    assert signed_in("maya", "advocate").get("/admin/senders").status_code == 403

"""Digests come once a day at the hour that the person chose, whatever the clocks do."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpm import mail, notices
from bpm.app import App
from bpm.foundation.clock import FixedClock
from bpm.foundation.work import Actor
from bpm.notices import Way
from bpm.notices.hours import last_hour
from tests.notices.conftest import choose, tell

MakePerson = Callable[..., Actor]
BERLIN = ZoneInfo("Europe/Berlin")


def digests(app: App) -> list[mail.MailMessage]:
    with app.unit_of_work.reading() as work:
        rows = work.session.query(mail.MailMessage).order_by(mail.MailMessage.id).all()
        work.session.expunge_all()
        return rows


@pytest.mark.both_databases
def test_what_is_unread_comes_in_one_mail_at_the_persons_hour(app: App, person: MakePerson, clock: FixedClock) -> None:
    ada = person("ada")
    choose(app, ada, "assigned", Way.DIGEST, zone="Europe/Berlin", digest_hour=17)
    for number in range(3):
        tell(app, ada, key=str(number), subject=f"Task <{number}>")
    tell(app, ada, key="2", subject="Task <2>")
    with app.unit_of_work(ada) as work:
        notices.mark_read(work, notices.list_notices(work, unread=True).rows[-1].id)
    clock.set(datetime(2026, 3, 2, 15, 59, tzinfo=UTC))
    assert notices.sweep_digests(app.unit_of_work) == 0
    clock.advance(timedelta(minutes=1))
    assert notices.sweep_digests(app.unit_of_work) == 1
    assert notices.sweep_digests(app.unit_of_work) == 0
    [sent] = digests(app)
    assert sent.subject == "2 notices from Earshot"
    assert "- Task <1>\n  http://127.0.0.1:8000/notices/mail/2/" in sent.text
    assert "?to=/tasks/7\n- Task <2>" in sent.text
    assert "- Task <2> (2 times)\n" in sent.text
    assert "Task <0>" not in sent.text
    assert "&lt;1&gt;" in (sent.html or "")
    assert sent.unsubscribe_url == "http://127.0.0.1:8000/notices/preferences"


@pytest.mark.both_databases
def test_what_comes_after_the_hour_waits_for_the_next_day(app: App, person: MakePerson, clock: FixedClock) -> None:
    ada = person("ada")
    choose(app, ada, "assigned", Way.DIGEST, digest_hour=8)
    tell(app, ada)  # at nine
    assert notices.sweep_digests(app.unit_of_work) == 0
    clock.set(datetime(2026, 3, 3, 7, 59, tzinfo=UTC))
    assert notices.sweep_digests(app.unit_of_work) == 0
    clock.advance(timedelta(minutes=1))
    notices.sweep_digests(app.unit_of_work)
    assert len(digests(app)) == 1


def test_what_was_read_meanwhile_needs_no_mail(app: App, person: MakePerson, clock: FixedClock) -> None:
    ada = person("ada")
    choose(app, ada, "assigned", Way.DIGEST, digest_hour=12)
    tell(app, ada)
    with app.unit_of_work(ada) as work:
        notices.mark_read(work)
    clock.advance(timedelta(hours=4))
    notices.sweep_digests(app.unit_of_work)
    assert digests(app) == []


@pytest.mark.parametrize(
    ("hour", "evening", "struck"),
    [
        (2, datetime(2026, 3, 29, 20, tzinfo=BERLIN), datetime(2026, 3, 29, 1, tzinfo=UTC)),  # left out: at three
        (3, datetime(2026, 3, 29, 20, tzinfo=BERLIN), datetime(2026, 3, 29, 1, tzinfo=UTC)),
        (2, datetime(2026, 10, 25, 20, tzinfo=BERLIN), datetime(2026, 10, 25, 0, tzinfo=UTC)),  # the first of two
        (8, datetime(2026, 10, 25, 20, tzinfo=BERLIN), datetime(2026, 10, 25, 7, tzinfo=UTC)),
        (8, datetime(2026, 10, 24, 20, tzinfo=BERLIN), datetime(2026, 10, 24, 6, tzinfo=UTC)),
    ],
)  # fmt: skip
def test_the_hour_is_the_one_on_the_wall(hour: int, evening: datetime, struck: datetime) -> None:
    assert last_hour(evening.astimezone(UTC), BERLIN, hour) == struck
    assert last_hour(struck, BERLIN, hour) == struck
    assert last_hour(struck - timedelta(seconds=1), BERLIN, hour) < struck


ZONES = ("Europe/Berlin", "America/St_Johns", "Australia/Lord_Howe", "Pacific/Apia", "Africa/Casablanca", "UTC")


@given(st.sampled_from(ZONES).map(ZoneInfo), st.integers(0, 23), st.integers(0, 3 * 365 * 24))
def test_over_any_ten_days_the_hour_strikes_once_a_day(zone: ZoneInfo, hour: int, start: int) -> None:
    begin = datetime(2024, 1, 1, tzinfo=UTC) + timedelta(hours=start)
    struck = {last_hour(begin + timedelta(minutes=30 * step), zone, hour) for step in range(480)}
    days = {each.astimezone(zone).date() for each in struck}
    assert len(days) == len(struck)
    assert len(struck) in {10, 11}

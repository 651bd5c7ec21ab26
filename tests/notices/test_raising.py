"""People are told once of a thing, as often as it is news, and in the way they chose."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from bpm import identity, mail, notices
from bpm.app import App
from bpm.foundation.clock import FixedClock
from bpm.foundation.errors import InvalidInputError, NotFoundError
from bpm.foundation.work import Actor
from bpm.identity.models import User
from bpm.notices import Many, Preferences, Way
from tests.notices.conftest import choose, subjects, tell, told

pytestmark = pytest.mark.both_databases

MakePerson = Callable[..., Actor]


def mails(app: App) -> list[mail.MailMessage]:
    with app.unit_of_work.reading() as work:
        rows = work.session.query(mail.MailMessage).order_by(mail.MailMessage.id).all()
        work.session.expunge_all()
        return rows


def test_ten_of_one_thing_are_one_notice_with_a_count(app: App, person: MakePerson) -> None:
    ada = person("ada")
    many = Many("Tasks for you", "/tasks?scope=mine")
    for _ in range(10):
        tell(app, ada, many=many)
    [row] = told(app, ada)
    assert (row.subject, row.link, row.count, row.is_unread) == ("Tasks for you", "/tasks?scope=mine", 10, True)


def test_what_comes_after_it_was_read_is_news_again(app: App, person: MakePerson, clock: FixedClock) -> None:
    ada = person("ada")
    tell(app, ada)
    with app.unit_of_work(ada) as work:
        assert notices.mark_read(work) == 1
        assert notices.count_unread(work).count == 0
    clock.advance(timedelta(hours=1))
    tell(app, ada)
    [row] = told(app, ada, unread=True)
    assert (row.count, row.raised_at) == (1, clock.now())


def test_what_is_told_once_is_not_told_again(app: App, person: MakePerson) -> None:
    ada = person("ada")
    tell(app, ada, only_once=True)
    with app.unit_of_work(ada) as work:
        notices.mark_read(work)
    tell(app, ada, only_once=True)
    assert subjects(app, ada) == []


def test_nobody_is_told_of_what_they_did_and_nobody_who_left(app: App, person: MakePerson) -> None:
    ada, bob, gone = person("ada"), person("bob"), person("gone")
    with app.unit_of_work() as work:
        work.session.get_one(User, gone.user_id).active = False
    with app.unit_of_work(ada) as work:
        people = [each.user_id for each in (ada, bob, gone) if each.user_id is not None]
        assert notices.raise_for(work, people, "mentioned", "Look", "/tasks/1", about=("task", 1), key="m") == 1
    assert [subjects(app, each) for each in (ada, bob, gone)] == [[], ["Look"], []]


def test_a_kind_that_is_off_is_not_told_and_offers_are_off_at_first(app: App, person: MakePerson) -> None:
    ada, bob = person("ada"), person("bob")
    choose(app, bob, "assigned", Way.OFF)
    tell(app, ada, bob)
    tell(app, ada, kind="offered", key="o")
    assert (subjects(app, ada), subjects(app, bob)) == (["A task for you"], [])


def test_a_mail_at_once_comes_once_until_it_was_read(app: App, person: MakePerson, clock: FixedClock) -> None:
    ada = person("ada")
    choose(app, ada, "assigned", Way.MAIL)
    for _ in range(3):
        tell(app, ada, subject='Check <b>"it"</b>')
    [first] = mails(app)
    assert (first.to_address, first.subject) == ("ada@example.org", 'Check <b>"it"</b>')
    assert "?to=/tasks/7" in first.text
    assert "/notices/preferences" in first.text
    assert "<b>" not in (first.html or "")
    with app.unit_of_work(ada) as work:
        notices.mark_read(work)
    clock.advance(timedelta(minutes=1))
    tell(app, ada)
    assert len(mails(app)) == 2


def test_a_subject_of_several_lines_is_one_line_in_the_mail(app: App, person: MakePerson) -> None:
    ada = person("ada")
    choose(app, ada, "assigned", Way.MAIL)
    tell(app, ada, subject="Check\r\nBcc: all@example.org")
    assert [each.subject for each in mails(app)] == ["Check Bcc: all@example.org"]


def test_two_at_a_time_are_counted_both(app: App, person: MakePerson) -> None:
    ada = person("ada")
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: tell(app, ada), range(24)))
    assert [row.count for row in told(app, ada)] == [24]


def test_reading_all_can_be_taken_back(app: App, person: MakePerson, clock: FixedClock) -> None:
    ada, bob = person("ada"), person("bob")
    for key in ("a", "b", "c"):
        tell(app, ada, bob, key=key)
        clock.advance(timedelta(seconds=1))
    with app.unit_of_work(ada) as work:
        notices.mark_read(work, told(app, ada)[0].id)
    clock.advance(timedelta(minutes=1))
    with app.unit_of_work(ada) as work:
        assert notices.mark_read(work) == 2
        assert notices.mark_unread(work, read_at=work.now()) == 2
    assert (len(subjects(app, ada)), len(subjects(app, bob))) == (2, 3)


def test_a_notice_of_somebody_else_is_not_there(app: App, person: MakePerson) -> None:
    ada, bob = person("ada"), person("bob")
    tell(app, ada)
    with pytest.raises(NotFoundError), app.unit_of_work(bob) as work:
        notices.open_notice(work, told(app, ada)[0].id)
    assert len(subjects(app, ada)) == 1


def test_a_long_list_goes_on_where_it_ended(app: App, person: MakePerson, clock: FixedClock) -> None:
    ada = person("ada")
    for number in range(7):
        tell(app, ada, key=str(number), subject=f"No {number}")
        clock.advance(timedelta(seconds=number % 2))
    seen, after = [], None
    while True:
        with app.unit_of_work.reading(ada) as work:
            page = notices.list_notices(work, unread=False, after=after, limit=3)
        seen += [row.subject for row in page.rows]
        if page.after is None:
            break
        after = page.after
    assert seen == [f"No {number}" for number in range(6, -1, -1)]


def test_old_notices_are_deleted(app: App, person: MakePerson, clock: FixedClock) -> None:
    ada = person("ada")
    tell(app, ada, key="old")
    clock.advance(timedelta(days=app.settings.notice_days, seconds=1))
    tell(app, ada, key="new", subject="New")
    assert notices.forget_notices(app.unit_of_work) == 1
    assert subjects(app, ada) == ["New"]


def test_preferences_say_what_does_not_fit(app: App, person: MakePerson) -> None:
    ada = person("ada")
    ways = {"assigned": Way.MAIL}
    with app.unit_of_work(ada) as work:
        for wrong, field in (
            (Preferences(ways), "address"),
            (Preferences(ways, address="ada"), "address"),
            (Preferences(ways, address="a@example.org", zone="Nowhere/At_All"), "zone"),
            (Preferences(ways, address="a@example.org", digest_hour=24), "digest_hour"),
            (Preferences({"nothing": Way.OFF}), "ways"),
        ):
            with pytest.raises(InvalidInputError) as error:
                notices.save_preferences(work, ada.user_id or 0, wrong)
            assert list(error.value.fields) == [field]


def test_a_person_who_is_erased_takes_their_notices_along(app: App, person: MakePerson) -> None:
    ada = person("ada")
    choose(app, ada, "assigned", Way.MAIL)
    tell(app, ada)
    with app.unit_of_work() as work:
        work.session.delete(identity.get_user(work, ada.user_id or 0))
    with app.unit_of_work.reading() as work:
        assert work.session.query(notices.PersonNotice).count() == 0


@pytest.mark.parametrize("fails", [False, True])
def test_cues_are_told_together_and_what_cannot_be_told_stops_no_other(app: App, *, fails: bool) -> None:
    heard: list[list[int]] = []

    def teller(_work: object, ids: object) -> None:
        told = sorted(ids)  # type: ignore[call-overload]  # a sequence of numbers
        heard.append(told)
        if fails and 2 in told:
            raise ZeroDivisionError

    with app.unit_of_work() as work:
        for number in (3, 1, 2):
            notices.give_cue(work, "failure", number)
    assert notices.sweep_cues(app.unit_of_work, {"failure": teller}) == 3
    assert notices.sweep_cues(app.unit_of_work, {"failure": teller}) == 0
    assert heard[0] == [1, 2, 3]
    assert sorted(heard[1:]) == ([[1], [2], [3]] if fails else [])  # two of them are told, one is logged and given up

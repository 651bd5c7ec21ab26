"""The survey after closing: once a person in 30 days, never during an incident, one click to stop, words first."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from bpm import feedback
from bpm.app import App
from bpm.engine import api as engine
from bpm.feedback import incidents
from bpm.feedback.models import FeedbackItem, SurveyInvitation
from bpm.foundation.clock import FixedClock
from bpm.foundation.settings import Settings
from bpm.mail import MailMessage
from bpm.processes import attribution, surveys
from bpm.processes.models import Attribution
from bpm.processes.surveys import Circumstances, draw, why_not, why_wait
from tests.conftest import MONDAY
from tests.web.conftest import Browser, page_of
from tests.web.portal.conftest import Customer, act

Hear = Callable[..., int]


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return settings.model_copy(update={"surveys": True, "share_url": "https://reviews.example/shop"})


def mails(app: App) -> list[MailMessage]:
    with app.unit_of_work.reading() as work:
        found = work.session.scalars(select(MailMessage).where(MailMessage.kind == "survey").order_by(MailMessage.id))
        rows = list(found)
        work.session.expunge_all()
        return rows


def path_in(mail: MailMessage) -> str:
    found = re.search(r"/my/survey/[\w-]{22}", mail.text)
    assert found
    return found[0]


def sweep(app: App) -> None:
    while surveys.sweep_surveys(app.unit_of_work):
        pass


def settle(app: App, item: int, decision: str = "do") -> None:
    act(app, feedback.decide, item, decision, reason="Settled.")


def test_a_closed_matter_is_asked_about_once_with_one_reminder_and_the_answer_stands_on_its_activity(
    app: App, advocate: Browser, customer: Customer, hear: Hear, clock: FixedClock, refund: int, web: Flask
) -> None:
    item = hear("My parcel never came.")
    with app.unit_of_work() as work:
        case = engine.start(work, "refund", {"order": "A-1"}, business_key="A-1").id
        attribution.record(work, work.session.get_one(FeedbackItem, item), instance_id=case, evidence="Said so.")
    sweep(app)
    assert mails(app) == []  # nobody has decided yet
    settle(app, item)
    sweep(app)
    assert mails(app) == []  # two hours later at the soonest
    clock.advance(timedelta(hours=3))
    sweep(app)
    sweep(app)
    [mail] = mails(app)
    assert mail.to_address == "ann@example.org"
    assert "automatic invitation" in mail.text
    assert mail.unsubscribe_url == mail.text[mail.text.index("http") :].split()[0] + "/stop"
    clock.advance(timedelta(days=5))
    sweep(app)
    clock.advance(timedelta(days=5))
    sweep(app)
    assert len(mails(app)) == 2
    path = path_in(mail)
    markup = customer.client.get(path).get_data(as_text=True)
    assert markup.index("<textarea") < markup.index('type="radio"')  # words first, number second
    assert "very hard" in markup
    assert "very easy" in markup
    assert customer.client.post(path, data={"text": " "}).status_code == 400
    page = page_of(customer.client.post(path, data={"text": "You were quick, thanks.", "number": "5"}))
    assert "https://reviews.example/shop" in page  # a good end
    assert "You answered already" in page_of(customer.client.post(path, data={"text": "Again.", "number": "1"}))
    with app.unit_of_work.reading() as work:
        said = work.session.scalars(select(FeedbackItem).where(FeedbackItem.channel == "survey")).one()
        assert (said.text, said.rating, said.customer_id) == ("You were quick, thanks.", 5.0, 1)
        assert said.question.startswith("How was it")
        links = work.session.scalars(select(Attribution).order_by(Attribution.id)).all()
        assert (links[1].item_id, links[1].element, links[1].instance_id) == (said.id, "check", case)
        assert (links[0].kind, links[1].kind) == ("said_before", "said_during")
        total = surveys.scores(work)[-1]
        assert (total.key, total.response.hits, total.response.n, total.mean) == ("*", 1, 1, None)


def test_who_was_asked_lately_opted_out_or_waits_is_not_asked_and_an_incident_puts_it_off(
    app: App, advocate: Browser, customer: Customer, hear: Hear, clock: FixedClock
) -> None:
    settle(app, hear("The first matter.", thread_key="the-first-matter"))
    clock.advance(timedelta(hours=3))
    incident = act(app, incidents.open_incident, "The shop is down").id
    sweep(app)
    clock.advance(timedelta(hours=3))
    sweep(app)
    assert mails(app) == []
    act(app, incidents.dismiss, incident, reason="It was ours alone.")
    clock.advance(timedelta(hours=3))
    sweep(app)
    [mail] = mails(app)
    clock.advance(timedelta(days=20))
    settle(app, hear("Another matter.", thread_key="another-matter"))
    clock.advance(timedelta(hours=20))  # by day: at night nobody is asked
    sweep(app)
    assert len(mails(app)) == 2  # the reminder of the first, and nothing about the second
    assert "only reminder" in mails(app)[1].text
    with app.unit_of_work.reading() as work:
        second = work.session.scalars(select(SurveyInvitation).order_by(SurveyInvitation.id.desc())).first()
        assert second is not None
        assert second.stopped_because == "asked lately"
    stop = f"{path_in(mail)}/stop"
    assert customer.see(stop).has("button", "Do not ask me again")  # looking at the link presses nothing
    assert customer.client.post(stop, data={"List-Unsubscribe": "One-Click"}).status_code == 200
    assert "We will not ask you again" in customer.see(stop)
    clock.advance(timedelta(days=40))
    settle(app, hear("A third matter.", thread_key="a-third-matter"))
    clock.advance(timedelta(hours=3))
    sweep(app)
    assert len(mails(app)) == 2
    assert customer.client.get("/my/survey/" + "A" * 22).status_code == 404


def test_nothing_is_offered_after_a_bad_end_or_while_something_is_open(
    app: App, advocate: Browser, customer: Customer, hear: Hear, clock: FixedClock, signed_in: Callable[..., Browser]
) -> None:
    ends = []
    for who in ("ann", "bea"):
        item = hear("Thank you, that was kind.", who)
        act(app, feedback.correct, item, sentiment=1.0)
        settle(app, item)
    clock.advance(timedelta(hours=3))
    sweep(app)
    for mail, number, later in zip(mails(app), ("1", "5"), (False, True), strict=True):
        if later:
            hear("And now it is broken again.", "bea")
        ends.append(page_of(customer.client.post(path_in(mail), data={"text": "Well.", "number": number})))
    assert all("reviews.example" not in page for page in ends)
    page = signed_in("mona", "manager").see("/insights/surveys")
    assert "before 1.00, at the end -1.00, number 1 of 5" in page
    assert len(page.all("link", "Well.")) == 1


def test_limits_are_pure_and_chance_is_the_same_each_time() -> None:
    fine = Circumstances(MONDAY)
    assert (why_not(fine, days=30), why_wait(fine)) == ("", "")
    assert why_not(Circumstances(MONDAY, last_asked_at=MONDAY - timedelta(days=29)), days=30) == "asked lately"
    assert why_not(Circumstances(MONDAY, last_asked_at=MONDAY - timedelta(days=31)), days=30) == ""
    assert why_not(Circumstances(MONDAY, has_opted_out=True), days=30) == "opted out"
    assert why_not(Circumstances(MONDAY, has_open_matter=True), days=30) == "not settled"
    assert why_wait(Circumstances(MONDAY, is_incident_open=True)) == "incident"
    assert why_wait(Circumstances(MONDAY, awake_at=MONDAY + timedelta(hours=2))) == "night"
    drawn = [draw("shop", number, share=40, hours=(2, 24)) for number in range(2_000)]
    assert drawn == [draw("shop", number, share=40, hours=(2, 24)) for number in range(2_000)]
    assert 700 < sum(asked for asked, _hours in drawn) < 900
    assert 850 < sum(hours == 24 for _asked, hours in drawn) < 1_150

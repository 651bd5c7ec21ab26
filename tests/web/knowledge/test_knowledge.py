"""What staff learnt: approved by another, used until its day, counted apart; contradicting answers are surfaced."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from bpm import feedback
from bpm.app import App
from bpm.feedback import knowledge
from bpm.feedback.knowledge import likeness, values_in, words_of
from bpm.feedback.models import Reply
from bpm.foundation.clock import FixedClock
from tests.web.conftest import Browser
from tests.web.portal.conftest import Customer, act

SignIn = Callable[..., Browser]
ARTICLE = {"title": "How long does a refund take?", "text": "Five working days after the parcel is back with us.",
           "review_by": "2026-06-30", "topic": "returns", "public": "true"}  # fmt: skip


def hear(app: App, text: str, *, channel: str = "email") -> int:
    with app.unit_of_work() as work:
        item = feedback.receive(work, feedback.RawItem(channel, "shop", text, natural_key=f"{channel} {text}")).item_id
        claim = feedback.ClassificationResult("m1", {"question": 0.9}, "question", 0.0, 1, "returns", 0.9, False, ())
        feedback.record_classification(work, item, claim)
    return item


def test_an_article_is_offered_once_another_approved_it_and_until_its_day(
    app: App, web: Flask, signed_in: SignIn, clock: FixedClock
) -> None:
    maya, olaf = signed_in("maya", "advocate"), signed_in("olaf", "advocate")
    assert maya.post("/knowledge", {**ARTICLE, "review_by": "2020-01-01"}).status_code == 400
    assert maya.post("/knowledge", {**ARTICLE, "text": "Ask jo@example.org."}).status_code == 400
    maya.post("/knowledge", ARTICLE)
    item = hear(app, "My refund is late. How long will it take?")
    assert "No article answers this yet" in olaf.see(f"/inbox/{item}")
    assert maya.post("/knowledge/1/approval").status_code == 409  # its owner
    olaf.post("/knowledge/1/approval")
    assert "Five working days" in olaf.see(f"/inbox/{item}").get("region", "What we know")
    olaf.post("/knowledge/1/use", {"item": str(item)})
    customer = Customer(web.test_client())
    assert "no answer to this yet" in customer.see("/my/answers?q=Can+I+pay+by+cheque")
    assert "Five working days" in customer.see("/my/answers?q=how+long+for+a+refund")
    customer.send("/my/answers?q=how+long+for+a+refund", "That answered it")
    page = olaf.see("/knowledge")
    assert "Used in 1 reply; answered 1 before they asked." in page
    assert "Those who said that it answered them: 1." in page
    maya.post("/knowledge", {**ARTICLE, "article": "1", "text": "Four working days."})
    assert "Four" not in customer.see("/my/answers?q=how+long+for+a+refund")  # changed: to be approved anew
    olaf.post("/knowledge/1/approval")
    assert "Four" in customer.see("/my/answers?q=how+long+for+a+refund")
    clock.advance(timedelta(days=150))
    assert "Four" not in customer.see("/my/answers?q=how+long+for+a+refund")
    assert customer.client.post("/my/answers/1").status_code == 404


@pytest.mark.parametrize(
    ("first", "second", "differ"),
    [
        ("You get $20 back.", "You get 20.00 dollars back.", False),
        ("You get $20 back.", "You get $25 back.", True),
        ("It takes 5 days.", "It takes 14 days.", True),
        ("It takes 5 days.", "It takes two weeks.", False),
        ("It ends on 3 May.", "It ends on May 3rd.", False),
        ("It ends on 3 May.", "It ends on 2026-05-04.", True),
        ("You get $20 back.", "We are looking into it.", False),
    ],
)
def test_two_answers_to_one_question_that_differ_are_one_finding(
    app: App,
    signed_in: SignIn,
    first: str,
    second: str,
    differ: bool,
) -> None:
    maya = signed_in("maya", "advocate")
    asked = ("How much money do I get back for a return?", "How much money comes back for my return?")
    items = [hear(app, text, channel=channel) for text, channel in zip(asked, ("email", "chat"), strict=True)]
    hear(app, "Your shop is closed on Sundays?")
    for item, text in zip(items, (first, second), strict=True):
        reply = act(app, feedback.reply, item, text)
        with app.unit_of_work() as work:
            work.session.get_one(Reply, reply.id).sent_at = work.now()
    with app.unit_of_work.reading() as work:
        found = knowledge.list_differences(work)
    assert len(found) == int(differ)
    if differ:
        page = maya.see("/knowledge/differences")
        assert {f"/inbox/{item}" for item in items} <= set(page.links)
        maya.post("/knowledge/differences", {"left": "1", "right": "2", "reason": "The second one holds."})
        assert "No difference" in maya.see("/knowledge/differences")


def test_values_and_likeness_are_read_from_words_alone() -> None:
    assert values_in("€1,000.00 within 14 days, by 3 May") == {
        "EUR": {"1000.00"}, "day": {"14"}, "date": {"5-3"},
    }  # fmt: skip
    assert likeness(words_of("refunds take how long"), words_of("How long does a refund take?")) == 1.0
    assert likeness(words_of(""), words_of("refund")) == 0.0

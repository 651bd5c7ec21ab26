"""The refresher says what is new since its reader last looked, by what is on record of their reading."""

from collections.abc import Callable
from datetime import timedelta

from bpm import feedback, identity
from bpm.app import App
from bpm.feedback import outbound
from bpm.foundation.clock import FixedClock
from tests.web.conftest import Browser

Heard = Callable[..., int]
WHO = {"author_email": "ana@home.org", "author_name": "Ana", "thread_key": "kettle"}


def test_what_came_since_the_last_look_is_named_and_my_own_words_are_not(
    app: App, clock: FixedClock, advocate: Browser, heard: Heard, signed_in: Callable[..., Browser]
) -> None:
    item = heard("My kettle leaks.", **WHO)
    first = advocate.get(f"/inbox/{item}")
    assert "since you last looked" not in first.get_data(as_text=True)
    first.close()  # what was read is written when the answer is through
    clock.advance(timedelta(hours=1))
    heard("It hisses, too.", said_at=clock.now(), **WHO)
    signed_in("tom", "advocate")
    with app.unit_of_work.reading() as work:
        people = {each.username: identity.actor_of(each) for each in identity.list_users(work)}
    for person, words in ((people["tom"], "A new one is on its way."), (people["maya"], "I looked at it.")):
        with app.unit_of_work(person) as work:
            feedback.reply(work, item, words, confirmed=outbound.WARNINGS)
    news = advocate.see(f"/inbox/{item}").get("group", "New since you last looked")
    assert {link.name for link in news.all("link")} == {"A new one is on its way.", "It hisses, too."}
    assert "Tom answered" in news

"""The private letter: what its holder told us and what became of it, and nobody else's words, whoever asks."""

from collections.abc import Callable
from datetime import timedelta

from flask import Flask
from sqlalchemy import select

from bpm.app import App
from bpm.feedback import people, portal
from bpm.feedback.models import FeedbackItem, PortalLink, Reply
from bpm.foundation.clock import FixedClock
from tests.web.conftest import Browser, page_of
from tests.web.portal.conftest import Customer, act

Hear = Callable[..., int]
MakeLink = Callable[[int], str]


def newest(app: App) -> FeedbackItem:
    with app.unit_of_work.reading() as work:
        item = work.session.scalars(select(FeedbackItem).order_by(FeedbackItem.id.desc())).first()
        assert item is not None
        work.session.expunge(item)
        return item


def test_a_link_is_made_copied_opened_counted_and_taken_back(
    app: App, advocate: Browser, customer: Customer, hear: Hear
) -> None:
    item = hear("My parcel never came.")
    page = advocate.do(f"/inbox/{item}/private-links")
    [address] = [word for word in page.words.split() if "/my/" in word]
    path = "/my/" + address.rpartition("/")[2]
    assert len(path.rpartition("/")[2]) == 22  # 128 bits
    assert address not in advocate.see(f"/inbox/{hear('Another one.', 'bea')}").words
    assert customer.see(path).has("heading", "What became of what you told us")
    customer.see(path)
    with app.unit_of_work.reading() as work:
        [row] = work.session.scalars(select(PortalLink)).all()
        assert row.opened == 2
        assert path.rpartition("/")[2] not in (row.token_hash, row.salt)
        number = row.id
    assert address in advocate.do(f"/inbox/{item}/private-links/{number}/copy")
    page = advocate.do(f"/inbox/private-links/{number}/revocation")
    assert "holds no more" in page
    assert "There is nothing here" in customer.see(path, status=404)


def test_the_letter_tells_heard_understood_decided_and_told(
    app: App, advocate: Browser, customer: Customer, hear: Hear, link: MakeLink
) -> None:
    item = hear("My parcel never came.")
    advocate.post(f"/inbox/{item}/distribution", {"group_key": "service", "note": "Ring them, but do not say why."})
    advocate.post(f"/inbox/{item}/labels", {"primary": "complaint"})
    advocate.post(f"/inbox/{item}/decision", {"decision": "do", "reason": "You waited too long."})
    advocate.post(f"/inbox/{item}/reply", {"text": "A new one is on its way. See {link}"})
    path = link(item)
    kept = customer.see(path)
    for words in ("My parcel never came.", "It reached us by mail.", "a complaint", "We decided to act on it.",
                  "Maya", "You waited too long."):  # fmt: skip
        assert words in kept
    assert "A new one" not in kept  # it was kept, and left for nobody
    with app.unit_of_work() as work:
        row = work.session.scalars(select(Reply)).one()
        assert "{link:" in row.text
        leaving = portal.expand(work, row.text, conversation_id=row.conversation_id)
        assert leaving.endswith(path_of_first(app))
        assert portal.expand(work, row.text, conversation_id=row.conversation_id + 1) == row.text
    advocate.post("/inbox/replies/1/sent")
    told = customer.see(path)
    assert "Maya answered you by mail." in told
    assert "(this page)" in told
    assert "do not say why" not in told
    inside = advocate.see(f"/inbox/{item}")
    assert "told On email." in inside
    assert "done" in inside.get("region", "What became of it")


def path_of_first(app: App) -> str:
    with app.unit_of_work.reading() as work:
        return portal.path_of(work, 1)


def test_what_is_written_comes_in_with_its_conversation_and_not_solved_opens_it_again(
    app: App, advocate: Browser, customer: Customer, hear: Hear, link: MakeLink
) -> None:
    item = hear("My parcel never came.")
    path = link(item)
    advocate.post(f"/inbox/{item}/decision", {"decision": "no_reply_wanted", "reason": "Settled."})
    for _turn in range(2):
        assert customer.send(path, "It is not solved").status_code == 303
    again = newest(app)
    assert (again.channel, again.source, again.text) == ("chat", "portal", "It is not solved.")
    assert again.extra["portal"] == {"wish": "not_solved", "about": item}
    with app.unit_of_work.reading() as work:
        first = work.session.get_one(FeedbackItem, item)
        assert (again.conversation_id, again.customer_id) == (first.conversation_id, first.customer_id)
    assert "a person looks at it" in customer.see(path)
    assert "open again" in advocate.see(f"/inbox/{item}")
    assert "It is not solved." in advocate.see("/inbox")
    for number in (2, 3):
        advocate.post(f"/inbox/{number}/decision", {"decision": "do", "reason": "Sent again."})
    assert "a person looks at it" not in customer.see(path)
    assert customer.send(path, "Send it", text=" ").status_code == 400
    assert "Thank you" in page_of(customer.client.get(path + "?sent=answer"))
    customer.send(path, "I just had to say it", text="I was so angry!")
    assert newest(app).extra["portal"]["wish"] == "vent"
    assert "here, in private" in customer.see(path)
    customer.send(path, "Remember it", channel="call", from_hour="9", until_hour="12", note="Not on Fridays")
    assert "reached by call, 9–12 h: Not on Fridays" in advocate.see(f"/inbox/{item}")
    assert customer.send(path, "Remember it", channel="pigeon").status_code == 400
    customer.send(f"{path}/person", "Ask a person to get in touch", text="After five.")
    assert newest(app).text == "After five."


def test_nobody_reads_what_another_told_us(
    app: App, advocate: Browser, customer: Customer, hear: Hear, link: MakeLink, clock: FixedClock
) -> None:
    anns = hear("Ann's parcel never came.", "ann", thread_key="thread-about-parcels")
    beas = hear("Bea has the same trouble.", "bea", thread_key="thread-about-parcels")
    other = hear("Cal was billed twice.", "cal")
    path = link(anns)
    assert advocate.post(f"/inbox/{other}/private-links/1/copy").status_code == 400
    page = customer.see(path)
    assert "Ann's parcel" in page
    assert "Bea" not in page  # the same conversation, another person
    advocate.post(f"/inbox/{anns}/merge", {"other": str(other)})
    page = customer.see(path)
    assert "Ann's parcel" in page  # its conversation was put into another's
    assert "Cal" not in page
    with app.unit_of_work.reading() as work:
        ids = {item.id: item.customer_id for item in work.session.scalars(select(FeedbackItem))}
    act(app, people.merge_customers, ids[beas], into=ids[anns], reason="They look alike.")
    assert "Bea" not in customer.see(path)  # customers put together by judgement stay apart here
    customer.send(path, "Send it", text="About mine.", about=str(beas))
    assert newest(app).extra["portal"]["about"] == anns
    for wrong in ("/my/" + "A" * 22, path[:-1] + ("A" if path[-1] != "A" else "B"), "/my/x", path + "%00"):
        assert "There is nothing here" in customer.see(wrong, status=404)
        assert customer.client.post(f"{wrong}/words", data={"text": "Hi"}).status_code == 404
    clock.advance(timedelta(days=91))
    assert "There is nothing here" in customer.see(path, status=404)
    assert customer.client.post(f"{path}/words", data={"text": "Hi"}).status_code == 404


def test_an_item_of_nobody_known_has_a_link_that_shows_it_alone(
    app: App, customer: Customer, hear: Hear, link: MakeLink
) -> None:
    nobodys = {"author_email": "", "author_name": "", "channel": "review", "thread_key": "the-same-thread"}
    item, _other = hear("The shop is too loud.", **nobodys), hear("Not to be read.", **nobodys)
    path = link(item)
    assert "Not to be read" not in customer.see(path)
    customer.send(path, "Send it", text="It was on Monday.")
    page = customer.see(path)
    assert "It was on Monday." in page
    assert "Not to be read" not in page


def test_pages_are_light_private_and_lead_to_a_person(
    app: App, web: Flask, advocate: Browser, customer: Customer, hear: Hear, link: MakeLink
) -> None:
    first = hear("Ä&<" * 6_000, thread_key="a-long-conversation")
    for number in range(12):
        hear(f"<b>{number}</b> " + "äöü " * 800, thread_key="a-long-conversation")
    for _turn in range(5):
        advocate.post(f"/inbox/{first}/reply", {"text": "Öl " * 5_000})
    for number in range(1, 6):
        advocate.post(f"/inbox/replies/{number}/sent")
    path, seen = link(first), set[str]()
    to_see = [path, "/my", "/my/person"]
    while to_see:
        at = to_see.pop()
        seen.add(at)
        answer = web.test_client().get(at)
        assert len(answer.data) <= 20_000, at
        assert "Set-Cookie" not in answer.headers
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert "noindex" in answer.headers["X-Robots-Tag"]
        assert answer.headers["Cache-Control"] == "no-store"
        page = page_of(answer)
        assert "<script" not in page.markup
        links = [each for each in page.links if each.startswith("/my")]
        is_person = at.endswith("/person")
        assert is_person or any(each.endswith("/person") for each in links), at  # one click; two at most are asked for
        assert not is_person or page.has("button", "Ask a person to get in touch")
        to_see += [each for each in links if each not in seen and each not in to_see]
    assert len([each for each in seen if "before=" in each]) >= 2
    assert f"{path}/person" in seen


def test_too_many_guesses_are_refused(web: Flask, customer: Customer) -> None:
    answers = [customer.client.get(f"/my/{number:022}").status_code for number in range(601)]
    assert set(answers[:600]) == {404}
    assert answers[600] == 429

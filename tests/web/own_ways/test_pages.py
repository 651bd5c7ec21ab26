"""Customers' own processes in the browser: handed in by staff and by customers, decided, run, and learnt from."""

import io
from collections.abc import Callable

from flask import Flask

from bpm.app import App
from bpm.feedback import receive
from bpm.feedback.raw_item import RawItem
from bpm.foundation.clock import FixedClock
from bpm.processes import trails
from tests.processes.own_ways.conftest import STEPS, in_a_row
from tests.web.conftest import Browser, put_live
from tests.web.portal.conftest import Customer
from tests.web.portal.test_codes import come_in

SignIn = Callable[..., Browser]


def somebody(app: App, clock: FixedClock, name: str) -> None:
    with app.unit_of_work() as work:
        receive(
            work,
            RawItem("email", "shop", "It broke.", natural_key=name, author_email=f"{name}@example.org",
                    said_at=clock.now()),
        )  # fmt: skip


def test_a_way_is_handed_in_paired_accepted_and_run_and_what_many_do_becomes_an_improvement(
    app: App, clock: FixedClock, web: Flask, signed_in: SignIn
) -> None:
    put_live(app, in_a_row(STEPS), "repair.bpmn")
    for name in ("ann", "bea", "cem"):
        somebody(app, clock, name)
    mona = signed_in("mona", "manager", "staff", "advocate", groups=("service",))
    stella = signed_in("stella", "advocate", groups=("service",))
    assert "No own process yet" in stella.see("/own-ways")
    for wrong, said in (
        ({"process": "repair", "customer": "1", "steps": " "}, "between 1 and 100 steps"),
        ({"process": "repair", "customer": "77", "steps": "Call me"}, "no such customer"),
        ({"process": "gone", "customer": "1", "steps": "Call me"}, "not live"),
    ):
        answer = stella.post("/own-ways", wrong)
        assert answer.status_code == 400
        assert said in answer.get_data(as_text=True)
    typed = "1. Hear what broke\n2. Examine my device\n3. Send me a photo\n4. Send it back"
    page = stella.do("/own-ways", {"process": "repair", "customer": "1", "steps": typed})
    assert "to confirm" in page
    assert "done by a system" not in page
    csv = (io.BytesIO(b"order,step\n2,Send it back\n1,Send me a photo\n"), "mine.csv")
    assert "Send me a photo" in stella.do("/own-ways", {"process": "repair", "customer": "2", "file": csv})
    drawn = (io.BytesIO(in_a_row({"x": "Mend it", "y": "Send me photos"})), "mine.bpmn")
    assert "Send me photos" in stella.do("/own-ways", {"process": "repair", "customer": "3", "file": drawn})
    assert stella.post("/own-ways/1/decision", {"decision": "accept"}).status_code == 403
    answer = mona.post("/own-ways/1/decision", {"decision": "accept"})
    assert answer.status_code == 400
    assert "only likely the same" in answer.get_data(as_text=True)
    stella.do("/own-ways/1/pairs", {"step": "2", "element": "look"})
    rails = {"process": "repair", "element": "mend", "why": "Nothing goes back broken."}
    assert "No way leaves it out" in mona.do("/own-ways/rails", rails)
    assert stella.post("/own-ways/rails", rails).status_code == 403
    page = mona.do("/own-ways/1/decision", {"decision": "accept", "reason": "They repair a lot."})
    assert "Cases can run on it now" in page
    assert "mandatory: stays" in page
    page = mona.do("/own-ways/1/cases", {"business_key": "R-1"})
    assert "It runs on a customer’s own way." in page
    page = mona.see("/own-ways?process=repair")
    # Words that mean the same are one step, counted by customer.
    assert "Propose it" in page
    page = mona.do("/own-ways/improvements", {"process": "repair", "text": "Send me a photo"})
    assert "Take in what customers do themselves: Send me a photo" in page
    assert "3 customers have this step in their own process" in page
    assert "proposed" in mona.see("/own-ways?process=repair")
    assert "Make it optional" in mona.see("/own-ways?process=repair")
    assert "can leave it out again" in mona.do("/own-ways/rails", {**rails, "as": "optional"})


def test_a_customer_writes_their_own_steps_behind_a_code_for_what_they_may_know_of(
    app: App, clock: FixedClock, web: Flask, signed_in: SignIn
) -> None:
    put_live(app, in_a_row(STEPS), "repair.bpmn")
    somebody(app, clock, "ann")
    customer = Customer(web.test_client())
    assert customer.client.get("/my/list/own-way").status_code == 303
    come_in(app, customer, "ann@example.org")
    assert "There is nothing to choose from yet." in customer.see("/my/list/own-way")
    mona = signed_in("mona", "manager", "advocate")
    mona.do("/inbox/names", {"kind": "process", "key": "repair", "words": "Repairs"})
    with app.unit_of_work.reading() as work:
        assert trails.list_published_names(work)
    assert customer.send("/my/list/own-way", "Send it", process="refund", steps="Call me").status_code == 400
    answer = customer.send("/my/list/own-way", "Send it", process="repair", steps="Call me\nMend it")
    assert answer.status_code == 303
    assert "A person will look at it." in customer.see("/my/list/own-way")
    page = mona.see("/own-ways")
    assert "by the customer" in page
    mona.do("/own-ways/1/decision", {"decision": "decline", "reason": "The law asks for more."})
    page = customer.see("/my/list/own-way")
    assert "We cannot do it this way" in page
    assert "The law asks for more." not in page
    # No other site can send it for them; words without the page's proof are shown again and not taken.
    assert customer.client.post("/my/list/own-way", data={"process": "repair", "steps": "x"}).status_code == 403
    assert len([row for row in mona.see("/own-ways").words.splitlines() if "by the customer" in row]) <= 1

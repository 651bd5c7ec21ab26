"""An update that reached somebody stands in the trail of all their linked items, on their pages and inside."""

from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import select

from bpm.app import App
from bpm.feedback import incidents, outbound
from bpm.feedback.models import OutboundMessage
from bpm.foundation.clock import FixedClock
from tests.web.conftest import Browser
from tests.web.portal.conftest import Customer, act

SAID = "We know that signing in fails. A new certificate comes within the hour."


def test_who_was_told_reads_it_on_each_page_of_theirs_and_nobody_else_does(
    app: App,
    clock: FixedClock,
    advocate: Browser,
    customer: Customer,
    hear: Callable[..., int],
    link: Callable[[int], str],
) -> None:
    first = hear("I cannot sign in.", "ann", thread_key="ann-one")
    second = hear("Still no luck!", "ann", thread_key="ann-two")
    other = hear("My parcel is late.", "ann", thread_key="ann-three")
    beas, cals = hear("Down for me, too.", "bea"), hear("Nothing works.", "cal")
    opened = act(app, incidents.open_incident, "Signing in fails", item_ids=[first, second, beas])
    act(app, incidents.acknowledge, opened.id, SAID, next_at=clock.now() + timedelta(hours=1), is_public=False)
    assert incidents.sweep_updates(app.unit_of_work) == 2  # two people, though three items
    pages = {item: link(item) for item in (first, second, other, beas, cals)}
    assert all(SAID not in customer.see(path) for path in pages.values())  # it waits to be said by hand
    with app.unit_of_work.reading() as work:
        replies = list(work.session.scalars(select(OutboundMessage.reply_id).order_by(OutboundMessage.id)))
    for reply in replies:
        act(app, outbound.mark_sent, reply)
    act(app, incidents.link_items, opened.id, [cals])
    late = hear("And again.", "ann", thread_key="ann-two")
    act(app, incidents.link_items, opened.id, [late])
    for item, path in pages.items():
        page = customer.see(path)
        assert (SAID in page, "Maya answered you by mail." in page) == (item in (first, second, beas),) * 2
        inside = advocate.see(f"/inbox/{item}").get("region", "What became of it")
        assert ("told On email." in inside) == (item in (first, second, beas))
    assert "told On email." not in advocate.see(f"/inbox/{late}").get("region", "What became of it")
    assert customer.see(pages[second]).words.count(SAID) == 1

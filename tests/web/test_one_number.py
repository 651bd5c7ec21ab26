"""What inbox and insights count, they count alike, whatever happened before."""

import re
from collections.abc import Callable
from datetime import timedelta
from random import Random
from typing import Any

import pytest

from bpm import feedback
from bpm.app import App
from bpm.feedback import RawItem
from bpm.feedback.queries import ItemFilter, list_items
from bpm.foundation.clock import FixedClock
from bpm.foundation.work import Actor, Work
from bpm.processes import attribute, detach, queries
from bpm.processes.queries import item_links
from tests.processes.conftest import advocate
from tests.thoroughness import TIMES
from tests.web.conftest import Browser, start_refund

__all__ = ["advocate"]


ELEMENT = "check"


def said(app: App, number: int, clock: FixedClock) -> int:
    raw = RawItem(
        channel="email", source="mail", natural_key=f"mail-{number}", text=f"The parcel of order {number} never came.",
        said_at=clock.now(), author_email=f"customer{number}@example.org",
    )  # fmt: skip
    with app.unit_of_work() as work:
        return feedback.receive(work, raw).item_id


def acts(version_id: int, instance_id: int) -> list[Callable[[Work, int], Any]]:
    """What can become of an item."""
    return [
        lambda work, item: None,
        lambda work, item: feedback.mark_sent(work, feedback.reply(work, item, "We look into it.").id),
        lambda work, item: feedback.decide(work, item, "not_now", reason="The parcel is on its way."),
        lambda work, item: feedback.distribute(work, item, group_key="service", note="Yours?"),
        lambda work, item: attribute(work, item, version_id=version_id, element=ELEMENT, instance_id=instance_id),
        lambda work, item: attribute(work, item, version_id=version_id, element=ELEMENT),
        _tied_and_untied(version_id, instance_id),
    ]


def _tied_and_untied(version_id: int, instance_id: int) -> Callable[[Work, int], Any]:
    def act(work: Work, item: int) -> None:
        attribute(work, item, version_id=version_id, element=ELEMENT, instance_id=instance_id)
        work.session.flush()
        detach(work, item_links(work, item)[0].attribution_id)

    return act


@pytest.mark.proof
@pytest.mark.parametrize("seed", range(6 * TIMES))
def test_inbox_and_insights_show_the_same_black_holes_over_random_histories(
    app: App, clock: FixedClock, signed_in: Callable[..., Browser], refund: int, advocate: Actor, seed: int
) -> None:
    chance, case = Random(seed), (refund, start_refund(app))
    for number in range(30):
        item = said(app, number, clock)
        act = chance.choice(acts(*case))
        with app.unit_of_work(advocate) as work:
            act(work, item)
        clock.advance(timedelta(hours=chance.randint(0, 9)))
    in_inbox = shown(signed_in("ines", "advocate", "manager"), "/inbox?view=holes")
    in_insights = shown(signed_in("omar", "manager"), "/insights/black-holes")
    assert in_inbox
    assert in_inbox == in_insights
    with app.unit_of_work.reading() as work:
        assert queries.count_black_holes(work) == len(in_inbox)
        assert in_inbox <= {row.id for row in list_items(work, ItemFilter(undecided=True), 200).rows}


def shown(browser: Browser, url: str) -> set[int]:
    """The items that a list leads to, over all its pages."""
    found: set[int] = set()
    while url:
        page = browser.get(url).get_data(as_text=True)
        found |= {int(number) for number in re.findall(r'href="/inbox/(\d+)', page)}
        after = re.search(r'href="([^"]*[?&;]after=\d+[^"]*)"', page)
        url = after[1].replace("&amp;", "&") if after else ""
    return found

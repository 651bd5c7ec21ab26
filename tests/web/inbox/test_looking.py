"""Colleagues at the same item see each other, and who is writing; who leaves is gone, and no session lives by it."""

from collections.abc import Callable
from datetime import timedelta

from bpm.app import App
from bpm.foundation.clock import FixedClock
from tests.web.conftest import Browser, page_of

Heard = Callable[..., int]


def test_who_else_is_there_and_who_writes(
    app: App, clock: FixedClock, advocate: Browser, signed_in: Callable[..., Browser], heard: Heard
) -> None:
    item, other = heard("Where is it?"), heard("And mine?")
    omar = signed_in("omar", "staff")
    assert f"/live/items/{item}" in advocate.see(f"/inbox/{item}").markup
    assert page_of(advocate.post(f"/live/items/{item}")).words == ""
    there = page_of(omar.post(f"/live/items/{item}"))
    assert there.words == "Maya looks at this, too."
    advocate.post(f"/outbox/items/{item}/written", {"text": "It comes tomorrow"})
    assert page_of(omar.post(f"/live/items/{item}")).words == "Maya is writing."
    clock.advance(timedelta(seconds=50))
    assert page_of(omar.post(f"/live/items/{item}")).words == ""
    advocate.post(f"/live/items/{other}")
    assert page_of(omar.post(f"/live/items/{other}")).words == "Maya looks at this, too."
    assert page_of(advocate.post(f"/live/items/{item}")).words == ""
    assert omar.post("/live/items/99").status_code == 404
    for _quarter in range(40):
        clock.advance(timedelta(minutes=15))
        if advocate.post(f"/live/items/{item}").status_code != 200:
            break
    else:
        raise AssertionError("a page that only listens kept a session alive")

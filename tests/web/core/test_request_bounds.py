"""No address can ask for so much that the site slows down for others."""

from collections.abc import Callable

import pytest
from flask import Flask

from tests.web.conftest import Browser
from web.core.request_bounds import LONGEST_FORM, LONGEST_QUERY, MOST_FIELDS, MOST_PARAMETERS, MOST_VALUES_EACH
from web.live.live import MOST_TOPICS, TOPICS

SignIn = Callable[..., Browser]

NAMES = (
    "after", "q", "text", "topics", "view", "kind", "topic", "channel", "sentiment", "customer", "run", "group", "days",
    "layer", "element", "version", "version_id", "from", "to", "instance", "status", "scope", "process", "part",
    "decision", "cause", "act", "key", "next", "v", "reason",
)  # fmt: skip
"""What the pages read from their address."""

HOSTILE = {
    "one value without end": "&".join(f"{name}={'9' * 400}" for name in NAMES),
    "a number beyond every key": "&".join(f"{name}={2**63}" for name in NAMES),
    "a list in every value": "&".join(f"{name}={','.join(['inbox'] * 19)}" for name in NAMES),
    "every name as often as may be": "&".join(f"{name}=x" for name in NAMES[:4] for _ in range(MOST_VALUES_EACH))[:-2],
    "signs that mean something elsewhere": "&".join(f"{name}=%25_%27%22%3C%00%0d%0a%f0%9f%90%ad" for name in NAMES),
    "not text at all": "&".join(f"{name}=%ff%fe%c0%80" for name in NAMES),
}
TOO_MUCH = {
    "a parameter repeated": "topic=a&" * (MOST_VALUES_EACH + 1),
    "too many parameters": "&".join(f"p{number}=1" for number in range(MOST_PARAMETERS + 1)),
    "a value without end": "q=" + "x" * LONGEST_QUERY,
}


def pages(web: Flask) -> list[str]:
    """An address of every route that is read."""
    adapter = web.url_map.bind("localhost")
    return [
        adapter.build(rule.endpoint, dict.fromkeys(rule.arguments, 1), method="GET")
        for rule in web.url_map.iter_rules()
        if rule.methods and "GET" in rule.methods
    ]


@pytest.mark.parametrize("query", HOSTILE.values(), ids=HOSTILE)
def test_no_page_breaks_on_what_strangers_write_behind_its_address(
    web: Flask, signed_in: SignIn, refund: int, query: str
) -> None:
    browser = signed_in("alex", "admin", "staff", "advocate", "designer", "operator", "manager")
    broken = [page for page in pages(web) if browser.get(f"{page}?{query}").status_code >= 500]
    assert broken == []


@pytest.mark.parametrize("query", TOO_MUCH.values(), ids=TOO_MUCH)
def test_an_address_that_asks_for_too_much_is_refused_everywhere(web: Flask, signed_in: SignIn, query: str) -> None:
    browser = signed_in("alex", "admin")
    answers = {browser.get(f"{page}?{query}").status_code for page in pages(web)}
    assert answers == {400}


def test_a_form_of_countless_fields_is_refused_before_it_is_read(visitor: Browser) -> None:
    for body in ("a&" * MOST_FIELDS, "a=" + "x" * LONGEST_FORM):
        refused = visitor.client.post("/sign-in", data=body, content_type="application/x-www-form-urlencoded")
        assert refused.status_code == 413


def test_at_most_twenty_topics_are_asked_at_once(signed_in: SignIn) -> None:
    browser = signed_in("stella", "staff")
    assert browser.get(f"/live/marks?topics={'inbox,' * (MOST_TOPICS - 1)}").status_code == 200
    for path in ("/live/marks", "/live"):
        refused = browser.get(f"{path}?topics={'inbox,' * MOST_TOPICS}")
        assert refused.status_code == 400
        assert f"At most {MOST_TOPICS} topics" in refused.get_data(as_text=True)
    assert browser.get(f"/live/marks?topics={'inbox,' * 20_000}").status_code == 400
    assert len(TOPICS) <= MOST_TOPICS

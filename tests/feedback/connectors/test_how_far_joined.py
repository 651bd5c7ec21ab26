"""How far each channel is joined follows from what the sources in use can do; places nobody watches are named."""

from collections.abc import Callable
from datetime import timedelta

from bpm import feedback
from bpm.app import App
from bpm.feedback import connectors, queries
from bpm.feedback.connectors import Ability
from bpm.foundation.clock import FixedClock
from tests.feedback.connectors.test_imap import LOGIN
from tests.mail.conftest import with_server

Scores = dict[str, tuple[int, tuple[str, ...]]]


def scores(app: App) -> Scores:
    with app.unit_of_work.reading() as work:
        return {each.channel: (each.score, each.sources) for each in queries.list_channel_scores(work)}


def test_a_channel_can_what_its_sources_can_together(app: App, connect: Callable[..., int]) -> None:
    assert scores(app) == {}
    connect("address", address="https://shop.example/a.json", name="Reviews", channel="social")
    assert scores(app) == {"social": (1, ("Reviews",))}
    social = connect("mastodon", server="https://social.example", token="planted-5", name="Toots")
    connect("imap", **{**LOGIN, "name": "Help mailbox"})
    with app.unit_of_work() as work:
        feedback.save_webhook(work, "Survey tool", channel="survey")
    assert scores(app) == {
        "email": (3, ("Help mailbox",)), "social": (4, ("Reviews", "Toots")), "survey": (1, ("Survey tool",)),
    }  # fmt: skip
    assert scores(with_server(app, 25))["email"] == (5, ("Help mailbox",)), (
        "with a mail server it answers and hears back"
    )
    with app.unit_of_work() as work:
        connectors.pause_connector(work, social)
    assert scores(app)["social"] == (1, ("Reviews",))


def test_every_kind_that_says_it_answers_does() -> None:
    for kind in connectors.KINDS.values():
        assert (Ability.REPLY in kind.abilities) is (kind.way_out is not None), kind.name


def test_places_that_customers_name_and_nobody_watches(
    app: App, clock: FixedClock, connect: Callable[..., int]
) -> None:
    def say(number: int, text: str) -> None:
        said = clock.now() - timedelta(hours=number)
        with app.unit_of_work() as work:
            raw = feedback.RawItem("email", "box", text, natural_key=f"{number} {text[:40]}", said_at=said)
            feedback.receive(work, raw)

    for number in range(12):
        say(number, f"See https://www.forum.example/t/{number} and https://www.forum.example/t/{number}b, it is bad.")
    for number in range(3):
        say(
            number,
            f"I posted it on gripes.example, number {number}. Also https://t.co/{number} and https://rare{number}.example",
        )
        say(number, f"On https://social.example/@ann/{number} everybody says so.")
    with app.unit_of_work.reading() as work:
        found = [(each.host, each.items) for each in queries.list_unwatched_places(work)]
    assert found == [("forum.example", 12), ("gripes.example", 3), ("social.example", 3)]
    connect("mastodon", server="https://social.example", token="planted-5")
    with app.unit_of_work.reading() as work:
        assert "social.example" not in {each.host for each in queries.list_unwatched_places(work)}

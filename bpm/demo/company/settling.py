"""What the demo's company settles before the story begins, and by the present."""

from bpm.app import App
from bpm.demo.company import desk, hours, money, owners, ready, study
from bpm.foundation.work import Actor


def open_for_work(app: App, actors: dict[str, Actor]) -> None:
    """What is settled before anything happens: when people work, until when work is due, and what it costs."""
    hours.settle(app, actors)
    money.settle(app, actors)
    ready.open_desk(app, actors)


def keep(app: App, actors: dict[str, Actor]) -> None:
    """What people settled together by the present."""
    owners.own(app, actors)
    study.ask(app, actors)
    desk.settle(app, actors)
    ready.settle(app, actors)

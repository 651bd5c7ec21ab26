"""What the demo's company keeps beside its processes: owners, goals, money, hours, and what both sides think."""

from bpm.app import App
from bpm.demo.company import hours, money, owners, study
from bpm.foundation.work import Actor

__all__ = ["keep", "open_for_work"]


def open_for_work(app: App, actors: dict[str, Actor]) -> None:
    """What is settled before anything happens: when people work, until when work is due, and what it costs."""
    hours.settle(app, actors)
    money.settle(app, actors)


def keep(app: App, actors: dict[str, Actor]) -> None:
    """What people settled together by the present."""
    owners.own(app, actors)
    study.ask(app, actors)

"""Repairs of lines in the demo, which a partner does in a system of its own: its log is read, and nothing runs here."""

import random
from datetime import datetime, timedelta

from bpm.app import App
from bpm.foundation.work import Actor
from bpm.processes import outside

KEY, FILE_NAME = "Line repairs", "line-repairs.csv"
CASES, DAYS = 60, 90
STEPS = (
    ("Fault reported", "Partner's desk", 0.2),
    ("Line measured", "Partner's desk", 3.0),
    ("Technician's visit", "Technicians", 26.0),
    ("Line tested", "Technicians", 1.5),
)
"""(activity, group, hours that it usually takes)."""
AGAIN, NOBODY_THERE = 0.2, 0.15
"""How often the test fails and a technician comes once more, and how often nobody opens the door."""
UNREADABLE = "LR-999,Line measured,some day,,Partner's desk"
"""A row of the log that cannot be read; it is named with its line."""


def read(app: App, actors: dict[str, Actor]) -> None:
    """Mia hands in the partner's log, and the worker reads it."""
    with app.unit_of_work(actors["mia"]) as work:
        outside.begin_run(work, key=KEY, file_name=FILE_NAME, content=log(app.clock.now()).encode())
    while outside.sweep_logs(app.unit_of_work):
        pass


def log(now: datetime) -> str:
    """The log as a table, a row a visit; the same present gives the same log."""
    draw = random.Random(21)  # noqa: S311 (a story, not a secret)
    lines = ["case_id,activity,started_at,completed_at,group"]
    for number in range(CASES):
        at = now - timedelta(days=draw.uniform(6, DAYS))
        for activity, group, usual in _way(draw):
            ended = at + timedelta(hours=usual * draw.uniform(0.5, 2.0))
            lines.append(f"LR-{number:03d},{activity},{at:%Y-%m-%dT%H:%MZ},{ended:%Y-%m-%dT%H:%MZ},{group}")
            at = ended + timedelta(hours=draw.uniform(0.2, 4))
    return "\n".join((*lines, UNREADABLE))


def _way(draw: random.Random) -> list[tuple[str, str, float]]:
    """The steps of one repair, in order."""
    way = list(STEPS)
    if draw.random() < NOBODY_THERE:
        way.insert(2, ("Nobody at home", "Technicians", 0.3))
    while draw.random() < AGAIN and len(way) < 2 * len(STEPS):
        way += STEPS[2:]
    return way

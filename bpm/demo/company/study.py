"""The same list ranked by colleagues and by customers in the demo: both think of other things first."""

import random

from bpm.app import App
from bpm.foundation.bounded_child import Sent
from bpm.foundation.work import Actor
from bpm.processes import perception

THINGS = (
    "A problem is solved at the first contact",
    "Somebody answers soon",
    "I know what happens next",
    "The price is fair",
    "People are friendly",
    "There is something new for me",
)
CUSTOMERS, STAFF = (1, 3, 2, 4, 5, 6), (4, 1, 5, 6, 2, 3)
"""The usual place of each thing."""
ROUNDS = {"spring": (26, 11, 1.6), "autumn": (34, 14, 1.2)}
"""Round -> customers, colleagues, and how far one differs from another."""


def ask(app: App, actors: dict[str, Actor]) -> None:
    """A study with two rounds, taken in from the sheet on which the answers were collected."""
    draw = random.Random(5)  # noqa: S311 (a story, not a secret)
    lines = [",".join(("person", "side", "round", *THINGS))]
    for name, (customers, staff, apart) in ROUNDS.items():
        for side, number, usual in (("customers", customers, CUSTOMERS), ("staff", staff, STAFF)):
            lines += [_line(side, person, name, usual, draw, apart) for person in range(number)]
    with app.unit_of_work(actors["mia"]) as work:
        study = perception.make_study(
            work, title="What counts with Brightwave", question="What is most important to our customers?", items=THINGS
        )
        content = "\n".join(lines).encode()
        sheet = Sent("what-counts.csv", content, len(content))
        perception.import_rankings(work, study, sheet, round_name="autumn")
        perception.ask_staff(work, study)


def _line(side: str, person: int, name: str, usual: tuple[int, ...], draw: random.Random, apart: float) -> str:
    """A person's own order: the usual one with some places changed."""
    scores = [place + draw.gauss(0, apart) for place in usual]
    ranked = sorted(range(len(usual)), key=scores.__getitem__)
    places = (str(ranked.index(thing) + 1) for thing in range(len(usual)))
    return ",".join((f"{side} {person}", side, name, *places))

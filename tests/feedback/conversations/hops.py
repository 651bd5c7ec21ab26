"""300 labelled channel hops: what one person said before, what they say now, and what of before it goes on with.

Made by hand-written sentences and a fixed draw. Hard ones are in it: two matters of one product within hours, a matter
of years ago in the same words, short words without a subject, a new matter right after an old one.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
CHANNELS = ("email", "call", "chat", "social", "review")


@dataclass(frozen=True)
class Matter:
    """One thing that people come about: how they begin, and how they go on with and without its words."""

    begins: tuple[str, ...]
    goes_on: tuple[str, ...]


@dataclass(frozen=True)
class Before:
    """Something said earlier."""

    channel: str
    text: str
    at: datetime


@dataclass(frozen=True)
class Hop:
    """A new word on another channel; `goes_on_with` is the place in `before`, None for a matter of its own."""

    before: tuple[Before, ...]
    channel: str
    text: str
    at: datetime
    goes_on_with: int | None


MATTERS = (
    Matter(
        ("My parcel from the spring sale has not arrived and tracking says delivered.",
         "The courier left my package somewhere, it is not at my door."),
        ("The parcel I called about is still not here.", "Any news on the missing package? Tracking has not moved.",
         "Courier says delivered, neighbours have nothing, where is it?"),
    ),
    Matter(
        ("Our internet has been down since Friday, the router blinks red.",
         "No broadband in the whole house, I restarted the router twice."),
        ("Router still blinking red, no internet, as I said on the phone.", "Still no connection since Friday.",
         "Your engineer never came and the broadband is dead."),
    ),
    Matter(
        ("You charged me twice for the February invoice.", "The bill shows a roaming fee of 48 pounds I never used."),
        ("I called about being charged twice, the invoice is still wrong.",
         "The roaming fee on the bill has not been corrected.", "February was billed twice, please look at it again."),
    ),
    Matter(
        ("The app logs me out whenever I open the statements tab.", "Since the update the app crashes on my tablet."),
        ("App still crashes when I open statements.", "As I wrote, the tablet app closes itself after the update.",
         "The newest version logs me out again."),
    ),
    Matter(
        ("I want to send back the blue jacket, the zip is torn.", "The jacket I ordered came in the wrong size."),
        ("I sent the jacket back, zip torn, when do I hear from you?", "Following up on the jacket in the wrong size.",
         "Your chat told me to post the jacket, here is the receipt."),
    ),
    Matter(
        ("The dishwasher leaks from the door after two months.", "My new dishwasher stops half way."),
        ("The dishwasher I phoned about leaks worse now.", "Nobody came to look at the dishwasher.",
         "Dishwasher stops again, error on the display as before."),
    ),
    Matter(
        ("The waiter was rude to my mother at your Bath restaurant.", "We waited an hour for cold pasta in Bath."),
        ("I told you on the phone how the waiter in Bath treated us.", "Bath again: rude waiter, no apology so far.",
         "We got no answer about the cold pasta."),
    ),
    Matter(
        ("Please change the address on my contract to Mill Lane 4.", "We moved, letters still go to the old flat."),
        ("You still have my old address, it is Mill Lane 4.", "Letters go to the old flat, I told your hotline.",
         "Change of address to Mill Lane, second time I ask."),
    ),
    Matter(
        ("How do I add my daughter to the family plan?", "Can a second child join the family plan at no cost?"),
        ("About the family plan: my daughter is not added yet.", "Your colleague said my daughter could join the plan.",
         "Family plan, daughter, still one person only."),
    ),
    Matter(
        ("The heating engineer did not show up on Tuesday.", "Boiler makes a loud noise and the radiators stay cold."),
        ("Radiators cold, boiler loud, nobody came on Tuesday as promised.", "The boiler visit, is there a new date?",
         "Still waiting for the heating engineer, radiators are cold."),
    ),
)  # fmt: skip
SHORT = ("Still nothing.", "Any update?", "As I said on the phone: please do something.", "Me again, no answer so far.")
ANEW = ("On a different note, ", "Another question: ", "Something else: ", "")


def make(count: int = 300, seed: int = 9) -> list[Hop]:
    """`count` hops, the same ones every time."""
    draw = Random(seed)
    kinds = (
        _goes_on,
        _goes_on,
        _goes_on,
        _between_two,
        _between_two,
        _short,
        _of_its_own,
        _of_its_own,
        _long_ago,
        _shop,
    )
    return [kinds[place % len(kinds)](draw) for place in range(count)]


def _hours(draw: Random, least: float, most: float) -> timedelta:
    return timedelta(hours=draw.uniform(least, most))


def _channels(draw: Random, count: int) -> list[str]:
    return draw.sample(CHANNELS, count)


def _goes_on(draw: Random) -> Hop:
    matter, (first, now) = draw.choice(MATTERS), _channels(draw, 2)
    before = Before(first, draw.choice(matter.begins), NOW - _hours(draw, 0.5, 150))
    return Hop((before,), now, draw.choice(matter.goes_on), NOW, 0)


def _between_two(draw: Random) -> Hop:
    (one, other), (a, b, now) = draw.sample(MATTERS, 2), _channels(draw, 3)
    right = draw.randrange(2)
    both = (
        Before(a, draw.choice(one.begins), NOW - _hours(draw, 1, 90)),
        Before(b, draw.choice(other.begins), NOW - _hours(draw, 1, 90)),
    )
    return Hop(both, now, draw.choice((one, other)[right].goes_on), NOW, right)


def _short(draw: Random) -> Hop:
    matter, (first, now) = draw.choice(MATTERS), _channels(draw, 2)
    before = Before(first, draw.choice(matter.begins), NOW - _hours(draw, 1, 60))
    return Hop((before,), now, draw.choice(SHORT), NOW, 0)


def _of_its_own(draw: Random) -> Hop:
    (one, other), (first, now) = draw.sample(MATTERS, 2), _channels(draw, 2)
    before = Before(first, draw.choice(one.begins), NOW - _hours(draw, 0.5, 100))
    return Hop((before,), now, draw.choice(ANEW) + draw.choice(other.begins), NOW, None)


def _long_ago(draw: Random) -> Hop:
    matter, (first, now) = draw.choice(MATTERS), _channels(draw, 2)
    one, two = draw.sample(matter.begins, 2)
    before = Before(first, one, NOW - timedelta(days=draw.uniform(200, 900)))
    return Hop((before,), now, two, NOW, None)


def _shop(draw: Random) -> Hop:
    """Two orders of one shop within days: the numbers tell them apart or together."""
    first, now = _channels(draw, 2)
    number, same = draw.randrange(100_000, 999_999), draw.random() < 0.5
    other = number if same else draw.randrange(100_000, 999_999)
    before = Before(first, f"Order {number} came with a broken lid.", NOW - _hours(draw, 2, 200))
    text = draw.choice((f"Where is order {other}?", f"The lid of order {other} is broken, please replace it."))
    return Hop((before,), now, text, NOW, 0 if same else None)

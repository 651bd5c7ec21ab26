"""Files, sources and a web form of the demo: a survey of the shops comes in, a list of test calls goes out again."""

from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import select

from bpm import feedback
from bpm.app import App
from bpm.feedback import connectors, web_forms
from bpm.feedback.models import FeedbackItem
from bpm.feedback.web_forms import Answer
from bpm.foundation.clock import FixedClock
from bpm.foundation.work import Actor, Work
from bpm.processes import undone_imports
from bpm.processes.routing import shadow

SURVEY = "shop-survey.csv"
COLUMNS = {
    "Card": "natural_key",
    "What was good or bad?": "text",
    "Given on": "said_at",
    "Guest": "author_name",
}
ASKED = timedelta(days=250)
"""How long before the present the shops asked: before everything that the demo's figures look at."""
SAID = (
    ("The new router was set up for me in the shop. I went home and it worked.", "Renate Olsen"),
    ("I waited forty minutes to hear that I need an appointment.", "Gil Sorbo"),
    ("Could the shop in Quay Street open before nine? I pass it on my way to work.", "Ilse Martens"),
    ("Friendly people, but nobody knew what the family plan costs abroad.", "Paul Adeyemi"),
    ("You repaired my screen in an hour. Thank you!", "Wen Zhao"),
    ("The voucher from the letter was not taken at the till.", "Marta Kroll"),
    ("Please put a chair there for people who wait with a stick.", "Edwin Fry"),
)
OVERRULED = {"Could the shop": "suggestion", "Please put a chair": "suggestion", "The voucher": "complaint"}
"""Beginning of what was said -> what Ada says that it is."""
WOULD = (
    ("The new router", "no_reply_wanted", "It is praise, and asks nothing."),
    ("I waited forty", "do", "The shop should take appointments at the door."),
    ("The voucher", "not_now", "Nobody can tell which letter it was."),
)
"""What Sam, who learns to decide, would have done before Ada did."""
DECIDED = {
    "Could the shop": ("do", "Handed to those who plan the shops."),
    "I waited forty": ("do", "The shop tells the wait at the door now."),
    "The voucher": ("do", "The till was told of the letter."),
}
AS_HEARD = ("no_reply_wanted", "Read to the shop’s team on Monday.")

TEST_CALLS = "test-calls.jsonl"
UNDONE = (
    '{"text": "Testing, testing, one two three. Is the recording on?", "author_name": "Line check"}\n'
    '{"text": "This is the second test call of the new telephone line.", "author_name": "Line check"}\n'
)

FILES = (SURVEY, TEST_CALLS)

FORM = {
    "name": "Help pages",
    "channel": "survey",
    "question": "What were you looking for?",
    "language": "en",
    "sites": "https://www.brightwave.example",
}
ANSWERS = (
    ("I found how to read my bill here, it was explained well. Thank you.", "Nora Lind", ""),
    ("How do I take my number along when I move abroad?", "Basil Noon", ""),
    ("CHEAP FOLLOWERS https://a.example https://b.example https://c.example", "Promo", ""),
)
"""The last one is held back: it holds many links."""

SOURCES = (("Brightwave review", "review", "reviews.json"), ("Brightwave survey", "survey", "answers.csv"))
"""Name, channel and file of the sources that were asked; paused, for the demo asks nobody."""


def take_in(app: App, actors: dict[str, Actor]) -> None:
    """Ada takes in the survey, by columns that she keeps by name, and takes back what was only a test."""
    yesterday = _at(app, timedelta(days=1))
    with yesterday.unit_of_work(actors["ada"]) as work:
        survey = feedback.start_import(
            work, _sheet(work.now()), file_name=SURVEY, format_name="csv", mapping=COLUMNS, channel="survey",
            source="Survey in our shops",
        ).id  # fmt: skip
        feedback.save_mapping(work, "Survey in our shops", format_name="csv", mapping=COLUMNS)
        test = feedback.start_import(
            work, UNDONE.encode(), file_name=TEST_CALLS, format_name="jsonl", mapping={}, channel="call",
            source="New telephone line",
        ).id  # fmt: skip
        _connect(work)
    _read(yesterday)
    with yesterday.unit_of_work(actors["ada"]) as work:
        undone_imports.undo_import(work, test)
    _ask_on_the_web(_at(app, timedelta(hours=5)), actors["dana"], actors["ada"])
    _decide(app, actors, survey)


def _at(app: App, before: timedelta) -> App:
    clock = FixedClock(app.clock.now() - before)
    return replace(app, clock=clock, unit_of_work=app.unit_of_work.at(clock))


def _sheet(now: datetime) -> bytes:
    """The survey as the shops sent it: one row came twice, one says nothing."""
    day = (now - ASKED).date().isoformat()
    lines = [",".join(COLUMNS)]
    lines += [f'{card},"{words}",{day},{who}' for card, (words, who) in enumerate(SAID, 1)]
    lines += [lines[1], f"{len(lines)},,{day},No name"]
    return "\n".join(lines).encode()


def _connect(work: Work) -> None:
    """The places where customers write are asked again as soon as somebody resumes them."""
    for name, channel, file_name in SOURCES:
        given = {
            "name": name,
            "channel": channel,
            "every": "3600",
            "address": f"https://www.brightwave.example/{file_name}",
        }
        connectors.pause_connector(work, connectors.make_connector(work, "address", given))


def _read(app: App) -> None:
    """What the worker would do with the files."""
    sweeps = dict(app.sweeps)
    for name in ("imports", "classification"):
        while sweeps[name](app):
            pass


def _ask_on_the_web(app: App, designer: Actor, advocate: Actor) -> None:
    """The help pages ask a question; two answers came in, one waits for a look."""
    with app.unit_of_work(advocate) as work:
        web_forms.make_form(work, FORM)
    with app.unit_of_work() as work:
        (form,) = web_forms.list_forms(work)
        for number, (text, name, email) in enumerate(ANSWERS):
            page = f"{FORM['sites']}/help"
            answer = Answer(text, name, email, page=page, key=f"help-{number}", open_for=timedelta(minutes=1))
            web_forms.receive_answer(work, form, answer)
    _read(app)


def _decide(app: App, actors: dict[str, Actor], survey: int) -> None:
    """Sam says what he would decide, Ada overrules what was read wrongly and decides."""
    with app.unit_of_work.reading() as work:
        rows = work.session.execute(
            select(FeedbackItem.id, FeedbackItem.text).where(FeedbackItem.import_run_id == survey)
        )
        items = {text: item for item, text in rows}
    with app.unit_of_work(actors["sam"]) as work:
        for beginning, decision, why in WOULD:
            shadow(work, _of(items, beginning), decision, why=why)
    with app.unit_of_work(actors["ada"]) as work:
        for beginning, kind in OVERRULED.items():
            feedback.correct(work, _of(items, beginning), primary=kind)
        for text, item in items.items():
            decision, reason = next((each for start, each in DECIDED.items() if text.startswith(start)), AS_HEARD)
            feedback.decide(work, item, decision, reason=reason)


def _of(items: dict[str, int], beginning: str) -> int:
    return next(item for text, item in items.items() if text.startswith(beginning))

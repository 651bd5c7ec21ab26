"""What the demo's desk has ready: words to begin with, a playbook, tags, letters and labels, a report, a view."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import or_, select

from bpm import identity
from bpm.app import App
from bpm.feedback import playbooks, tags
from bpm.feedback.models import FeedbackItem
from bpm.feedback.outbound.prepared.templates import approve_template, save_template
from bpm.foundation.work import Actor, Work
from bpm.processes import artefacts, reports
from bpm.processes.artefacts import ArtefactDraft
from bpm.processes.reports import read_spec

TEMPLATES = (
    (
        "A bill that is wrong", "billing",
        "Hello {{name}},\n\nI went through your bill line by line. What is not yours comes off the next.\n\n{{author}}",
    ),
    (
        "Where a parcel is", "delivery",
        "Hello {{name}},\n\nI have asked the depot and write to you as soon as they answer.\n\n{{author}}",
    ),
    (
        "Thank you for praise", "",
        "Hello {{name}},\n\nthank you. I have read it out to the team this morning.\n\n{{author}}",
    ),
)  # fmt: skip
"""(name, topic, words), written by Ada and approved by Alex."""
NOT_YET = (
    "A fault that stays", "fault",
    "Hello {{name}},\n\nthe line was measured again today, and I stay with it until it is mended.\n\n{{author}}",
)  # fmt: skip
"""Waits for somebody to approve it."""
PLAYBOOK = {
    "name": "Wrong bill, second time",
    "topic": "billing",
    "kind": "complaint",
    "tone": "negative",
    "steps": "Open the last three bills beside each other\nTake the fee off before you write\n"
    "Say what was wrong, in one sentence\nPromise a day on which the new bill is there",
}
TAGS = (
    ("wants to be called", ("ring me", "call me back", "hotline"), ""),
    ("paid twice", ("although I paid",), ""),
    ("broke early", ("stopped working",), ""),
    ("second time", ("second time", "hours times", "has come back"), ""),
    ("moves house", ("change my address", "new flat"), ""),
    ("line of the quay", ("Quay Street", "Old Harbour"), "marketing"),
    ("praise for the wall", ("Wonderful", "Thank you, Sam", "stayed on the line"), "marketing"),
)
"""(tag, what stands in the words, team that it is of)."""
TAGGED = 12
"""Items of a tag at most."""
ARTEFACTS = (
    ("returns", ArtefactDraft("register_return", "label", "Return label", "label for the return, mail me the label")),
    ("returns", ArtefactDraft("call_customer", "other", "Call about a missing parcel", "phoned me, called about")),
    ("complaint_to_resolution", ArtefactDraft("put_order_right", "letter", "Dunning letter", "dunning letter")),
)
REPORT = (
    "Returns, by activity",
    "process=returns&measure=negative_share&measure=waiting&measure=complaints_per_100&by=activity&days=120&picture=bars",
)
VIEWS = (("sam", "tasks", "Overdue in service", "scope=groups&due=overdue"),)
"""(whose, list, name, query)."""


def open_desk(app: App, actors: dict[str, Actor]) -> None:
    """Words and steps that are ready before anything is said."""
    with app.unit_of_work(actors["ada"]) as work:
        by = (work.now() + timedelta(days=365)).date().isoformat()
        made = [
            save_template(work, {"name": name, "topic": topic, "text": text, "review_by": by})
            for name, topic, text in TEMPLATES
        ]
        playbooks.save_playbook(work, {**PLAYBOOK, "review_by": by})
    with app.unit_of_work(actors["alex"]) as work:
        for each in made:
            approve_template(work, each)


def settle(app: App, actors: dict[str, Actor]) -> None:
    """What came to be ready by the present."""
    with app.unit_of_work(actors["ada"]) as work:
        name, topic, text = NOT_YET
        by = (work.now() + timedelta(days=180)).date().isoformat()
        save_template(work, {"name": name, "topic": topic, "text": text, "review_by": by})
        for tag, words, group in TAGS:
            if ids := _saying(work, words):
                tags.tag_items(work, ids, tag, group_key=group)
        _work_by_the_book(work)
    with app.unit_of_work(actors["mia"]) as work:
        for key, draft in ARTEFACTS:
            artefacts.add_artefact(work, key, draft)
        title, query = REPORT
        reports.save_report(work, read_spec(query), name=title, group="marketing")
    for who, name_of_list, name, query in VIEWS:
        with app.unit_of_work(actors[who]) as work:
            identity.save_view(work, name_of_list, name=name, query=query)
    while artefacts.sweep_artefacts(app.unit_of_work):
        pass


def _saying(work: Work, words: Sequence[str]) -> list[int]:
    """The newest items with one of these in them."""
    said = or_(*(FeedbackItem.text.contains(each) for each in words))
    query = select(FeedbackItem.id).where(FeedbackItem.current, said).order_by(FeedbackItem.id.desc())
    return list(work.session.scalars(query.limit(TAGGED)))


def _work_by_the_book(work: Work) -> None:
    """Ada took two wrong bills by the book: one to its end, with a step that she skipped and why, one half way."""
    book = playbooks.list_playbooks(work)[0]
    for place, item_id in enumerate(_saying(work, ("higher than what was agreed", "wrong fee", "dunning letter"))[:2]):
        use = playbooks.begin(work, item_id, book.id)
        for number in (1, 2, 3)[: 3 - place]:
            playbooks.tick(work, use, number, done=True)
        if not place:
            playbooks.finish(work, use, {4: "The new bill went out while we talked."})

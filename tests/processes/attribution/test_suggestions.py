"""Suggested links abstain where nothing speaks for them, and count for nothing until a person confirms them."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from bpm.app import App
from bpm.feedback import themes
from bpm.foundation.clock import FixedClock
from bpm.foundation.work import Actor
from bpm.processes import artefacts, queries, suggestions
from bpm.processes.artefacts import ArtefactDraft
from bpm.processes.artefacts.phrases import phrase_of, phrases_in
from bpm.processes.suggestions.scoring import Described, Suggester
from tests.processes.conftest import GoLive, Say
from tests.processes.models import CARE

SHOP = CARE.replace(b"Read complaint", b"Print the return label").replace(b"Mend what broke", b"Pay the refund")
Month = tuple[datetime, datetime]


def sweep(app: App, clock: FixedClock) -> None:
    clock.advance(timedelta(minutes=1))
    for look in (themes.sweep_themes, artefacts.sweep_artefacts, suggestions.sweep_suggestions):
        while look(app.unit_of_work):
            pass


@pytest.mark.both_databases
def test_what_is_suggested_counts_when_a_person_confirms_it_and_never_comes_again_when_dropped(
    app: App, go_live: GoLive, say: Say, clock: FixedClock, advocate: Actor, month: Month
) -> None:
    version_id = go_live(SHOP, "care")
    label = say("The return label would not print.", "question")
    refund = say("When do you pay my refund?", "question")
    nothing = say("Your music on the hotline is awful.", "question")
    sweep(app, clock)
    with app.unit_of_work.reading() as work:
        rows = {row.item_id: row for row in suggestions.list_suggestions(work)}
        before = queries.process_measures(work, "care", version_id=version_id, since=month[0], until=month[1])
        assert queries.space_between(work, since=month[0], until=month[1]).share.hits == 3
    assert {item: row.element for item, row in rows.items()} == {label: "read", refund: "mend"}
    assert nothing not in rows
    assert "Alike: " in rows[label].evidence
    assert (before.items, before.kinds["suggested"]) == (0, 2)

    with app.unit_of_work(advocate) as work:
        assert suggestions.confirm_suggestions(work, [rows[label].id]) == 1
        assert suggestions.drop_suggestions(work, [rows[refund].id]) == 1
        suggestions.look_again(work)
    sweep(app, clock)
    with app.unit_of_work.reading() as work:
        after = queries.process_measures(work, "care", version_id=version_id, since=month[0], until=month[1])
        (link,) = queries.item_links(work, label)
        assert suggestions.list_suggestions(work) == []
        assert queries.item_links(work, refund) == []
    assert (after.items, after.kinds, link.kind, link.author) == (1, {"by_hand": 1}, "by_hand", "maya")


def test_suggestions_wait_as_uncertainty_of_the_rate(
    app: App, go_live: GoLive, trigger: Callable[..., int], suffer: Say, say: Say, clock: FixedClock, month: Month
) -> None:
    version_id = go_live(SHOP, "care")
    trigger()
    for _ in range(12):
        suffer("Waiting.")

    def high() -> float:
        with app.unit_of_work.reading() as work:
            found = queries.process_measures(work, "care", version_id=version_id, since=month[0], until=month[1])
        (read,) = [each for each in found.elements if each.element == "read"]
        assert read.items == 12
        return read.rate.high

    before = high()
    say("The return label would not print.", "question")
    sweep(app, clock)
    assert high() > before


def test_the_suggester_abstains() -> None:
    found = Suggester(
        [
            Described("label", ["print", "label"], [], [["printer", "label", "jammed"]]),
            Described("refund", ["pay", "refund"], [], [["money", "refund", "late"]]),
        ]
    )
    assert found.suggest(["music", "hotline"]) is None
    assert found.suggest(["label"]) is None  # one word is too little
    assert found.suggest(["label", "refund"]) is None  # as near to one as to the other
    good = found.suggest(["printer", "label", "broken"])
    assert good is not None
    assert good.place == "label"
    assert set(good.words) == {"printer", "label"}
    assert Suggester([]).suggest(["label", "printer"]) is None


def test_artefacts_are_linked_by_their_name_or_by_hand_and_listed_by_complaints(
    app: App, go_live: GoLive, trigger: Callable[..., int], suffer: Say, say: Say, clock: FixedClock, advocate: Actor,
    month: Month,
) -> None:  # fmt: skip
    version_id = go_live(SHOP, "care")
    trigger()
    with app.unit_of_work(advocate) as work:
        label = artefacts.add_artefact(work, "care", ArtefactDraft("read", "label", "USPS label", "postal label"))
        letter = artefacts.add_artefact(work, "care", ArtefactDraft("mend", "letter", "Refund letter"))
    in_case = suffer("It was a USPS label, only I did not see it.")
    alone = say("A postal label, really?", "question")
    happy = say("Nice refund letter.", "question", sentiment=0.8)
    by_hand = say("The paper you sent was rude.", "question", sentiment=0.1)
    with app.unit_of_work(advocate) as work:
        artefacts.link_artefact(work, by_hand, letter)
    sweep(app, clock)
    sweep(app, clock)
    with app.unit_of_work.reading() as work:
        rows = artefacts.list_artefacts(work, "care", since=month[0], until=month[1])
        at_read = artefacts.list_artefacts(work, "care", since=month[0], until=month[1], element="read")
        about = artefacts.items_about(work, label, since=month[0], until=month[1])
        measured = queries.process_measures(work, "care", version_id=version_id, since=month[0], until=month[1])
        links = {item: {each.kind for each in queries.item_links(work, item)} for item in (in_case, alone, happy)}
    assert [(row.name, row.items, row.negative.hits) for row in rows] == [("USPS label", 2, 2), ("Refund letter", 2, 0)]
    assert [row.name for row in at_read] == ["USPS label"]
    assert {row.item_id for row in about} == {in_case, alone}
    assert links[in_case] == {"said_during", "about_artefact"}
    assert links[alone] == {"about_artefact"}
    assert (measured.kinds["about_artefact"], measured.kinds["said_during"]) == (3, 1)
    assert measured.items == 4


def test_phrases_are_whole_words_in_a_row() -> None:
    phrases = {1: [phrase_of("USPS label")], 2: ["form b"], 3: []}
    assert phrases_in("Only a “Usps-LABEL”!", phrases) == [1]
    assert phrases_in("labels of usps, form bb", phrases) == []

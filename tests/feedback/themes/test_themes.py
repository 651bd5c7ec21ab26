"""Themes: items that speak of the same come together, are named by their words, and people set them right."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from bpm import feedback
from bpm.app import App
from bpm.feedback import themes
from bpm.feedback.themes.grouping import Grouping, signature_of
from bpm.feedback.themes.sweeping import sweep_themes
from bpm.foundation.errors import ConflictError, ForbiddenError, InvalidInputError
from bpm.foundation.work import Actor
from tests.conftest import MONDAY
from tests.feedback.conftest import reading

Receive = Callable[..., int]
WIFI = (
    "The wifi router loses its connection every evening",
    "Every evening the router loses connection, wifi gone",
    "My wifi router loses connection in the evening again",
    "Router loses wifi connection each evening since the update",
)
REFUND = (
    "Still waiting for the refund of my returned shoes",
    "My returned shoes: where is the refund?",
    "No refund for the returned shoes yet",
)


@pytest.fixture
def heard(app: App, receive: Receive) -> Callable[..., list[int]]:
    """Items that were said and read; gives their ids."""

    def take(*texts: str, days_ago: float = 1, primary: str = "complaint") -> list[int]:
        ids = []
        for place, text in enumerate(texts):
            at = MONDAY - timedelta(days=days_ago, minutes=place)
            ids.append(receive(text, said_at=at, author_handle=f"{text[:8]}{place}{days_ago}@example.com"))
        with app.unit_of_work() as work:
            feedback.record_classifications(work, {item_id: reading(primary) for item_id in ids})
        return ids

    return take


def _place(app: App) -> int:
    done = 0
    while found := sweep_themes(app.unit_of_work):
        done += found
    return done


def test_items_that_speak_of_the_same_make_a_theme_named_by_their_words(
    app: App, heard: Callable[..., list[int]]
) -> None:
    wifi, refund = heard(*WIFI), heard(*REFUND)
    heard("Hello there", "The weather is nice in Vienna", primary="other")
    assert _place(app) == 9
    assert _place(app) == 0, "what was looked at is looked at once"
    with app.unit_of_work.reading() as work:
        rows = themes.list_themes(work, "all")
        assert [row.items for row in rows] == [4, 3]
        assert "router" in rows[0].name
        assert "refund" in rows[1].name
        assert set(themes.items_of(work, rows[0].id).rows) == set(wifi)
        placed = themes.theme_of(work, refund[0])
        assert placed is not None
        assert placed.id == rows[1].id
        assert rows[0].weeks[-1] == 4
        assert rows[0].people == 4


def test_two_alike_are_no_theme_yet_and_the_third_takes_them_along(app: App, heard: Callable[..., list[int]]) -> None:
    first = heard(*WIFI[:2], days_ago=10)
    _place(app)
    with app.unit_of_work.reading() as work:
        assert themes.list_themes(work, "all") == []
    third = heard(WIFI[2])
    _place(app)
    with app.unit_of_work.reading() as work:
        (row,) = themes.list_themes(work, "growing")
        assert set(themes.items_of(work, row.id).rows) == {*first, *third}
        assert row.weeks[-2:] == (2, 1)


def test_a_merge_brings_everything_together_and_its_undo_everything_apart(
    app: App, heard: Callable[..., list[int]], advocate: Actor
) -> None:
    heard(*WIFI)
    heard(*REFUND)
    _place(app)
    with app.unit_of_work(advocate) as work:
        wifi, refund = themes.list_themes(work, "all")
        change = themes.merge_themes(work, refund.id, into=wifi.id)
        with pytest.raises(ConflictError):
            themes.merge_themes(work, refund.id, into=wifi.id)
    later = heard("Waiting for the refund of returned shoes for weeks", days_ago=0.5)
    _place(app)
    with app.unit_of_work(advocate) as work:
        (row,) = themes.list_themes(work, "all")
        assert row.items == 8
        assert later[0] in themes.items_of(work, wifi.id).rows
        themes.undo_theme_change(work, change)
        assert {each.id: each.items for each in themes.list_themes(work, "all")} == {wifi.id: 4, refund.id: 4}
        with pytest.raises(ConflictError):
            themes.undo_theme_change(work, change)


def test_split_rename_hide_approve_and_lessons_can_each_be_undone(
    app: App, heard: Callable[..., list[int]], advocate: Actor
) -> None:
    ids = heard(*WIFI)
    _place(app)
    with app.unit_of_work(advocate) as work:
        (row,) = themes.list_themes(work, "all")
        before = themes.get_theme(work, row.id)
        done = [
            themes.rename_theme(work, row.id, "  Routers   in the evening "),
            themes.split_theme(work, row.id, ids[:2], name="Two of them"),
            themes.approve_theme(work, row.id, approved=True),
            themes.write_lessons(work, row.id, learnt="Firmware 3.1 restarts at eight.", told=""),
            themes.hide_theme(work, row.id, hidden=True),
        ]
        assert [(each.name, each.items) for each in themes.list_themes(work, "all")] == [("Two of them", 2)]
        assert [each.name for each in themes.list_themes(work, "hidden")] == ["Routers in the evening"]
        assert [each.verb for each in themes.changes_of(work, row.id)][::-1] == [
            "rename",
            "split",
            "approve",
            "lessons",
            "hide",
        ]
        for change in reversed(done):
            themes.undo_theme_change(work, change)
        assert themes.get_theme(work, row.id) == before
        assert len(themes.list_themes(work, "all")) == 1
        with pytest.raises(InvalidInputError):
            themes.rename_theme(work, row.id, " ")
    with pytest.raises(ForbiddenError), app.unit_of_work(Actor(user_id=advocate.user_id)) as work:
        themes.hide_theme(work, row.id, hidden=True)


def test_what_was_learnt_and_not_told_for_a_month_is_one_sided(
    app: App, heard: Callable[..., list[int]], advocate: Actor
) -> None:
    heard(*WIFI)
    _place(app)
    with app.unit_of_work(advocate) as work:
        (row,) = themes.list_themes(work, "all")
        themes.write_lessons(work, row.id, learnt="Firmware 3.1 restarts at eight.", told="")
        assert themes.list_themes(work, "one_sided") == []
    app.clock.advance(timedelta(days=31))  # type: ignore[attr-defined]  # the tests' clock
    with app.unit_of_work(advocate) as work:
        assert [each.id for each in themes.list_themes(work, "one_sided")] == [row.id]
        themes.write_lessons(work, row.id, learnt=row.learnt or "Firmware 3.1 restarts at eight.", told="We fixed it.")
        assert themes.list_themes(work, "one_sided") == []


def test_likeness_goes_by_what_is_shared_and_memory_is_bounded() -> None:
    alike, other = signature_of(WIFI[0]), signature_of(REFUND[0])
    again = signature_of(WIFI[1])
    assert alike is not None
    assert other is not None
    assert again is not None
    assert (alike == again).mean() > 0.28 > (alike == other).mean()
    assert signature_of("ok thanks") is None
    grouping = Grouping()
    for number in range(6000):
        grouping.place(number, f"nothing{number} alike{number * 7} here{number * 13}")
    assert len(grouping.loose) <= 5000
    assert not grouping.groups

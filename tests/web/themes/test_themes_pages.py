"""The pages of themes: what is listed, what a person does there, and the undo of each act."""

import re
from collections.abc import Callable

import pytest

from bpm import feedback
from bpm.app import App
from bpm.feedback import ClassificationResult, RawItem
from bpm.feedback.themes.sweeping import sweep_themes
from tests.web.conftest import Browser
from web.themes.sparkline import sparkline

TEXTS = (
    "The wifi router loses its connection every evening",
    "Every evening the router loses connection, wifi gone",
    "My wifi router loses connection in the evening again",
    "Router loses wifi connection each evening since the update",
    "Still waiting for the refund of my returned shoes",
    "My returned shoes: where is the refund?",
    "No refund for the returned shoes yet",
)


@pytest.fixture
def grouped(app: App) -> None:
    with app.unit_of_work() as work:
        ids = [feedback.receive(work, RawItem("email", "mail", text)).item_id for text in TEXTS]
        read = ClassificationResult("m1", {"complaint": 0.9}, "complaint", -0.8, 2, "delivery", 0.9, abstained=False)
        feedback.record_classifications(work, {item_id: read for item_id in ids if item_id})
    sweep_themes(app.unit_of_work)


def test_without_themes_the_list_says_how_they_come(signed_in: Callable[..., Browser]) -> None:
    page = signed_in("maya", "advocate").see("/themes")
    assert "Three items that speak of the same make a theme." in page


def test_a_person_names_merges_splits_hides_and_undoes(grouped: None, signed_in: Callable[..., Browser]) -> None:
    maya = signed_in("maya", "advocate", groups=("service",))
    page = maya.see("/themes?view=all")
    assert [link.name for link in page.all("link") if link.name in ("wifi router loses", "refund returned shoes")]
    one = maya.see("/themes/1")
    assert "The wifi router loses its connection" in one
    done = maya.do("/themes/1/name", {"name": "Routers at night"})
    assert "Renamed." in done
    assert "Undo" in done
    assert "A name has 1 to 120 characters." in maya.do("/themes/1/name", {"name": " "})
    assert "Merged" in maya.do("/themes/2/merge", {"into": "1"})
    assert "7 items" in maya.see("/themes/1")
    assert "Split off" in maya.do("/themes/1/split", {"item": ["1", "2"], "name": "Evenings"})
    assert "Hidden" in maya.do("/themes/1/hidden", {"hidden": "on"})
    assert "Routers at night" not in maya.see("/themes?view=all")
    assert "Routers at night" in maya.see("/themes?view=hidden")
    assert "The public may see" in maya.do("/themes/3/approval", {"approved": "on"})
    assert "Evenings" in maya.see("/themes?view=approved")
    kept = maya.do("/themes/3/lessons", {"learnt": "Firmware restarts at eight.", "told": ""})
    assert "Firmware restarts at eight." in kept
    undos = re.findall(r'action="(/themes/changes/\d+/undo)"', maya.get("/themes/1").get_data(as_text=True))
    for undo in undos:
        assert "Undone." in maya.do(undo)
    assert "Routers at night" not in maya.see("/themes?view=all")


def test_who_may_only_look_sees_no_forms(grouped: None, signed_in: Callable[..., Browser]) -> None:
    lena = signed_in("lena", "manager")
    assert "Rename" not in lena.see("/themes/1")
    assert lena.post("/themes/1/name", {"name": "X"}).status_code == 403
    assert lena.get("/themes/99").status_code == 404


def test_a_picture_runs_from_nothing_to_the_largest() -> None:
    drawn = sparkline([0, 5, 10])
    assert drawn.points == "3.0,21.0 48.0,12.0 93.0,3.0"
    assert drawn.words == "0, 5, 10"

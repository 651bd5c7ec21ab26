"""Pages on which people confirm links, name artefacts, place themes that fit nowhere, and say what caused a case."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from bpm.app import App
from bpm.engine import api as engine
from bpm.engine.models import Upload
from bpm.feedback import themes
from bpm.foundation.clock import FixedClock
from bpm.processes import causes, queries, suggestions
from tests.processes.attribution.test_causes import ORDER
from tests.processes.attribution.test_suggestions import SHOP, sweep
from tests.processes.conftest import GoLive, Say
from tests.processes.models import CARE
from tests.web.conftest import Browser

SignedIn = Callable[..., Browser]


@pytest.fixture
def reader(signed_in: SignedIn) -> Browser:
    return signed_in("alex", "admin")


def test_suggestions_are_confirmed_together_and_the_kinds_stand_on_the_process_page(
    app: App, go_live: GoLive, say: Say, clock: FixedClock, reader: Browser
) -> None:
    version_id = go_live(SHOP, "care")
    for number in range(3):
        say(f"The return label would not print, attempt {number}.", "question")
    sweep(app, clock)
    page = reader.see("/insights/suggestions")
    assert "Print the return label" in page
    assert "3 suggested" in reader.see("/insights/processes/care")
    with app.unit_of_work.reading() as work:
        ids = [row.id for row in suggestions.list_suggestions(work)]
    assert reader.post("/insights/suggestions/confirmation", {"id": ids}).status_code == 303
    assert "Nothing is suggested" in reader.see("/insights/suggestions")
    kept = reader.see("/insights/processes/care")
    assert "3 by hand" in kept
    rows = reader.see(f"/insights/processes/care/items?version_id={version_id}&days=30&kind=by_hand")
    assert "attempt 2" in rows
    reader.see(f"/insights/processes/care/items?version_id={version_id}&days=30&kind=guess", status=404)
    assert reader.post("/insights/suggestions/dropping", {}).status_code == 400


def test_an_artefact_is_named_linked_listed_and_retired(
    app: App, go_live: GoLive, say: Say, clock: FixedClock, reader: Browser
) -> None:
    go_live(SHOP, "care")
    place = "/insights/processes/care/artefacts"
    assert "No artefact yet" in reader.see(place)
    assert reader.post(place, {"name": "", "element": "read", "kind": "label"}).status_code == 400
    assert reader.post(place, {"name": "USPS label", "element": "read", "kind": "label"}).status_code == 303
    item = say("It was a USPS label.", "question")
    other = say("Ugly sticker.", "question")
    sweep(app, clock)
    assert "USPS label" in reader.see(f"/inbox/{item}")
    reader.post(f"/insights/items/{other}/artefacts", {"artefact": "1"})
    assert "Ugly sticker." in reader.see(f"{place}/1?days=30")
    panel = reader.see("/insights/processes/care?element=read")
    assert "2 negative of 2" in panel
    reader.post("/insights/artefacts/1/retirement")
    assert "retired" in reader.see(place)


def test_a_theme_of_the_space_between_becomes_links_a_trigger_or_a_process_of_its_name(
    app: App, go_live: GoLive, say: Say, clock: FixedClock, reader: Browser, signed_in: Callable[..., Browser]
) -> None:
    version_id = go_live(CARE, "care")
    for number in range(4):
        say(f"The parking garage barrier jammed again, garage ticket {number}.", "question")
    clock.advance(timedelta(minutes=1))
    while themes.sweep_themes(app.unit_of_work):
        pass
    page = reader.see("/insights/between")
    assert "Make an activity, a trigger or a process of these" in page
    assert "Draft a trigger" not in page, "the form of one theme alone is drawn: all of them would be a long page"
    assert "Draft a trigger" in reader.see("/insights/between?make=1")
    drafted = reader.post("/insights/between/themes/1/trigger?days=30", {"key": "care"})
    assert drafted.headers["Location"].endswith("/processes/care/triggers/1")
    with app.unit_of_work.reading() as work:
        (row,) = queries.list_triggers(work)
    assert (row.active, len(row.conditions.text.split())) == (False, 2)
    with app.unit_of_work.reading() as work:
        name = themes.get_theme(work, 1).name
    begun = signed_in("dora", "designer", "advocate").do("/insights/between/themes/1/process")
    assert name in begun
    with app.unit_of_work.reading() as work:
        assert f'name="Look after: {name}"'.encode() in work.session.scalars(select(Upload.source)).one()
    reader.post("/insights/between/themes/1/links?days=30", {"place": f"{version_id}:mend"})
    with app.unit_of_work.reading() as work:
        assert [each.element for each in queries.item_links(work, 1)] == ["mend"]
    assert "Every item of this period is linked to a process" in reader.see("/insights/between")


def test_several_causes_are_asked_and_the_case_page_says_what_it_is_about(
    app: App, go_live: GoLive, trigger: Callable[..., int], say: Say, clock: FixedClock, reader: Browser
) -> None:
    for source, key in ((ORDER, "order"), (CARE, "care")):
        go_live(source, key)
    trigger()
    with app.unit_of_work() as work:
        first, second = (engine.start(work, "order", {}, business_key=key).id for key in ("order-4711", "4711"))
    clock.advance(timedelta(hours=1))
    say("Order 4711 came broken.")
    clock.advance(timedelta(minutes=1))
    while causes.sweep_causes(app.unit_of_work):
        pass
    reader.sign_in("alex")
    assert "Order 4711 came broken." in reader.see("/insights/case-causes")
    with app.unit_of_work.reading() as work:
        asked = {each.causing_instance_id: each for each in causes.causes_asked(work)}
    opened = asked[first].instance_id
    reader.post(f"/insights/case-causes/{asked[first].id}/dropping")
    reader.post(f"/insights/case-causes/{asked[second].id}/confirmation")
    page = reader.see(f"/instances/{opened}")
    assert "What it is about" in page
    assert "confirmed" in page
    assert "Complaints about this case" in reader.see(f"/instances/{second}")
    assert "Nothing to place" in reader.see("/insights/case-causes")

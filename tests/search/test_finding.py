"""What is said, answered, known and run is found at once, by whom it may be seen, on both databases."""

import pytest

from bpm import feedback, identity, schema, search
from bpm.app import App
from bpm.engine import api as engine
from bpm.foundation.work import CONSOLE, Actor
from bpm.wiring import SEARCHED
from tests.feedback.conftest import reading, said
from tests.web.conftest import put_live

pytestmark = pytest.mark.both_databases
SOURCES = {source.kind: source for source in SEARCHED}


def found(app: App, typed: str, kind: str = "item", *, by: Actor = CONSOLE) -> list[int]:
    search.sweep_waiting(app.unit_of_work, tuple(SOURCES.values()))
    with app.unit_of_work.reading(by) as work:
        return [hit.object_id for hit in search.find(work, SOURCES[kind], search.read_asked(typed)).hits]


def take(app: App, text: str, **fields: object) -> int:
    with app.unit_of_work() as work:
        return feedback.receive(work, said(text, natural_key=text, **fields)).item_id


def person(app: App, name: str, *roles: str) -> Actor:
    with app.unit_of_work() as work:
        user = identity.create_user(
            work, name, display_name=name.capitalize(), password="correct horse", roles=list(roles), groups=[]
        )
        return identity.actor_of(user)


def test_words_are_found_in_any_order_phrases_as_they_stand_and_beginnings(app: App) -> None:
    late = take(app, "The refund came two weeks late.")
    other = take(app, "Late at night I asked for my refunds, weeks ago.")
    assert set(found(app, "late refund")) == {late, other}
    assert found(app, '"weeks late"') == [late]
    assert found(app, "refund -night") == [late]
    assert found(app, '"refund"') == [late]
    assert found(app, "refond") == []


def test_accents_and_scripts_without_spaces_are_found(app: App) -> None:
    take(app, "Die Rückerstattung für Żółw ist 返金されません")
    for typed in ("ruckerstattung", "RÜCKERSTATTUNG", "zolw", "返金"):
        assert len(found(app, typed)) == 1, typed


def test_fields_ask_for_labels_authors_and_time(app: App) -> None:
    one = take(app, "The parcel never came.", author_name="Miriam Okafor")
    two = take(app, "The parcel is wonderful.", channel="review", source="shop reviews")
    with app.unit_of_work() as work:
        feedback.record_classification(work, one, reading(topic="Delivery / Lost"))
        feedback.record_classification(work, two, reading("praise", sentiment=0.9, urgency=0, topic="Product"))
    for typed in (
        "topic:delivery", 'topic:"delivery / lost"', "kind:complaint", "channel:email", "from:okafor", "is:urgent",
        "-kind:praise", "parcel -channel:review",
    ):  # fmt: skip
        assert found(app, typed) == [one], typed
    for typed in ('source:"Shop Reviews"', "is:positive", "topic:product", "parcel kind:praise"):
        assert found(app, typed) == [two], typed
    assert found(app, "after:2026-03-02") == []
    assert set(found(app, "after:2026-03-01 before:2026-03-02")) == {one, two}
    assert found(app, "topic:del") == []


def test_what_people_do_is_found_in_the_same_moment(app: App) -> None:
    item = take(app, "Where is my parcel?")
    maya = person(app, "maya", "advocate")
    assert found(app, "is:open parcel") == [item]
    with app.unit_of_work(maya) as work:
        reply = feedback.reply(work, item, "It waits at the depot.").id
        feedback.mark_sent(work, reply)
        feedback.decide(work, item, feedback.DECISIONS[0], reason="Told.")
    assert found(app, "is:open parcel") == []
    assert found(app, "is:answered is:decided parcel") == [item]
    assert found(app, "depot from:maya", "reply") == [reply]


def test_what_is_rolled_back_is_not_found(app: App) -> None:
    with pytest.raises(RuntimeError), app.unit_of_work() as work:
        feedback.receive(work, said("Marmalade"))
        raise RuntimeError
    assert found(app, "marmalade") == []


def test_an_edited_item_is_found_by_its_new_words_alone(app: App) -> None:
    for text in ("The blue kettle leaks.", "The red kettle leaks."):
        with app.unit_of_work() as work:
            feedback.receive(work, said(text, natural_key="k1"))
    assert found(app, "blue kettle") == []
    assert len(found(app, "red kettle")) == 1


def test_customers_are_found_by_name_and_by_address_for_those_who_answer(app: App) -> None:
    take(app, "Hello", author_name="Ada Lovelace", author_email="ada@engine.example")
    advocate, designer = person(app, "maya", "advocate"), person(app, "dora", "designer")
    for who in (advocate, designer):
        assert len(found(app, "lovelace ada", "customer", by=who)) == 1
    for typed in ("ada@engine.example", "ada@eng", '"ada@engine.example"'):
        assert len(found(app, typed, "customer", by=advocate)) == 1
        assert found(app, typed, "customer", by=designer) == []


def test_cases_are_found_by_key_and_by_values_for_operators(app: App) -> None:
    put_live(app)
    with app.unit_of_work() as work:
        case = engine.start(
            work, "refund", {"order": "Zanzibar 12", "lines": [{"name": "lamp"}]}, business_key="A-17"
        ).id
    staff, operator = person(app, "sam", "staff"), person(app, "otto", "operator")
    for who in (staff, operator):
        assert found(app, "a-17 refund", "case", by=who) == [case]
        assert found(app, "is:running", "case", by=who) == [case]
    assert found(app, "lamp zanzibar", "case", by=operator) == [case]
    assert found(app, "zanzibar", "case", by=staff) == []
    with app.unit_of_work(operator) as work:
        engine.suspend(work, case, reason="Wait.")
    assert found(app, "is:suspended", "case", by=operator) == [case]
    with app.unit_of_work(operator) as work:
        engine.cancel(work, case, reason="Over.")
    assert found(app, "is:ended zanzibar", "case", by=operator) == [case]


def test_nobody_finds_what_they_may_not_open(app: App) -> None:
    item = take(app, "Parcel lost")
    take(app, "Parcel found", channel="review")
    stranger = person(app, "eve")
    assert found(app, "parcel", by=stranger) == []
    assert found(app, "parcel", "customer", by=stranger) == []
    granted = Actor(user_id=stranger.user_id, name="eve", scoped=frozenset({("feedback.see", "inbox", "email")}))
    assert found(app, "parcel", by=granted) == [item]
    with app.unit_of_work.reading(granted) as work:
        assert search.count(work, SOURCES["item"], search.read_asked("parcel")) == 1


def test_pages_go_on_after_the_last_one_seen_newest_first(app: App) -> None:
    ids = [take(app, f"Parcel {number}") for number in range(7)]
    seen, after = [], None
    with app.unit_of_work.reading() as work:
        while True:
            page = search.find(work, SOURCES["item"], search.read_asked("parcel"), after=after, limit=3)
            seen += [hit.object_id for hit in page.hits]
            after = page.after
            if after is None:
                break
    assert seen == sorted(ids, reverse=True)


def test_the_index_is_built_anew_and_compared_with_the_rows(app: App) -> None:
    item = take(app, "Parcel lost", author_name="Ada", author_email="ada@engine.example")
    assert search.rebuild(app.unit_of_work, SEARCHED)["item"] == 1
    assert found(app, "parcel") == [item]
    with app.unit_of_work.reading() as work:
        for standing in search.compare(work, SEARCHED):
            assert standing.rows == standing.held, standing
            assert standing.is_filled


def test_what_was_there_before_the_index_is_filled_in_by_the_worker(app: App) -> None:
    item = take(app, "Parcel lost")
    schema.downgrade(app.database, to="0023")
    schema.upgrade(app.database)
    assert found(app, "parcel") == []
    while search.sweep_missing(app.unit_of_work, SEARCHED):
        pass
    for _ in SEARCHED:
        search.sweep_missing(app.unit_of_work, SEARCHED)
    assert found(app, "parcel") == [item]


def test_an_undone_import_is_found_no_more(app: App) -> None:
    line = b'{"id": "1", "text": "Marmalade jar broken", "author_email": "ada@engine.example"}\n'
    with app.unit_of_work() as work:
        named = {"file_name": "a.jsonl", "format_name": "jsonl", "channel": "chat", "source": "s"}
        run = feedback.start_import(work, line, mapping={}, **named).id
    while feedback.sweep_imports(app.unit_of_work):
        pass
    assert len(found(app, "marmalade")) == 1
    assert len(found(app, "engine", "customer")) == 1
    with app.unit_of_work() as work:
        feedback.undo_import(work, run)
    assert found(app, "marmalade") == []
    assert found(app, "engine", "customer") == []


def test_an_erased_thing_leaves_no_word_in_the_database(app: App) -> None:
    item = take(app, "planted-marker-word Quizzaciously")
    with app.unit_of_work() as work:
        assert search.erase(work, "item", [item]) == 1
    assert found(app, "quizzaciously") == []
    if app.database.dialect.name == "sqlite":
        with app.database.connect() as connection:
            blocks = connection.exec_driver_sql("SELECT block FROM search_words_data").scalars().all()
        assert not any(b"quizzaciously" in block for block in blocks)

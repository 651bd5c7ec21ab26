"""The classifier at work: the sweep, and the three commands."""

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from bpm.app import App
from bpm.cli import classify
from bpm.feedback import queries, read_again
from bpm.feedback.classification import sweep_classification
from bpm.feedback.classification.train.speed import classification_speed
from bpm.feedback.events import FeedbackClassified
from bpm.foundation.clock import FixedClock
from bpm.foundation.work import Work

Receive = Callable[..., int]


def test_the_sweep_reads_everything_that_waits_and_says_so(app: App, receive: Receive) -> None:
    heard: list[int] = []
    app.bus.subscribe(FeedbackClassified, lambda work, event: heard.append(event.item_id))
    items = [receive("The parcel never came.", natural_key="1"), receive("Thanks, great job!", natural_key="2")]
    assert sweep_classification(app.unit_of_work) == 2
    assert sweep_classification(app.unit_of_work) == 0
    assert heard == items
    with app.unit_of_work.reading() as work:
        assert queries.kinds_of(work, items) == {items[0]: "complaint", items[1]: "praise"}


def test_a_subject_is_read_but_evidence_stands_in_the_text(app: App, receive: Receive) -> None:
    text = "Please end it by the first of May."
    item = receive(text, subject="Cancel my subscription")
    sweep_classification(app.unit_of_work)
    with app.unit_of_work.reading() as work:
        assert queries.kinds_of(work, [item]) == {item: "cancellation"}
        evidence = queries.get_item(work, item).evidence
    assert all(text[one["start"] : one["end"]] == one["text"] for one in evidence)


def test_classify_answers_every_line_in_order_and_names_the_bad_one() -> None:
    lines = (
        '{"text": "how do i pay", "channel": "chat", "id": 7}\nnot json\n\n{"channel": "chat"}\n{"text": "love it"}\n'
    )
    result = CliRunner().invoke(classify.classify, input=lines)
    answers = [json.loads(line) for line in result.stdout.splitlines()]
    assert result.exit_code == 1
    assert [answer.get("line") for answer in answers] == [None, 2, 4, None]
    assert answers[0]["id"] == 7
    assert answers[0]["primary"] == "question" == answers[0]["kinds"][0]
    assert set(answers[0]) >= {"probabilities", "sentiment", "urgency", "topic", "confidence", "abstained", "model"}


def test_evaluate_prints_figures_for_the_labels_that_are_there(tmp_path: Path) -> None:
    file = tmp_path / "items.jsonl"
    file.write_text('{"text": "love it", "channel": "review", "primary": "praise", "sentiment": 1}\n')
    result = CliRunner().invoke(classify.evaluate, [str(file), "--json"])
    figures = json.loads(result.stdout)
    assert figures["primary"]["accuracy"] == figures["sentiment"]["accuracy"] == 1
    assert "urgency" not in figures
    assert figures["certainty"]["coverage"]["100%"] == 1


def test_train_writes_a_pipeline_that_classify_can_use(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EARSHOT_HOME", str(tmp_path / "home"))
    data = tmp_path / "items.jsonl"
    rows = [{"text": f"thank you so much {n}", "kinds": ["praise"], "sentiment": 1} for n in range(20)]
    rows += [{"text": f"this is awful {n}", "kinds": ["complaint"], "sentiment": -1} for n in range(20)]
    data.write_text("\n".join(map(json.dumps, rows)))
    made = CliRunner().invoke(
        classify.train, ["--data", str(data), "--only", "--out", str(tmp_path / "model"), "--json"]
    )
    assert json.loads(made.stdout)["items"] == 40
    read = CliRunner().invoke(classify.classify, ["--model", str(tmp_path / "model")], input='{"text": "thank you"}')
    assert json.loads(read.stdout)["primary"] == "praise"


def test_the_speed_of_the_product_is_measured_beside_the_bare_pipeline() -> None:
    speed = classification_speed(texts=50)
    assert speed["pipe_per_s"] > 0
    assert speed["classify_share"] == pytest.approx(speed["classify_per_s"] / speed["pipe_per_s"], abs=0.05)


def test_an_item_that_breaks_the_reading_costs_only_itself(app: App, receive: Receive) -> None:
    items = [receive(f"The parcel never came {number}.", natural_key=f"{number}") for number in range(5)]

    def break_on_the_third(_work: Work, event: FeedbackClassified) -> None:
        if event.item_id == items[2]:
            raise ValueError("nobody foresaw this")

    app.bus.subscribe(FeedbackClassified, break_on_the_third)
    assert sweep_classification(app.unit_of_work) == 4
    with app.unit_of_work.reading() as work:
        assert set(queries.kinds_of(work, items)) == {*items} - {items[2]}
        assert queries.list_unclassified(work) == []
        (broken,) = queries.list_unreadable(work)
    assert (broken.id, broken.because) == (items[2], "ValueError: nobody foresaw this")


def test_an_item_that_broke_its_reading_is_tried_again_later_or_when_an_operator_says_so(
    app: App, receive: Receive, clock: FixedClock
) -> None:
    item = receive("The parcel never came.")
    trouble = [ValueError("once"), ValueError("twice")]

    def break_twice(_work: Work, event: FeedbackClassified) -> None:
        if trouble:
            raise trouble.pop(0)

    app.bus.subscribe(FeedbackClassified, break_twice)
    assert sweep_classification(app.unit_of_work) == 0
    assert sweep_classification(app.unit_of_work) == 0
    clock.advance(timedelta(hours=2))
    assert sweep_classification(app.unit_of_work) == 0
    with app.unit_of_work() as work:
        assert read_again(work) == 1
    assert sweep_classification(app.unit_of_work) == 1
    with app.unit_of_work.reading() as work:
        assert queries.list_unreadable(work) == []
        assert queries.kinds_of(work, [item]) == {item: "complaint"}


def test_an_item_that_came_without_its_language_is_told_it_and_a_foreign_one_is_not_read(
    app: App, receive: Receive
) -> None:
    english = receive("The parcel never came, and nobody answers the phone.", natural_key="1")
    german = receive("Das Paket ist nie angekommen und niemand geht ans Telefon.", natural_key="2")
    unclear = receive("ok", natural_key="3")
    sweep_classification(app.unit_of_work)
    with app.unit_of_work.reading() as work:
        rows = {item: queries.get_item(work, item) for item in (english, german, unclear)}
    assert [detail.row.language for detail in rows.values()] == ["en", "de", None]
    assert rows[german].row.abstained
    assert rows[german].note == "language not read"
    assert rows[english].row.primary == "complaint"

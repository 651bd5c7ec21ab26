"""A company's own topics: learned alone, judged, told apart from what belongs to none, and put in service."""

import gzip
import io
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from bpm.app import App
from bpm.cli import classify
from bpm.feedback import queries
from bpm.feedback.classification import service, sweep_classification
from bpm.feedback.classification.pipeline import pipeline
from bpm.feedback.classification.pipeline.topics import above, packed_topics, unpacked_topics
from bpm.feedback.classification.train.corpus import Labelled, read_labelled
from bpm.feedback.classification.train.topic_figures import topic_figures
from bpm.feedback.classification.train.topics import TrainedTopics, train_topics
from bpm.foundation.errors import InvalidInputError
from bpm.foundation.settings import Settings

TOPICS = {
    "Garden / Roses": ("the roses have black spots", "which rose climbs", "my rose bush died", "pruning roses"),
    "Garden / Lawn": ("the lawn is brown", "seed for a shady lawn", "moss in the lawn", "my lawn mower bag"),
    "Kitchen": ("the oven does not heat", "a tap that drips", "hob cracked", "fridge door shelf"),
}
STRANGERS = ("what is the capital of Peru", "sing me a song", "quantum flux of neutrinos", "who won the match")


def told(times: int = 6) -> list[Labelled]:
    return [
        Labelled(f"{text} {'please' if n % 2 else 'again'} number {n}", topic=topic)
        for topic, texts in TOPICS.items()
        for text in texts
        for n in range(times)
    ]


@pytest.fixture(scope="module")
def garden() -> TrainedTopics:
    return train_topics(told())


def written(path: Path, items: list[Labelled]) -> Path:
    path.write_text("\n".join(json.dumps({"text": item.text, "topic": item.topic}) for item in items))
    return path


def test_topics_are_learned_without_a_word_about_kinds(garden: TrainedTopics) -> None:
    (reading,) = pipeline.read_topics(garden.nlp, [Labelled("moss and a brown lawn").said])
    assert reading.topic == "Garden / Lawn"
    assert not reading.abstained


def test_what_is_said_again_and_again_weighs_more_than_what_is_said_once(garden: TrainedTopics) -> None:
    texts = ("the oven, the roses, and once more roses and roses", "the roses, the oven, and once more oven and oven")
    roses, oven = pipeline.read_topics(garden.nlp, [Labelled(text).said for text in texts])
    assert (roses.topic, oven.topic) == ("Garden / Roses", "Kitchen")


def test_topics_learned_before_repeats_counted_read_as_they_did(garden: TrainedTopics) -> None:
    stored = without(packed_topics(pipeline.topics_of(garden.nlp).learned), "repeats")
    assert not unpacked_topics(stored).features.repeats


def without(packed: bytes, key: str) -> bytes:
    """Packed topics as they were before they said so much."""
    numbers = dict(np.load(io.BytesIO(gzip.decompress(packed)), allow_pickle=False))
    words = json.loads(numbers["words"].tobytes())
    del words[key]
    written = io.BytesIO()
    np.savez(written, **(numbers | {"words": np.frombuffer(json.dumps(words).encode(), np.uint8)}))
    return gzip.compress(written.getvalue())


def test_a_text_with_nothing_known_in_it_abstains(garden: TrainedTopics) -> None:
    for text in ("", "12345", "ζξψ"):
        (reading,) = pipeline.read_topics(garden.nlp, [Labelled(text).said])
        assert reading.abstained


def test_figures_say_how_many_strangers_are_caught(garden: TrainedTopics) -> None:
    figures = topic_figures(garden.nlp, told(2), [Labelled(text) for text in STRANGERS])
    assert figures["accuracy"] > 0.95
    assert set(figures["coverage"]) == {"0.5", "0.6", "0.7", "0.8", "0.9"}
    assert figures["out_of_scope"]["lost"] <= 0.05
    assert figures["out_of_scope"]["caught"] >= 0.5


def test_the_first_part_of_a_path_is_judged_too(garden: TrainedTopics) -> None:
    assert above("Garden / Roses / Climbing") == ("Garden / Roses / Climbing", "Garden / Roses", "Garden")
    assert topic_figures(garden.nlp, told(1))["branches"] >= topic_figures(garden.nlp, told(1))["accuracy"]


def test_what_was_learned_survives_the_disk(garden: TrainedTopics, tmp_path: Path) -> None:
    garden.nlp.to_disk(tmp_path / "topics")
    said = [item.said for item in told(1)]
    again = list(pipeline.read_topics(pipeline.load(tmp_path / "topics"), said))
    assert [one.topic for one in again] == [one.topic for one in pipeline.read_topics(garden.nlp, said)]


def test_one_topic_is_not_enough() -> None:
    with pytest.raises(InvalidInputError, match="two items"):
        train_topics([Labelled("only this", topic="A"), Labelled("and that", topic="A")])


def test_the_commands_train_judge_and_read_topics_alone(tmp_path: Path) -> None:
    data, model = written(tmp_path / "topics.jsonl", told()), str(tmp_path / "model")
    strangers = written(tmp_path / "strangers.jsonl", [Labelled(text) for text in STRANGERS])
    run = CliRunner().invoke
    made = run(classify.train, ["--data", str(data), "--only", "--out", model, "--json"])
    assert json.loads(made.stdout)["topics"] == 3
    judged = run(classify.evaluate, [str(data), "--out-of-scope", str(strangers), "--model", model, "--json"])
    assert {"accuracy", "macro_f1", "coverage", "out_of_scope"} <= set(json.loads(judged.stdout))
    read = run(classify.classify, ["--model", model], input='{"text": "moss in my lawn", "id": 4}\n{}\n')
    first, second = map(json.loads, read.stdout.splitlines())
    assert (first["id"], first["topic"]) == (4, "Garden / Lawn")
    assert second["line"] == 2


def test_topics_come_from_a_table_too(tmp_path: Path) -> None:
    file = tmp_path / "topics.csv"
    file.write_text('\ufeffText,Topic\n"the lawn, brown",Garden / Lawn\nhob cracked,Kitchen\n', encoding="utf-8")
    assert [(item.text, item.topic) for item in read_labelled(file)] == [
        ("the lawn, brown", "Garden / Lawn"),
        ("hob cracked", "Kitchen"),
    ]


def test_topics_in_service_name_what_comes_in_and_kinds_stay_as_they_are(
    app: App, receive: Callable[..., int], garden: TrainedTopics
) -> None:
    service.put_topics_in_service(garden.nlp, app.settings)
    item = receive("The lawn is brown and nobody answers. Awful service!")
    sweep_classification(app.unit_of_work)
    with app.unit_of_work.reading() as work:
        row = queries.get_item(work, item).row
    assert (row.topic, row.primary) == ("Garden / Lawn", "complaint")


def test_topics_that_do_no_better_under_the_same_names_stay_out(garden: TrainedTopics, tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    assert service.topics_not_worse(garden, settings)
    service.put_topics_in_service(garden.nlp, settings)
    mixed = [Labelled(item.text, topic=list(TOPICS)[place % 3]) for place, item in enumerate(sorted(told(), key=str))]
    assert not service.topics_not_worse(train_topics(mixed), settings)

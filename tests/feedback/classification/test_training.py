"""Training: the same items give the same pipeline, whole sources are held out, worse never replaces better."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from spacy.language import Language

from bpm import feedback
from bpm.app import App
from bpm.feedback.classification import service
from bpm.feedback.classification.pipeline import pipeline
from bpm.feedback.classification.train import corpus, learning, train
from bpm.feedback.classification.train.corpus import Labelled
from bpm.feedback.classification.train.corrected_items import corrections
from bpm.feedback.classification.train.evaluation import figures, judge
from bpm.feedback.classification_result import KINDS
from bpm.foundation.errors import InvalidInputError
from bpm.foundation.settings import Settings
from bpm.foundation.work import Actor
from tests.feedback.conftest import said


def test_the_shipped_pipeline_is_what_the_shipped_corpus_teaches(nlp: Language) -> None:
    items, shipped = corpus.read_shipped(), pipeline.heads_of(nlp).learned
    rows = [*items, *corpus.bare_copies(items)]
    with nlp.select_pipes(enable=["earshot_cues"]):
        docs = list(nlp.pipe([pipeline.made(nlp, item.said) for item in rows]))
    asked = {"primary": ("cancellation", "outage_report"), "sentiment": ("1",)}
    weights, _ = learning.fit(learning.as_matrix(docs, shipped.features), rows, asked)
    names = [(head.name, label) for head in shipped.heads for label in head.labels]
    columns = [names.index((head, label)) for head, labels in asked.items() for label in labels]
    before = shipped.weights[:, columns]
    assert nlp.meta["earshot"]["seen"] == sorted({train.fingerprint(item.text) for item in items})
    assert np.corrcoef(before.ravel(), weights.ravel())[0, 1] > 0.999


def test_training_twice_on_the_same_items_gives_the_same_readings(small: train.Trained, few: list[Labelled]) -> None:
    texts = [item.text for item in few[:40]]
    again = train.train(few).nlp
    assert again.meta["version"] == small.nlp.meta["version"]
    assert list(pipeline.classify(again, texts)) == list(pipeline.classify(small.nlp, texts))


def test_one_source_and_channel_is_never_in_two_folds(few: list[Labelled]) -> None:
    belongs = train.folds(few)
    places: dict[str, set[int]] = {}
    for item, fold in zip(few, belongs, strict=True):
        places.setdefault(item.group, set()).add(int(fold))
    assert all(len(folds) == 1 for folds in places.values())


def test_a_company_can_bring_its_own_topics() -> None:
    words = {
        "garden": ["the roses died", "my lawn is brown", "the hedge"],
        "kitchen": ["the oven", "cold tap", "stove"],
    }
    items = [
        Labelled(f"{text} {n} again", "email", f"s{n}", ("complaint",), -1, 1, topic)
        for topic, texts in words.items()
        for text in texts
        for n in range(6)
    ]
    trained = train.train(items).nlp
    assert next(pipeline.classify(trained, ["my roses and lawn"])).topic == "garden"


def test_a_missing_label_is_not_learned_from(few: list[Labelled]) -> None:
    blind = [replace(item, sentiment=None) for item in few[:60]] + [replace(item, topic=None) for item in few[60:140]]
    assert train.train(blind).accuracy["primary"] > 0


def test_a_worse_pipeline_does_not_go_into_service(nlp: Language, few: list[Labelled]) -> None:
    told = [replace(item, text=f"{item.text} number {place}") for place, item in enumerate(few[:120])]
    mixed = [item if place % 2 else replace(item, kinds=("cancellation",)) for place, item in enumerate(told)]
    comparison = service.compare(nlp, mixed, train.train(mixed))
    assert comparison.n == 60
    assert comparison.older > comparison.newer
    assert not comparison.not_worse


def test_a_pipeline_that_learned_a_part_of_the_old_items_and_nothing_new_does_not_replace(
    nlp: Language, few: list[Labelled], small: train.Trained
) -> None:
    assert not service.compare(nlp, few, small).not_worse


def test_a_pipeline_put_in_service_is_the_one_that_is_used(small: train.Trained, tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    assert service.path_in_service(settings) == pipeline.SHIPPED
    for _ in range(2):
        folder = service.put_in_service(small.nlp, settings)
    assert service.path_in_service(settings) == folder
    assert [path.name for path in tmp_path.iterdir()] == ["classifier"]
    assert service.path_in_service(Settings(home=tmp_path, model_path=tmp_path / "mine")) == tmp_path / "mine"


def test_a_pipeline_that_took_anothers_place_is_read_anew(small: train.Trained, nlp: Language, tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    first = pipeline.load(service.put_in_service(small.nlp, settings))
    second = pipeline.load(service.put_in_service(nlp, settings))
    assert first.meta["version"] == small.nlp.meta["version"]
    assert second.meta["version"] == nlp.meta["version"]


def test_corrections_become_lessons(app: App, advocate: Actor) -> None:
    with app.unit_of_work() as work:
        item = feedback.receive(work, said("Could you repair my kettle?")).item_id
    with app.unit_of_work(advocate) as work:
        feedback.correct(work, item, kinds=["request", "complaint"], primary="request", sentiment=-1, urgency=1)
    with app.unit_of_work.reading() as work:
        [lesson] = corrections(work)
    assert lesson.kinds == ("request", "complaint")
    assert (lesson.sentiment, lesson.urgency, lesson.text) == (-1, 1, "Could you repair my kettle?")


def test_figures_count_only_what_was_labelled(nlp: Language) -> None:
    items = [
        Labelled("love it", "review", "a", ("praise",)),
        Labelled("how much is it", "chat", "b", None, sentiment=0),
    ]
    result = figures(judge(nlp, items))
    assert result["primary"]["n"] == 1
    assert result["sentiment"]["n"] == 1
    assert "topic" not in result
    assert set(result["by_source"]) == {"a"}


def test_the_shipped_corpus_has_a_hundred_of_every_kind() -> None:
    items = corpus.read_shipped()
    assert all(sum(kind in (item.kinds or ()) for item in items) >= 100 for kind in KINDS)


def test_a_line_that_does_not_fit_is_named(tmp_path: Path) -> None:
    file = tmp_path / "items.jsonl"
    file.write_text('{"text": "fine", "kinds": ["praise"]}\n{"text": "bad", "kinds": ["rage"]}\n')
    with pytest.raises(InvalidInputError, match=r"items\.jsonl, line 2.*rage"):
        corpus.read_labelled(file)

"""The shipped pipeline, loaded once, and a small one trained on a part of the corpus."""

import pytest
from spacy.language import Language

from bpm.feedback.classification.pipeline import pipeline
from bpm.feedback.classification.train import corpus, train
from bpm.feedback.classification.train.corpus import Labelled


@pytest.fixture(scope="session")
def nlp() -> Language:
    return pipeline.load()


@pytest.fixture(scope="session")
def few() -> list[Labelled]:
    written = [item for item in corpus.read_labelled() if item.source.startswith("written")]
    return written[::8]


@pytest.fixture(scope="session")
def small(few: list[Labelled]) -> train.Trained:
    return train.train(few)

"""What is read of a text does not depend on its neighbours, on what was read before, or on the size of a batch."""

from spacy.language import Language

from bpm.feedback.classification.pipeline import pipeline
from bpm.feedback.classification.said import Said
from bpm.feedback.classification.train.corpus import Labelled

QUESTIONS = ("", "What should we change?", "Why are you leaving us?")


def test_many_texts_at_once_are_read_as_each_of_them_alone(few: list[Labelled], nlp: Language) -> None:
    texts = [item.text for item in few[:60]]
    texts += [" But ".join(texts[place : place + 4]) for place in range(0, 60, 6)]
    texts += ["", " ", "\n\n", "?!", "😀", "HELP ME NOW, IT IS BROKEN", '"great", they said. No complaints though']
    said = [Said(text, "survey", QUESTIONS[place % 3], float(place % 6)) for place, text in enumerate(texts)]
    alone = [next(pipeline.read(nlp, [one])) for one in reversed(said)]
    assert list(pipeline.read(nlp, said)) == alone[::-1]
    assert list(pipeline.read(pipeline.load(), said, batch_size=7)) == alone[::-1]


def test_evidence_stands_where_it_says(few: list[Labelled], nlp: Language) -> None:
    for item in few[:200]:
        for one in next(pipeline.read(nlp, [Said(item.text)])).evidence:
            assert item.text[one.start : one.end] == one.text

"""The spaCy pipeline: tokenizer, cues, rules for severity, linear heads; built blank, loaded by `spacy.load`."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import lru_cache
from itertools import repeat
from pathlib import Path

import spacy
from spacy.language import Language
from spacy.tokens import Doc

from bpm.feedback.classification.in_service import SHIPPED
from bpm.feedback.classification.pipeline.circumstances import QUESTION, RATING
from bpm.feedback.classification.pipeline.features import CHANNEL, TEXT
from bpm.feedback.classification.pipeline.linear_heads import Heads

# The factories register themselves with spaCy when their modules are imported.
from bpm.feedback.classification.pipeline.phrase_matcher import Cues
from bpm.feedback.classification.pipeline.severity import Severity
from bpm.feedback.classification.pipeline.topics import FOUND_TOPIC, TopicReading, Topics
from bpm.feedback.classification.said import Said
from bpm.feedback.classification_result import NOT_READ, NOT_SURE, ClassificationResult
from bpm.feedback.language import SURE
from bpm.foundation.errors import InvalidInputError
from bpm.foundation.texts import _

MOST_CHARACTERS = 20_000
"""Characters of one text that are read; what comes after them changes no reading and would only cost time."""


def blank() -> Language:
    """An untrained pipeline."""
    nlp = spacy.blank("en")
    nlp.add_pipe("earshot_cues")
    nlp.add_pipe("earshot_severity")
    nlp.add_pipe("earshot_heads")
    nlp.meta["name"] = "earshot"
    return nlp


def blank_topics() -> Language:
    """An untrained pipeline that knows topics alone."""
    nlp = spacy.blank("en")
    nlp.add_pipe("earshot_topics")
    nlp.meta["name"] = "earshot-topics"
    return nlp


def load(path: Path = SHIPPED) -> Language:
    """The trained pipeline of folder `path`, loaded once per process and again when another took its place."""
    if not (path / "config.cfg").is_file():
        raise InvalidInputError(
            _("there is no trained pipeline here."),
            place=str(path),
            remedy=_("Make one with: earshot train --out FOLDER"),
        )
    return _loaded(path, (path / "meta.json").stat().st_mtime_ns)


@lru_cache(maxsize=2)
def _loaded(path: Path, _written_at: int) -> Language:
    return spacy.load(path)


def classify(
    nlp: Language, texts: Iterable[str], channels: Iterable[str] | None = None, *, batch_size: int = 256
) -> Iterator[ClassificationResult]:
    """One Reading per text, in order, streaming; `channels` gives each text's channel, "" where unknown."""
    pairs = zip(texts, channels if channels is not None else repeat(""), strict=False)
    yield from read(nlp, (Said(text, channel) for text, channel in pairs), batch_size=batch_size)


def read(nlp: Language, said: Iterable[Said], *, batch_size: int = 256) -> Iterator[ClassificationResult]:
    """One Reading for each of `said`, in order, streaming; question and rating count where they are known.

    What is in a language that the pipeline did not learn abstains and says so; where the language is not sure, it is
    read and marked.
    """
    known = languages_of(nlp)
    pairs = ((made(nlp, one), one) for one in said)
    for doc, one in nlp.pipe(pairs, as_tuples=True, batch_size=batch_size):
        reading: ClassificationResult = doc.user_data["reading"]
        yield reading if one.language is None or one.language in known else _foreign(reading, one.language_p)


def languages_of(nlp: Language) -> frozenset[str]:
    """The languages (ISO 639-1) that the pipeline learned."""
    return frozenset(nlp.meta.get("earshot", {}).get("languages", ("en",)))


def _foreign(reading: ClassificationResult, p: float) -> ClassificationResult:
    if p < SURE:
        return replace(reading, note=NOT_SURE)
    nothing = dict.fromkeys(reading.kinds, 0.0)
    unread = replace(reading, kinds=nothing, primary="other", sentiment=0.0, urgency=0, topic=None, confidence=0.0)
    return replace(unread, abstained=True, evidence=(), aspects=(), note=NOT_READ)


def made(nlp: Language, said: Said) -> Doc:
    """The text as tokens, with its circumstances beside it for the features."""
    text = said.text[:MOST_CHARACTERS]
    doc = nlp.make_doc(text)
    doc.user_data |= {TEXT: text, CHANNEL: said.channel, QUESTION: said.question, RATING: said.rating}
    return doc


def heads_of(nlp: Language) -> Heads:
    """The component that holds what was learned."""
    component = nlp.get_pipe("earshot_heads")
    if not isinstance(component, Heads):
        raise InvalidInputError(_("this pipeline is not one of ours."), remedy=_("Train one with: earshot train"))
    return component


def topics_of(nlp: Language) -> Topics:
    """The component that knows a company's own topics."""
    component = nlp.get_pipe("earshot_topics") if knows_topics_alone(nlp) else None
    if not isinstance(component, Topics):
        raise InvalidInputError(
            _("this pipeline knows no topics alone."), remedy=_("Train one with: earshot train --only")
        )
    return component


def knows_topics_alone(nlp: Language) -> bool:
    """Whether this pipeline was trained on topics and reads nothing else."""
    return "earshot_topics" in nlp.pipe_names


def read_topics(nlp: Language, said: Iterable[Said], *, batch_size: int = 256) -> Iterator[TopicReading]:
    """The topic of each of `said`, in order, streaming."""
    for doc in nlp.pipe((made(nlp, one) for one in said), batch_size=batch_size):
        yield doc.user_data[FOUND_TOPIC]


def cues_of(nlp: Language) -> Cues:
    """The component that finds the cues."""
    component = nlp.get_pipe("earshot_cues")
    if not isinstance(component, Cues):
        raise InvalidInputError(_("this pipeline is not one of ours."), remedy=_("Train one with: earshot train"))
    return component


__all__ = [
    "MOST_CHARACTERS",
    "SHIPPED",
    "Cues",
    "Heads",
    "Severity",
    "blank",
    "blank_topics",
    "classify",
    "cues_of",
    "heads_of",
    "knows_topics_alone",
    "load",
    "made",
    "read",
    "read_topics",
    "topics_of",
]

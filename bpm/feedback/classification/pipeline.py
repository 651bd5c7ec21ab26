"""The spaCy pipeline: tokenizer, cues, rules for severity, linear heads; built blank, loaded by `spacy.load`."""

from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import spacy
from spacy.language import Language

from bpm.errors import InvalidInputError

# The factories register themselves with spaCy when their modules are imported.
from bpm.feedback.classification.cues import Cues
from bpm.feedback.classification.heads import Heads
from bpm.feedback.classification.severity import Severity
from bpm.feedback.reading import Reading

SHIPPED = Path(__file__).parent / "model"
"""The pipeline that comes with the product."""
LONGEST = 20_000
"""Characters of one text that are read; what comes after them changes no reading and would only cost time."""


def blank() -> Language:
    """An untrained pipeline."""
    nlp = spacy.blank("en")
    nlp.add_pipe("earshot_cues")
    nlp.add_pipe("earshot_severity")
    nlp.add_pipe("earshot_heads")
    nlp.meta["name"] = "earshot"
    return nlp


@cache
def load(path: Path = SHIPPED) -> Language:
    """The trained pipeline of folder `path`, loaded once per process."""
    if not (path / "config.cfg").is_file():
        raise InvalidInputError(
            "there is no trained pipeline here.", place=str(path), remedy="Make one with: earshot train --out FOLDER"
        )
    return spacy.load(path)


def classify(nlp: Language, texts: Iterable[str], *, batch_size: int = 256) -> Iterator[Reading]:
    """One Reading per text, in order, streaming."""
    for doc in nlp.pipe((text[:LONGEST] for text in texts), batch_size=batch_size):
        yield doc.user_data["reading"]


def heads_of(nlp: Language) -> Heads:
    """The component that holds what was learned."""
    component = nlp.get_pipe("earshot_heads")
    if not isinstance(component, Heads):
        raise InvalidInputError("this pipeline is not one of ours.", remedy="Train one with: earshot train")
    return component


def cues_of(nlp: Language) -> Cues:
    """The component that finds the cues."""
    component = nlp.get_pipe("earshot_cues")
    if not isinstance(component, Cues):
        raise InvalidInputError("this pipeline is not one of ours.", remedy="Train one with: earshot train")
    return component


__all__ = ["LONGEST", "SHIPPED", "Cues", "Heads", "Severity", "blank", "classify", "cues_of", "heads_of", "load"]

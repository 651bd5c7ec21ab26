"""Rules for what cannot wait: phrases of danger, theft in progress, legal steps, lock-out and repeated contact."""

from pathlib import Path

from spacy.language import Language
from spacy.tokens import Doc, Span

from bpm.feedback.classification.pipeline.phrase_matcher import Cues

SEVERITY = "severity"
"""Key in `doc.spans`, where there are any: spans with the label "2" (soon) or "3" (now)."""


@Language.factory("earshot_severity")
class Severity(Cues):
    """Pipeline component: marks what cannot wait in `doc.spans[SEVERITY]`."""

    shipped = Path(__file__).parent / "severity.txt"

    def __init__(self, nlp: Language, name: str = "earshot_severity") -> None:
        super().__init__(nlp, name)

    def __call__(self, doc: Doc) -> Doc:
        if found := self.found(doc):
            doc.spans[SEVERITY] = [Span(doc, start, end, label=level) for level, start, end in found]
        return doc

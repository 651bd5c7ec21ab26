"""Cues: phrases that people use for a purpose (leaving, wishing, thanking ...), found by a spaCy matcher."""

from collections.abc import Iterator
from itertools import product
from pathlib import Path

import spacy
from spacy.language import Language
from spacy.matcher import PhraseMatcher
from spacy.tokens import Doc
from spacy.vocab import Vocab

CUES_FILE = Path(__file__).parent / "cues.txt"
FOUND = "earshot_cues"
"""Key in `Doc.user_data`: [(cue name, first token, token after the last)]."""


def read_cues(text: str) -> dict[str, list[str]]:
    """Cue name -> plain phrases. A line is `name: phrase; phrase`; in a phrase `a|b` are alternatives, `_` is none."""
    cues: dict[str, list[str]] = {}
    for line in text.splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        name, _, phrases = line.partition(":")
        cues[name.strip()] = list(dict.fromkeys(_spelled_out(phrases)))
    return cues


def _spelled_out(phrases: str) -> Iterator[str]:
    for phrase in phrases.split(";"):
        slots = [[word for word in slot.split("|") if word] for slot in phrase.split()]
        for choice in product(*slots):
            plain = " ".join(word for word in choice if word != "_")
            if plain:
                yield plain


@Language.factory("earshot_cues")
class Cues:
    """Pipeline component: writes the cues it finds into `doc.user_data[FOUND]`."""

    shipped = CUES_FILE

    def __init__(self, nlp: Language, name: str = "earshot_cues") -> None:
        self.name = name
        self.vocab: Vocab = nlp.vocab
        self._source = ""
        self.load(self.shipped.read_text(encoding="utf-8"))

    def load(self, source: str) -> None:
        """Match the cues of `source` (the text of a cue file) from now on."""
        self._source = source
        self.names = tuple(read_cues(source))
        self._matcher = PhraseMatcher(self.vocab, attr="NORM")
        plain = spacy.blank("en", vocab=self.vocab)
        for name, phrases in read_cues(source).items():
            self._matcher.add(name, list(plain.pipe(phrases)))

    def found(self, doc: Doc) -> list[tuple[str, int, int]]:
        """(name, first token, token after the last) of every cue in `doc`."""
        strings = self.vocab.strings
        return [(strings[key], start, end) for key, start, end in self._matcher(doc)]

    def __call__(self, doc: Doc) -> Doc:
        doc.user_data[FOUND] = self.found(doc)
        return doc

    def to_bytes(self, *, exclude: tuple[str, ...] = ()) -> bytes:
        return self._source.encode()

    def from_bytes(self, data: bytes, *, exclude: tuple[str, ...] = ()) -> "Cues":
        self.load(data.decode())
        return self

    def to_disk(self, path: str | Path, *, exclude: tuple[str, ...] = ()) -> None:
        Path(path).write_text(self._source, encoding="utf-8")

    def from_disk(self, path: str | Path, *, exclude: tuple[str, ...] = ()) -> "Cues":
        self.load(Path(path).read_text(encoding="utf-8"))
        return self

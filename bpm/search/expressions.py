"""What is asked as the databases say it: a MATCH expression of FTS5, a tsquery of PostgreSQL.

Both are put together from folded words alone (letters and digits), so nothing that somebody types is syntax there.
"""

from collections.abc import Iterable, Sequence

from bpm.search.asking import Asked, Term
from bpm.search.documents import Document
from bpm.search.words import mark, words_of

PARTS = {"title": "A", "who": "B", "body": "C", "kept_back": "D"}
"""Part of a document, a column of FTS5 -> its weight in a tsvector."""
_GAP = 3
"""Positions between two parts, so that no phrase goes over from one to the next."""


def kind_mark(kind: str) -> str:
    """The label that every document of a kind carries."""
    return mark("in", kind)


def match_of(asked: Asked, kind: str, *, sees_more: bool) -> str:
    """The expression for FTS5: what is wanted, without what is not."""
    marks = [f'marks : "{each}"' for each in (kind_mark(kind), *asked.marks)]
    wanted = " AND ".join([*marks, *(_fts(term, sees_more=sees_more) for term in asked.wanted)])
    out = [
        *(f'marks : "{each}"' for each in asked.unwanted_marks),
        *(_fts(term, sees_more=sees_more) for term in asked.unwanted),
    ]
    return f"({wanted})" + "".join(f" NOT ({each})" for each in out)


def _fts(term: Term, *, sees_more: bool) -> str:
    star = " *" if term.is_open else ""
    return f'{{{" ".join(_parts(term, sees_more=sees_more))}}} : "{" ".join(term.words)}"{star}'


def tsquery_of(asked: Asked, kind: str, *, sees_more: bool) -> str:
    """The same as a tsquery."""
    wanted = [f"'{each}'" for each in (kind_mark(kind), *asked.marks)]
    wanted += [_ts(term, sees_more=sees_more) for term in asked.wanted]
    out = [f"'{each}'" for each in asked.unwanted_marks]
    out += [_ts(term, sees_more=sees_more) for term in asked.unwanted]
    return " & ".join([*wanted, *(f"!{each}" for each in out)])


def _ts(term: Term, *, sees_more: bool) -> str:
    weights = "".join(PARTS[part] for part in _parts(term, sees_more=sees_more))
    last = len(term.words) - 1
    words = [
        f"'{word}':{'*' if term.is_open and place == last else ''}{weights}" for place, word in enumerate(term.words)
    ]
    return f"({' <-> '.join(words)})"


def _parts(term: Term, *, sees_more: bool) -> Sequence[str]:
    parts = ("who",) if term.of_who else ("title", "who", "body")
    return (*parts, "kept_back") if sees_more else parts


def columns_of(document: Document, kind: str) -> dict[str, str]:
    """The row of FTS5: each part in folded words, and the labels."""
    parts = {part: " ".join(words_of(getattr(document, part))) for part in PARTS}
    return parts | {"marks": " ".join(sorted({*document.marks, kind_mark(kind)}))}


def tsvector_of(document: Document, kind: str) -> str:
    """The text of a tsvector: folded words with position and weight, and the labels."""
    places: dict[str, list[str]] = {}
    position = 0
    for part, weight in PARTS.items():
        position += _GAP
        for word in words_of(getattr(document, part)):
            position += 1
            places.setdefault(word, []).append(f"{min(position, 16_383)}{weight}")
    return " ".join([*_lexemes(places), *(f"'{each}'" for each in sorted({*document.marks, kind_mark(kind)}))])


def _lexemes(places: dict[str, list[str]]) -> Iterable[str]:
    return (f"'{word}':{','.join(at[:255])}" for word, at in places.items())

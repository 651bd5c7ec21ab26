"""Every text of a page stands in `_()`, `ngettext` or `{% trans %}`: bare ones are named with file and line."""

import re
from collections.abc import Iterator

import pytest

from tests.architecture.modules import ROOT
from tests.architecture.texts import NAMES

_PIECE = re.compile(
    r"(?P<quiet>{#.*?#}|{% set marks %}.*?{% endset %}|{%-?\s*trans\b.*?endtrans\s*-?%}"
    r"|<(?P<raw>script|style)\b.*?</(?P=raw)>)"
    r"|(?P<jinja>{{.*?}}|{%.*?%})"
    r"|(?P<tag><[/!a-zA-Z](?:{{.*?}}|{%.*?%}|\"(?:{{.*?}}|{%.*?%}|[^\"])*\"|[^>\"])*>)",
    re.DOTALL,
)
_LETTERS = re.compile(r"[A-Za-z]{2,}")


def bare(source: str) -> Iterator[tuple[int, str]]:
    """(line, text) of every text between the tags and the Jinja parts of a template."""
    begin = 0
    for piece in [*_PIECE.finditer(source), None]:
        end = len(source) if piece is None else piece.start()
        text = source[begin:end].strip()
        if _LETTERS.search(re.sub(r"&\w+;", "", text)) and text.strip("· ") not in NAMES:
            yield source.count("\n", 0, begin) + 1, text
        begin = end if piece is None else piece.end()


def _found() -> list[str]:
    return [
        f"{path.relative_to(ROOT).as_posix()}:{line}: {text}"
        for path in sorted((ROOT / "web").rglob("*.html"))
        for line, text in bare(path.read_text("utf-8"))
        if path.name != "_drop_words.html"  # attributes only, each with its own text in `_()`
    ]


def test_no_page_has_a_bare_text() -> None:
    assert not _found()


@pytest.mark.parametrize(
    ("template", "found"),
    [
        ("<p>\nNothing {{ x }}</p>", [(1, "Nothing")]),
        ("<p>{{ _('Nothing') }}</p>", []),
        ("<a href=\"{{ '>' }}\">{% trans %}Go <b>on</b>{% endtrans %}</a>", []),
        ("<script>var said</script><b>Earshot</b>&nbsp;", []),
    ],
)
def test_bare_texts_are_found_with_their_line(template: str, found: list[tuple[int, str]]) -> None:
    assert list(bare(template)) == found

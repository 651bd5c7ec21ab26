"""A form is no part of a paragraph: browsers end the paragraph there, and what should be one line stands in three."""

import re
from pathlib import Path

WEB = Path(__file__).resolve().parents[3] / "web"
IN_A_PARAGRAPH = re.compile(r"<p\b[^>]*>(?:(?!</p>|<p\b).)*?(?:ui\.post\(|<form\b)", re.DOTALL)


def test_no_form_stands_in_a_paragraph() -> None:
    templates = sorted(WEB.rglob("*.html"))
    assert len(templates) > 200
    found = [
        f"{template.relative_to(WEB)}:{text.count(chr(10), 0, each.start()) + 1}"
        for template in templates
        for text in [template.read_text()]
        for each in IN_A_PARAGRAPH.finditer(text)
    ]
    assert found == []

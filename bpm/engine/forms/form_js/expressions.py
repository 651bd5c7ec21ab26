"""Expressions and texts with values in them, as `.form` files write them, in FEEL that says its language.

Source: Camunda 8 docs, "Forms", FEEL expressions (`=...`) and templating syntax (`{{...}}`).
"""

import json
import re
from typing import Any

from bpm.engine.expressions import tagged
from bpm.foundation.errors import ExpressionError
from bpm.foundation.texts import _

_PART = re.compile(r"\{\{(.*?)\}\}", re.DOTALL)


def expression(said: Any) -> str:
    """`=amount > 5` as an expression of ours; "" for what is none. Raises ExpressionError where it cannot be read."""
    if not isinstance(said, str) or not said.strip().startswith("="):
        return ""
    return tagged.tag("feel", said.strip())


def template(text: str) -> str:
    """A text with `{{name}}` in it as one expression; "" where nothing is filled in. Raises ExpressionError."""
    if text.strip().startswith("="):
        return expression(text)
    if not _PART.search(text):
        return ""
    pieces, at = [], 0
    for found in _PART.finditer(text):
        inner = found[1].strip()
        if inner.startswith(("#", "/")):
            raise ExpressionError(_("Conditions and loops in texts are not executed: %(part)s.") % {"part": found[0]})
        pieces += [json.dumps(text[at : found.start()], ensure_ascii=False), _shown(inner)]
        at = found.end()
    pieces.append(json.dumps(text[at:], ensure_ascii=False))
    return tagged.tag("feel", "=" + " + ".join(piece for piece in pieces if piece != '""'))


def _shown(inner: str) -> str:
    return f'(if ({inner}) = null then "" else string({inner}))'

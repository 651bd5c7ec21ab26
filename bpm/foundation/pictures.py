"""A picture of ours as PNG: drawn from its SVG by resvg in the bounded child, with all its letters or not at all.

resvg takes its letters from the fonts of the machine. Where there are none it would draw a picture without words, which
says less than the page: then there is no PNG, and it is said why.
"""

import base64
import re

from bpm.foundation.bounded_child import Sent, read_apart
from bpm.foundation.errors import InvalidInputError
from bpm.foundation.texts import _

MOST_BYTES = 2_000_000
SCALE = 2.0
"""Pixels for each unit of the SVG: sharp on paper, too."""
FAMILIES = ("DejaVu Sans", "Liberation Sans", "Noto Sans", "Arial", "Helvetica", "Segoe UI", "Roboto", "Ubuntu")
"""Fonts for what the SVG calls sans-serif; the first that is there draws it."""
_TEXT = re.compile(r"<text\b.*?</text>", re.DOTALL)


def png_of(svg: str) -> bytes:
    """The picture as PNG; InvalidInputError where it cannot be drawn with its letters."""
    return base64.b64decode(read_apart(draw, Sent("picture.svg", svg.encode(), MOST_BYTES)))


def draw(content: bytes) -> str:
    """In the child: the PNG in base 64; InvalidInputError where the machine has no letters for it."""
    import resvg_py

    def drawn(svg: str, family: str) -> bytes:
        return bytes(resvg_py.svg_to_bytes(svg_string=svg, zoom=SCALE, sans_serif_family=family))

    svg = content.decode()
    without = _TEXT.sub("", svg)
    wordless = drawn(without, FAMILIES[0])
    for family in FAMILIES:
        if (found := drawn(svg, family)) != wordless or without == svg:
            return base64.b64encode(found).decode()
    raise InvalidInputError(
        _("There is no PNG: this machine has no fonts, and a picture without its words says less than the page."),
        remedy=_("Take the SVG, or install a font such as DejaVu on the server."),
    )

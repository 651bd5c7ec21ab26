"""Marks at a file's start that tell how many bytes its letters take."""

import codecs

WIDE = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
"""(mark, encoding); the longer ones first, for one begins as a shorter one does."""

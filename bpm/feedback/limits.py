"""How much of what outsiders send is taken in: one home for the bounds of every way in."""

import unicodedata
from datetime import UTC, datetime, timedelta

LONGEST_TEXT = 200_000
"""Bytes (UTF-8) of words in one item, and of what is kept for its screen; the raw record keeps what is cut."""

LONGEST_KEY = 400
"""Characters of the source's own key of an item, of its thread and of what it answers."""

LONGEST_RECORD = 5_000_000
"""Bytes of one line or message; a longer one is a row error and is not held in memory."""

LARGEST_MAIL = 36_000_000
"""Bytes that are held of one mail: the 25 MB of files that most servers take, as mail writes them; of a longer one the
lines of files are left out and the files named."""

ATTACHED_BYTES = 10_000_000
"""Bytes that all files of one item may come to; what is over is named and left out."""

MOST_ATTACHED = 50
"""Files of one item."""

LONGEST_HEADER = 10_000
"""Characters of one header of a mail that are read."""

LONGEST_DATE = 100
"""Characters of a written date."""

LARGEST_DOCUMENT = 100_000_000
"""Bytes of a file that is one JSON document and has to be held whole."""

MOST_UNPACKED = 100
"""Times its size to which a packed file may grow; texts pack to a tenth, bombs to a thousandth."""

ALWAYS_UNPACKED = 50_000_000
"""Bytes to which any packed file may grow, however small it is."""

EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)
"""Nothing is said before; an earlier instant is a fault of a clock or of an export."""

AHEAD = timedelta(hours=24)
"""How far an instant may lie in the future: so far clocks and zones differ."""

READ_SECONDS = 5.0
"""Seconds of processor time for one record of an import; the longest honest ones need a fifth of it."""

LOOK_SECONDS = 1.0
"""The same while somebody waits for a preview."""

READ_MEMORY = 768 * 2**20
"""Bytes of data that the child which reads files may hold; the model that tells languages takes 80 MB, and twice that
while it is loaded."""

SMALL_BODY = 100_000
"""Bytes of a webhook's body that are read where the request is answered."""


def is_blank(text: str) -> bool:
    """Whether nothing of it can be seen: blanks, signs without a width or a shape, control characters."""
    return all(unicodedata.category(each)[0] in "CZ" for each in text)

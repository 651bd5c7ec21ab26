"""What the index holds of customers: folded words of what other rooms keep; `erase` takes them out.

The words themselves lie in `search_words` (SQLite) and in the column `words` (PostgreSQL), which no model shows.
"""

from collections.abc import Mapping

from bpm.foundation.personal_data import TableData, free

DATA: Mapping[str, TableData] = {
    "search_document": TableData(
        free("A kind of this product, and a hash of what is erased with its words.", "kind digest")
    ),
    "search_waiting": TableData(free("A kind of this product.", "kind")),
    "search_filled": TableData(free("A kind of this product.", "kind")),
}
"""Table -> what it holds."""

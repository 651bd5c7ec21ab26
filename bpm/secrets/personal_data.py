"""What the tables of this room hold of customers: nothing."""

from collections.abc import Mapping

from bpm.foundation.personal_data import TableData, free

DATA: Mapping[str, TableData] = {
    "secret": TableData(
        free("Sealed passwords and tokens of our own systems.", "owner_kind owner_key key_id nonce ciphertext")
    ),
}
"""Table -> what it holds."""

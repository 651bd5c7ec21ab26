"""Sets of words as they are written in the lists of this package: by blanks."""


def words(written: str) -> frozenset[str]:
    """Each word of the list once."""
    return frozenset(written.split())

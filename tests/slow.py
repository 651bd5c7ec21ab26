"""Which tests `make quick` leaves to `make test`: by what they need, and files that work for long."""

import pytest

PLACES = (
    "tests/e2e/",
    "tests/faults/",
    "tests/migrations/",
    "tests/engine/spiff/test_plain_library.py",
    "tests/engine/spiff/test_random_migrations.py",
    "tests/engine/spiff/test_random_models.py",
    "tests/engine/spiff/test_random_repairs.py",
    "tests/engine/spiff/test_state.py",
    "tests/engine/instances/test_hostile.py",
    "tests/engine/definitions/test_hostile_forms.py",
    "tests/engine/instances/test_hostile_models.py",
    "tests/engine/definitions/test_hostile_uploads.py",
    "tests/engine/definitions/test_real_files.py",
    "tests/feedback/classification/test_training.py",
    "tests/feedback/imports/test_hostile_records.py",
)
FIXTURES = frozenset({"postgres_server", "own_cluster", "chromium", "address"})
NAMES = frozenset({"subprocess", "multiprocessing", "running", "served"})
"""What a test module imports when it starts processes or listens on a port."""


LONGEST = ("tests/e2e/test_screens.py", "tests/migrations/", "tests/faults/", "tests/e2e/")
"""What takes minutes, the longest first."""


def how_late(item: pytest.Item) -> int:
    """When to begin with it: the longest first, then what is slow, then all else."""
    for turn, place in enumerate(LONGEST):
        if item.nodeid.startswith(place):
            return turn
    return len(LONGEST) + (not item.nodeid.startswith(PLACES))


def is_slow(item: pytest.Item) -> bool:
    """Whether the test needs a database server, a browser or processes, or works for long."""
    if item.nodeid.startswith(PLACES) or FIXTURES & set(getattr(item, "fixturenames", ())):
        return True
    callspec = getattr(item, "callspec", None)
    if callspec is not None and callspec.params.get("database") == "postgresql":
        return True
    return bool(NAMES & set(vars(getattr(item, "module", object))))

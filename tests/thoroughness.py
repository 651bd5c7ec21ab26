"""How often the random tests try: as `make test` does, or EARSHOT_TEST_EFFORT times as often (`make proof`)."""

import os
from collections.abc import Callable
from typing import TypeVar

import pytest
from hypothesis import HealthCheck, settings

TIMES = int(os.environ.get("EARSHOT_TEST_EFFORT", "1"))
"""1: the same examples in every run. More: so many times the examples, other ones in each run."""
_Test = TypeVar("_Test", bound=Callable[..., object])

settings.register_profile(
    "earshot",
    max_examples=100 * TIMES,
    derandomize=TIMES == 1,
    database=None,
    deadline=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def examples(number: int) -> Callable[[_Test], _Test]:
    """So many random examples, times the effort; `make proof` runs the test and says how many they were."""

    def mark(test: _Test) -> _Test:
        return pytest.mark.proof(examples=number * TIMES)(settings(max_examples=number * TIMES)(test))

    return mark

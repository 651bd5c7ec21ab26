"""Each shipped process in turn."""

import pytest

from tests.processes.shipped.folders import KEYS


@pytest.fixture(params=KEYS)
def key(request: pytest.FixtureRequest) -> str:
    return str(request.param)

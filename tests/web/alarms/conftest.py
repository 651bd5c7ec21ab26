"""The web tests' browser over the process tests' live process."""

from tests.processes.conftest import go_live

__all__ = ["go_live"]

"""The web tests' browser over two versions of a process with a history that is known."""

from tests.processes.conftest import advocate, go_live, say, trigger
from tests.processes.verdicts.conftest import drawn, manager, registered, rollout, versions

__all__ = ["advocate", "drawn", "go_live", "manager", "registered", "rollout", "say", "trigger", "versions"]

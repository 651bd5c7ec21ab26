"""The web tests' browser over the process tests' live process and talking customers."""

from tests.processes.conftest import advocate, go_live, say, statements, suffer, trigger

__all__ = ["advocate", "go_live", "say", "statements", "suffer", "trigger"]

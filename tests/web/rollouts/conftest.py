"""The web tests' browser over a live process and a second version of it that every department signed."""

from tests.processes.conftest import advocate, go_live, say, statements, trigger
from tests.processes.rollouts.conftest import candidate, control, roll_out

__all__ = ["advocate", "candidate", "control", "go_live", "roll_out", "say", "statements", "trigger"]

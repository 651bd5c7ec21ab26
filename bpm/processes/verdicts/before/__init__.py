"""What is asked before a change: how many cases it takes, and whether equal versions would be found equal."""

from bpm.processes.verdicts.before.forecasting import Foreseen, Wish, foresee, power_with
from bpm.processes.verdicts.before.self_test import SelfTest, a_against_a

__all__ = ["Foreseen", "SelfTest", "Wish", "a_against_a", "foresee", "power_with"]

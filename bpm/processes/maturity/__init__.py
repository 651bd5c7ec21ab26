"""How mature the company's listening is, computed from evidence in the system: levels as data, and their checks."""

from bpm.processes.maturity.levels import LEVELS, CheckResult, Level, LevelResult, Maturity, level_of, maturity_of

__all__ = ["LEVELS", "CheckResult", "Level", "LevelResult", "Maturity", "level_of", "maturity_of"]

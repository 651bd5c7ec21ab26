"""What expressions and scripts do with the variables that they read, from which the kind of each can be told."""

from bpm.engine.expressions.uses.reading import uses_of, uses_of_script
from bpm.engine.expressions.uses.use import ITEM, Path, Use

__all__ = ["ITEM", "Path", "Use", "uses_of", "uses_of_script"]

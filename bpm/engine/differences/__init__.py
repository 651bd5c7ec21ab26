"""What differs between two bundles."""

from bpm.engine.differences.parts import Change, Difference, difference

__all__ = ["Change", "Difference", "difference"]

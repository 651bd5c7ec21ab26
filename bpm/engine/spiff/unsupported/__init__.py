"""What the run side does not execute as the standard says: named at upload, so that nothing runs wrongly in silence."""

from bpm.engine.spiff.unsupported.refusals import refusals

__all__ = ["refusals"]

"""What is done in a model, step by step, and which step of one file is which of another."""

from bpm.engine.differences.steps.course import Course, counterparts, course_from_plain, course_of

__all__ = ["Course", "counterparts", "course_from_plain", "course_of"]

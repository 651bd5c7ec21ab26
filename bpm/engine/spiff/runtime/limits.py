"""What one step may use up."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """What one step may use up before it becomes a Failure of cause budget."""

    runs: int = 10_000
    """Elements run."""
    tokens: int = 10_000
    """Tokens alive at once, waiting ones included."""
    jobs: int = 200
    """Jobs of one element in one scope that follow each other without anything from outside."""
    depth: int = 100
    """Scopes inside scopes, calls included."""
    thrown: int = 1_000
    """Messages and signals thrown out of the instance."""
    seconds: float = 2.0


DEFAULT_LIMITS = Limits()

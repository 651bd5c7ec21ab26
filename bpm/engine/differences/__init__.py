"""What differs between two bundles: pure, over bytes and JSON values; called in the bounded child."""

from bpm.engine.differences.model import Change, Difference, from_plain
from bpm.engine.differences.models import compare_models

__all__ = ["Change", "Difference", "compare_models", "from_plain"]

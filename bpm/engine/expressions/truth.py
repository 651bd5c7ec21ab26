"""What a condition came to: true, false, or a failure that says what it is, by the rule of its language.

Sources: OMG DMN 1.5 table 54 (null is not true); Camunda 7 and Flowable refuse what is no boolean, null included; in
SpiffWorkflow's models Python's truth holds, where a text that is not empty would be true whatever it says.
"""

from typing import Any

from bpm.engine.expressions.coercion import spoken
from bpm.foundation.errors import ExpressionError


def truth(language: str, value: Any) -> bool | None:
    """Whether a condition holds that came to `value`; None is FEEL's null, which is not true.

    The language "" is what the first release saved: it took Python's truth for everything. Raises ExpressionError.
    """
    if isinstance(value, bool):
        return value
    if language == "":
        return bool(value)
    if language == "feel" and value is None:
        return None
    if language == "python" and not isinstance(value, str):
        return bool(value)
    raise ExpressionError(
        f"It came to {spoken(value)}, not to true or false.",
        remedy="Compare it with a value, as in x = 5 or x == 5.",
    )

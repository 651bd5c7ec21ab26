"""What is said about an uploaded model: one Finding per problem or change, with its element and a remedy."""

from dataclasses import asdict, dataclass
from typing import Any, Literal

Severity = Literal["error", "warning", "info"]


@dataclass(frozen=True)
class Finding:
    """One thing a designer must or should know about the uploaded file.

    `error` blocks the deployment, `warning` names what was assumed or will not be executed as perhaps meant,
    `info` notes a harmless normalisation. `element` is the id as written in the file ("" for the file itself),
    `line` is 1-based (0 when unknown). `before` and `after` show a normalisation word for word.
    """

    code: str
    severity: Severity
    message: str
    remedy: str
    element: str = ""
    name: str = ""
    line: int = 0
    before: str = ""
    after: str = ""

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)

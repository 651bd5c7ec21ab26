"""Whose rows a step writes, and on whose behalf."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Place:
    """Whose rows are written, on whose behalf."""

    instance_id: int
    version_id: int
    process_id: str
    called: Mapping[str, int] = field(default_factory=dict)
    """{process id: version id} of called processes that other definitions brought."""
    targets: Mapping[str, str] | None = None
    """Service targets of the process, empty for none; None where nobody read them with the instance."""
    acted: str | None = None
    """uid of the visit that the command acted on; its closing is the actor's doing."""
    settled: bool = False
    """The command has written the waiting row of `acted` itself: nothing else can wait under that uid."""

"""What a poll or a sending is given of a connection."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bpm.foundation.http.client import OutboundClient


@dataclass(frozen=True)
class Connection:
    """What one poll is given; `cursor` is empty at the first one. `trial`: only look, change nothing over there."""

    settings: Mapping[str, str]
    cursor: Mapping[str, Any]
    door: OutboundClient
    now: datetime
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)
    trial: bool = False

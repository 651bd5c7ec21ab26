"""Everything that one version of a process is made of."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Bundle:
    """The files of a version: its model as it came, forms by key, DMN files by name, test cases and triggers."""

    file_name: str
    source: bytes
    forms: Mapping[str, Any]
    decisions: Mapping[str, bytes]
    tests: Sequence[Mapping[str, Any]]
    triggers: Sequence[Mapping[str, Any]] = ()

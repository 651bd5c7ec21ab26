"""Compiled specs kept once by content hash, through the library's converter registry."""

import hashlib
from collections import OrderedDict
from collections.abc import Iterable
from threading import Lock
from typing import Any

import orjson
import zstandard
from SpiffWorkflow.bpmn.serializer.helpers.bpmn_converter import BpmnConverter
from SpiffWorkflow.bpmn.serializer.helpers.registry import DefaultRegistry

from bpm.engine.spiff import compilation
from bpm.engine.spiff.specs.model import PROCESS, Model
from bpm.engine.spiff.specs.process import Element, ProcessSpec

_MAX_CACHED = 512
"""Specs that one process keeps."""


class ProcessSpecConverter(BpmnConverter):  # type: ignore[misc]  # the library has no types
    """Our process spec as a dictionary and back."""

    def to_dict(self, spec: ProcessSpec) -> dict[str, Any]:
        elements = [self.registry.convert(element) for element in spec.elements.values()]
        return {"name": spec.name, "description": spec.description, "elements": elements}

    def from_dict(self, dct: dict[str, Any]) -> ProcessSpec:
        spec = ProcessSpec(dct["name"], dct["description"])
        for element in dct["elements"]:
            self.registry.restore(element, spec=spec)
        spec.start = spec.task_specs[PROCESS]
        return spec.index()


class ElementConverter(BpmnConverter):  # type: ignore[misc]  # the library has no types
    """Any of our task specs: its model is all there is to know."""

    def to_dict(self, element: Element) -> dict[str, Any]:
        return {"model": element.model.to_plain()}

    def from_dict(self, dct: dict[str, Any], spec: ProcessSpec) -> Element:
        model = Model.from_plain(dct["model"])
        return self.target_class(spec, model.id, model, lane=model.lane)  # type: ignore[no-any-return]  # the library has no types


def _registry() -> DefaultRegistry:
    registry = DefaultRegistry()
    ProcessSpecConverter(ProcessSpec, registry)
    for cls in sorted(compilation.all_classes(), key=lambda cls: cls.__name__):
        ElementConverter(cls, registry)
    return registry


_REGISTRY = _registry()


def dump_spec(spec: ProcessSpec) -> tuple[str, bytes]:
    """(content hash, compressed blob) of a spec; the same model gives the same hash in every process."""
    content = orjson.dumps(_REGISTRY.convert(spec), option=orjson.OPT_SORT_KEYS)
    return hashlib.sha256(content).hexdigest()[:32], zstandard.compress(content)


def load_spec(blob: bytes) -> ProcessSpec:
    """The spec of a blob made by `dump_spec`."""
    return _REGISTRY.restore(orjson.loads(zstandard.decompress(blob)))  # type: ignore[no-any-return]  # the library has no types


class SpecCache:
    """Specs of this process by hash, least recently used first out; specs are never changed after loading."""

    def __init__(self) -> None:
        self._specs: OrderedDict[str, ProcessSpec] = OrderedDict()
        self._lock = Lock()

    def put(self, spec_hash: str, spec: ProcessSpec) -> None:
        """Remember a spec."""
        with self._lock:
            self._specs[spec_hash] = spec
            self._specs.move_to_end(spec_hash)
            while len(self._specs) > _MAX_CACHED:
                self._specs.popitem(last=False)

    def find(self, spec_hash: str) -> ProcessSpec | None:
        """The spec of that hash, if this process has it."""
        with self._lock:
            spec = self._specs.get(spec_hash)
            if spec is not None:
                self._specs.move_to_end(spec_hash)
            return spec

    def missing(self, hashes: Iterable[str]) -> list[str]:
        """Which of the hashes have to be loaded."""
        return [spec_hash for spec_hash in hashes if self.find(spec_hash) is None]

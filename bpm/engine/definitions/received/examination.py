"""A bundle looked over as a whole, once: its model, its forms, what of it does not fit, and its tests."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import orjson

from bpm.engine.bpmn.model import Prepared
from bpm.engine.decisions import as_text
from bpm.engine.definitions.bundle import Bundle
from bpm.engine.definitions.check import check
from bpm.engine.definitions.deployment import run_tests
from bpm.engine.definitions.process_tests import CaseResult
from bpm.engine.definitions.received.references import check_references


@dataclass(frozen=True)
class Examined:
    """A bundle with everything that there is to say of it."""

    bundle: Bundle
    prepared: Prepared
    """With the findings about its parts."""
    results: tuple[CaseResult, ...]

    @property
    def red(self) -> tuple[CaseResult, ...]:
        return tuple(result for result in self.results if result.outcome != "pass")


def examine(bundle: Bundle, *, like: Examined | None = None) -> Examined:
    """The bundle, checked and tested, outside any transaction; what was found of the same one before is taken as it is.

    Never raises for bad input, and takes as long as `check` does, and its tests.
    """
    if like is not None and digest_of(like.bundle) == digest_of(bundle):
        return replace(like, bundle=bundle)
    prepared = check(bundle.source, bundle.file_name, decisions=bundle.decisions, forms=bundle.forms)
    prepared = replace(prepared, findings=(*prepared.findings, *check_references(prepared, bundle)))
    results = run_tests(prepared, bundle.tests) if prepared.deployable else ()
    return Examined(bundle, prepared, tuple(results))


def digest_of(bundle: Bundle) -> str:
    """SHA-256 over everything that a check or a test looks at."""
    rest: Sequence[Any] = [
        bundle.file_name,
        bundle.forms,
        {name: as_text(content) for name, content in bundle.decisions.items()},
        [dict(case) for case in bundle.tests],
    ]
    parts = orjson.dumps(rest, option=orjson.OPT_SORT_KEYS)
    return hashlib.sha256(hashlib.sha256(bundle.source).digest() + parts).hexdigest()

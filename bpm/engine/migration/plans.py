"""Plans for changing instances over to another version: proposed, shown, edited, checked, and kept as plain JSON."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from bpm.engine.definitions.version_cache import Bindings, Runnable, provide_specs, runnable
from bpm.engine.models import ProcessVersion
from bpm.engine.spiff.migration import versions
from bpm.engine.spiff.migration.versions import Fit, Side
from bpm.foundation.errors import InvalidInputError, NotFoundError
from bpm.foundation.work import Work


@dataclass(frozen=True)
class MigrationPlan:
    """Which element of one version stands for which of another; what is left out has no counterpart."""

    from_version_id: int
    to_version_id: int
    mapping: Mapping[str, str] = field(default_factory=dict)
    """{element now: element then}, ids as drawn."""

    def as_json(self) -> dict[str, Any]:
        """{"from_version_id", "to_version_id", "mapping"}, as `plan_from_json` reads it."""
        return {
            "from_version_id": self.from_version_id,
            "to_version_id": self.to_version_id,
            "mapping": dict(self.mapping),
        }

    @property
    def renamed(self) -> dict[str, str]:
        """The part of the mapping that an element's id does not say by itself."""
        return {now: then for now, then in self.mapping.items() if now != then}


def plan_from_json(value: Any) -> MigrationPlan:
    """A plan as JSON gives it back; InvalidInputError says which part is wrong."""
    remedy = "Take what `earshot versions plan` prints and change its mapping."
    if not isinstance(value, Mapping):
        raise InvalidInputError("A plan is a JSON object.", remedy=remedy)
    ids = [each for name in ("from_version_id", "to_version_id") if type(each := value.get(name)) is int]
    if len(ids) != 2:
        raise InvalidInputError("A plan names two versions by their ids.", place="from_version_id", remedy=remedy)
    mapping = value.get("mapping", {})
    if not isinstance(mapping, Mapping) or not all(isinstance(t, str) for pair in mapping.items() for t in pair):
        raise InvalidInputError("A mapping leads from element ids to element ids.", place="mapping", remedy=remedy)
    return MigrationPlan(ids[0], ids[1], dict(mapping))


def propose_plan(work: Work, from_version_id: int, to_version_id: int) -> MigrationPlan:
    """The plan in which an element stands for itself, or, renamed, for the only one that can be meant."""
    old, new = sides(work, from_version_id, to_version_id)
    return MigrationPlan(from_version_id, to_version_id, versions.proposed(old, new))


def check_plan(work: Work, plan: MigrationPlan) -> list[Fit]:
    """Each element now with its counterpart, and why no token can change over from it.

    InvalidInputError names an element of the mapping that its version does not have.
    """
    old, new = sides(work, plan.from_version_id, plan.to_version_id)
    found = versions.fits(old, new, plan.mapping)
    known = {fit.element for fit in found}
    then = {fit.element for fit in versions.fits(new, old, {})}
    for now, after in plan.mapping.items():
        for element, ids, which in ((now, known, "now"), (after, then, "then")):
            if element not in ids:
                raise InvalidInputError(
                    f"The version {which} has no element {element!r}.",
                    place="mapping",
                    remedy="Choose one of its elements, or leave the line out.",
                )
    return found


def sides(work: Work, from_version_id: int, to_version_id: int) -> tuple[Side, Side]:
    """The two versions, as instances of the first one's primary process see them; they must be of one process."""
    old, new = find_runnable(work, from_version_id), find_runnable(work, to_version_id)
    demand_same_process(old, new)
    return side(work, old), side(work, new, process_id=counterpart(old, new, old.primary))


def counterpart(old: Runnable, new: Runnable, process_id: str) -> str | None:
    """The process of `new` that stands for one of `old`: that of its id; the primary one under another id; or none."""
    if process_id in new.specs:
        return process_id
    return new.primary if process_id == old.primary else None


def demand_same_process(old: Runnable, new: Runnable) -> None:
    """InvalidInputError unless both are versions of one process, and different ones."""
    if old.key != new.key:
        raise InvalidInputError(
            f"Version {old.version_id} is one of {old.key!r}, version {new.version_id} of {new.key!r}.",
            remedy="Choose two versions of the same process.",
        )
    if old.version_id == new.version_id:
        raise InvalidInputError("Both are the same version.", remedy="Choose another one to change over to.")


def find_runnable(work: Work, version_id: int) -> Runnable:
    """A version in whatever status; NotFoundError."""
    content_hash = work.session.scalar(select(ProcessVersion.content_hash).where(ProcessVersion.id == version_id))
    if content_hash is None:
        raise NotFoundError(f"There is no process version {version_id}.")
    return runnable(work, version_id, content_hash)


def side(work: Work, chosen: Runnable, *, process_id: str | None = None, bindings: Bindings | None = None) -> Side:
    """A version as an instance with those bindings sees it."""
    compiled = provide_specs(work, chosen.compiled(process_id, bindings))
    return Side(compiled, frozenset(chosen.specs), chosen.forms)

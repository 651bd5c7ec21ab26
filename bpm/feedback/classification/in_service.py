"""Which trained pipeline is in service and since when, read from its folder: no spaCy is loaded for it."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bpm.foundation.settings import Settings

SHIPPED = Path(__file__).parent / "model"
"""The pipeline that comes with the product."""


@dataclass(frozen=True)
class ModelInService:
    """The classifier that reads what comes in from now on."""

    version: str
    """As it stands in the classifications that it makes."""
    since: datetime | None
    """When it was put in service here, UTC; None for the shipped one, which is there from the beginning."""


def folder_put_in_service(settings: Settings) -> Path:
    """Where the pipeline stands that was trained and put in service here, if there is one."""
    return settings.home / "classifier"


def folder_of_topics(settings: Settings) -> Path:
    """Where the company's own topics stand once trained; without them the pipeline in service names topics."""
    return settings.home / "topics"


def path_in_service(settings: Settings) -> Path:
    """Folder of the pipeline to use: the one set, else the one put in service here, else the shipped one."""
    if settings.model_path is not None:
        return settings.model_path
    trained = folder_put_in_service(settings)
    return trained if (trained / "config.cfg").is_file() else SHIPPED


def find_model_in_service(settings: Settings) -> ModelInService | None:
    """The pipeline in service; None when the folder that is set holds none, or is being replaced just now."""
    folder = path_in_service(settings)
    try:
        described = folder / "meta.json"
        meta = json.loads(described.read_bytes())
        written = described.stat().st_mtime
        version = f"{meta['name']}-{meta['version']}"
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return ModelInService(version, None if folder == SHIPPED else datetime.fromtimestamp(written, UTC))


@dataclass(frozen=True)
class ModelFigures:
    """What a pipeline says of itself: how many items it learned, and how it did on items held out."""

    version: str
    items: int
    languages: tuple[str, ...]
    accuracy: tuple[tuple[str, float], ...]
    """What it reads -> share right on items held out, 0 to 1."""
    coverage: float | None
    """Share of items that it answers without a person."""
    topics: int
    """How many topics of the company's own it knows; 0 for a pipeline of kinds."""


def figures_of(settings: Settings) -> tuple[ModelFigures, ...]:
    """The pipeline in service, and that of the company's own topics when there is one."""
    found = (_figures(folder / "meta.json") for folder in (path_in_service(settings), folder_of_topics(settings)))
    return tuple(each for each in found if each is not None)


def _figures(described: Path) -> ModelFigures | None:
    try:
        meta = json.loads(described.read_bytes())
        told = meta.get("earshot", {})
        right = told.get("accuracy", {})
        topics = len(told.get("topics", ()))
        return ModelFigures(
            version=f"{meta['name']}-{meta['version']}",
            items=int(told.get("items", 0)),
            languages=tuple(told.get("languages", ("en",))),
            accuracy=tuple((right if isinstance(right, dict) else {"topic": right}).items()),
            coverage=told.get("coverage"),
            topics=topics,
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None

"""The model in service: what it learned from, how well it does, what people overrule, how sure it is month by month."""

from dataclasses import dataclass
from datetime import datetime

from bpm.feedback import classification, queries
from bpm.feedback.classification import ModelFigures, ModelInService
from bpm.feedback.queries import ChannelDrift, Confusion
from bpm.identity import Permission
from web.core.rendering import render
from web.core.request_context import work
from web.core.security import needs
from web.inbox.blueprint import blueprint


@dataclass(frozen=True)
class ModelPage:
    """What inbox/model.html shows."""

    in_service: ModelInService | None
    figures: tuple[ModelFigures, ...]
    confusions: tuple[Confusion, ...]
    months: tuple[datetime, ...]
    channels: tuple[ChannelDrift, ...]


@blueprint.get("/model")
@needs(Permission.SEE_FEEDBACK)
def model() -> str:
    settings = work().settings
    months, channels = queries.drift(work())
    return render(
        "inbox/model.html",
        ModelPage(
            classification.find_model_in_service(settings),
            classification.figures_of(settings),
            queries.confusions(work()),
            months,
            channels,
        ),
    )

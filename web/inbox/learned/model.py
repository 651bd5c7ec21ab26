"""The model in service: what it learned from, how well it does, what people overrule, how sure it is month by month."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from werkzeug.wrappers import Response

from bpm.feedback import classification, queries
from bpm.feedback.classification import KindTrainingRow, ModelFigures, ModelInService
from bpm.feedback.queries import ChannelDrift, Confusion
from bpm.foundation.texts import _
from bpm.identity import Permission
from web.core.rendering import go, render, say
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
    corrected: int
    """Corrections that a training would learn."""
    trainings: tuple[KindTrainingRow, ...]
    parts: Mapping[str, str]
    """What a model reads of an item, in words."""


PARTS = {
    "kinds": _("all kinds that fit"),
    "primary": _("main kind"),
    "sentiment": _("mood"),
    "urgency": _("urgency"),
    "topic": _("topic"),
}


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
            classification.count_corrected(work()),
            tuple(classification.list_kind_trainings(work())),
            PARTS,
        ),
    )


@blueprint.post("/model/learn")
@needs(Permission.IMPORT)
def learn_kinds() -> Response:
    classification.start_kind_training(work())
    say(_("The corrections are being learned. The new model goes into service when it is not worse."))
    return go("inbox.model")

"""What `earshot train`, `evaluate` and `classify` do with a company's own topics."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bpm.cli import emit
from bpm.foundation.settings import Settings

if TYPE_CHECKING:
    from bpm.feedback.classification.train.corpus import Labelled


def teach_topics_alone(items: Sequence["Labelled"]) -> bool:
    """Whether the items have topics and say nothing of kinds."""
    return any(item.topic for item in items) and not any(item.kinds for item in items)


def learn_topics(items: Sequence["Labelled"], out: Path | None, *, as_json: bool) -> bool:
    """Train on the items' topics and write the pipeline to `out` or into service; False when it is not as good."""
    from bpm.feedback.classification import service
    from bpm.feedback.classification.train.topics import train_topics

    trained = train_topics(items)
    report: dict[str, Any] = {
        "model": f"{trained.nlp.meta['name']}-{trained.nlp.meta['version']}",
        "items": trained.items,
        "topics": trained.topics,
        "out_of_fold": {"topic": round(trained.accuracy, 4)},
        "threshold": round(trained.threshold, 4),
    }
    fit = True
    if out is None:
        fit = report["in_service"] = service.topics_not_worse(trained, Settings())
        if fit:
            report["path"] = str(service.put_topics_in_service(trained.nlp, Settings()))
    else:
        trained.nlp.to_disk(out)
        report["path"] = str(out)
    _say_learned(report, as_json=as_json)
    return fit


def _say_learned(report: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        emit(report)
        return
    click.echo(f"{report['model']}: learned {report['topics']} topics from {report['items']} items.")
    click.echo(f"Right on items held out: {report['out_of_fold']['topic']:.1%}.")
    if "in_service" in report:
        click.echo(
            "In service now." if report["in_service"] else "Not as good as the topics in service: nothing changed."
        )
    if "path" in report:
        click.echo(f"Written to {report['path']}")


def evaluate_topics(nlp: Any, items: Sequence["Labelled"], outside: Sequence["Labelled"], *, as_json: bool) -> None:
    """Print how well the topics of `items` are found, and how many of `outside` are told apart."""
    from bpm.feedback.classification.train.topic_figures import topic_figures

    figures = topic_figures(nlp, items, outside)
    if as_json:
        emit({"model": f"{nlp.meta['name']}-{nlp.meta['version']}", **figures})
        return
    click.echo(f"{figures['items']} items, {nlp.meta['name']}-{nlp.meta['version']}")
    click.echo(f"right {figures['accuracy']:6.1%}  macro-F1 {figures['macro_f1']:.3f}")
    for share, right in figures["coverage"].items():
        click.echo(f"the surest {float(share):.0%}: right {right:6.1%}")
    if "out_of_scope" in figures:
        apart = figures["out_of_scope"]
        click.echo(f"losing {apart['lost']:.1%} of them catches {apart['caught']:.1%} of what belongs to no topic")

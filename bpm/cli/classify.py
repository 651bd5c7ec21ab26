"""`earshot classify`, `train` and `evaluate`: the classifier as a tool."""

import sys
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from itertools import islice
from pathlib import Path
from typing import Any

import click
import orjson

from bpm.cli import company_topics, emit
from bpm.cli.server import heap
from bpm.feedback.care import complexity_of, masked_in, sensitivity_of
from bpm.feedback.classification.said import Said
from bpm.feedback.classification_result import ClassificationResult, Evidence
from bpm.feedback.language import detect
from bpm.foundation.errors import InvalidInputError
from bpm.foundation.settings import Settings

BATCH = 256


@click.command()
@click.option("--model", type=click.Path(path_type=Path), default=None, help="Folder of a trained pipeline.")
@click.option("--json", "as_json", is_flag=True, help="The output always is JSON Lines; accepted for likeness.")
def classify(model: Path | None, as_json: bool) -> None:
    """Read JSON Lines {"text", "channel", "question", "rating"} from standard input; print one JSON object per line.

    Only the text must be there; a survey's answer is read with its question, and a rating counts.

    Each has kinds (those that hold, the primary one first), probabilities, primary, sentiment (-1..1), urgency (0..3),
    topic, confidence (0..1), abstained, model, evidence [{start, end, text, label, weight}] and the id that came in,
    if any; aspects [{start, end, kind, topic, sentiment, text}] where parts speak of different things; a note: language
    not read, language not sure, no known words; complexity and sensitivity. A line that cannot be read gives
    {"error", "line"} and exit code 1 at the end; the rest is done.
    """
    from bpm.feedback.classification import service
    from bpm.feedback.classification.pipeline import pipeline

    nlp = pipeline.load(model or service.path_in_service(Settings()))
    heap.settle()
    failed = False
    for batch in _batches(_lines(sys.stdin.buffer)):
        good = [line for line in batch if "error" not in line]
        answered = (_topic_answers if pipeline.knows_topics_alone(nlp) else _answers)(nlp, good)
        answers = [line if "error" in line else next(answered) for line in batch]
        failed = failed or any("error" in answer for answer in answers)
        sys.stdout.buffer.write(b"".join(orjson.dumps(answer) + b"\n" for answer in answers))
        sys.stdout.buffer.flush()
    if failed:
        sys.exit(1)


@click.command()
@click.option("--data", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Labelled JSON Lines.")
@click.option("--out", type=click.Path(path_type=Path), help="Write the pipeline here instead of into service.")
@click.option("--only", is_flag=True, help="Learn --data only, not the shipped items and the corrections.")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON document.")
def train(data: Path | None, out: Path | None, only: bool, as_json: bool) -> None:
    """Train the classifier on the shipped items, people's corrections, and --data if given.

    Without --out the new pipeline is put in service, unless it is worse than the one it would replace on items that
    neither learned; then nothing is changed and the exit code is 1.

    When the items of --data (JSON Lines, or CSV with the columns text and topic) have topics and no kinds, topics alone
    are learned: a topic is a path, "Delivery / Late". What kind an item is, is read as before.
    """
    from bpm.feedback.classification import service
    from bpm.feedback.classification.pipeline import pipeline
    from bpm.feedback.classification.train import corpus
    from bpm.feedback.classification.train import train as training

    named = corpus.read_labelled(data) if data else []
    topics_alone = company_topics.teach_topics_alone(named)
    items = named if only or topics_alone else [*corpus.read_shipped(), *_corrections(), *named]
    if topics_alone:
        if not company_topics.learn_topics(named, out, as_json=as_json):
            sys.exit(1)
        return
    if not any(item.kinds for item in items):
        raise InvalidInputError("there is nothing to learn from.", remedy="Give items with kinds by --data.")
    trained = training.train(items)
    report: dict[str, Any] = {
        "model": f"earshot-{trained.nlp.meta['version']}",
        "items": trained.items,
        "threshold": round(trained.threshold, 4),
        "out_of_fold": {name: round(share, 4) for name, share in trained.accuracy.items()},
        "answered": round(trained.coverage, 4),
    }
    if out is not None:
        trained.nlp.to_disk(out)
        _report({**report, "path": str(out)}, as_json=as_json)
        return
    settings = Settings()
    comparison = service.compare(pipeline.load(service.path_in_service(settings)), items, trained)
    report["comparison"] = {"older": comparison.older, "newer": comparison.newer, "n": comparison.n}
    report["in_service"] = comparison.not_worse
    if comparison.not_worse:
        report["path"] = str(service.put_in_service(trained.nlp, settings))
    _report(report, as_json=as_json)
    if not comparison.not_worse:
        sys.exit(1)


@click.command()
@click.argument("data", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--model", type=click.Path(path_type=Path), default=None, help="Folder of a trained pipeline.")
@click.option("--out-of-scope", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Of no topic.")
@click.option("--json", "as_json", is_flag=True, help="Print all figures as a JSON document.")
def evaluate(data: Path, model: Path | None, out_of_scope: Path | None, as_json: bool) -> None:
    """Say how well the classifier reads the labelled items of the JSON Lines file DATA.

    Items have text and whichever labels are there: kinds (primary first) or primary, sentiment, urgency, topic; and
    channel and source, by which the figures are also given. A pipeline of topics alone is judged by topic: right,
    macro-F1, right among the surest, and what it tells apart of --out-of-scope, items that belong to no topic.
    """
    from bpm.feedback.classification import service
    from bpm.feedback.classification.pipeline import pipeline
    from bpm.feedback.classification.train import corpus, evaluation

    nlp = pipeline.load(model or service.path_in_service(Settings()))
    items = corpus.read_labelled(data)
    if pipeline.knows_topics_alone(nlp):
        outside = corpus.read_labelled(out_of_scope) if out_of_scope else []
        company_topics.evaluate_topics(nlp, items, outside, as_json=as_json)
        return
    figures = evaluation.figures(evaluation.judge(nlp, items))
    if as_json:
        emit({"model": f"earshot-{nlp.meta['version']}", **figures})
        return
    click.echo(f"{figures['items']} items, earshot-{nlp.meta['version']}")
    for head in ("primary", "kinds", "sentiment", "urgency", "topic"):
        if head in figures:
            one = figures[head]
            share = one.get("accuracy", one.get("all_the_same"))
            click.echo(f"{head:<10} n {one['n']:>6}  right {share:6.1%}  macro-F1 {one['macro_f1']:.3f}")
    for name, value in figures.get("certainty", {}).items():
        click.echo(f"{name:<22} {value}")
    for name, one in {**figures.get("by_source", {}), **figures.get("by_channel", {})}.items():
        click.echo(f"{name:<22} n {one['n']:>6}  right {one['accuracy']:6.1%}  macro-F1 {one['macro_f1']:.3f}")


def _lines(stream: Iterable[bytes]) -> Iterator[dict[str, Any]]:
    for number, line in enumerate(stream, start=1):
        if not line.strip():
            continue
        try:
            record = orjson.loads(line)
        except orjson.JSONDecodeError as error:
            yield {"error": f"not JSON: {error}", "line": number}
            continue
        if not isinstance(record, dict) or not isinstance(record.get("text"), str):
            yield {"error": 'expected an object with a string "text"', "line": number}
            continue
        yield {name: record[name] for name in ("id", "text", "channel", "question", "rating") if name in record}


def _said(line: dict[str, Any]) -> Said:
    """What of a line is read; a circumstance that is no word or number counts as unknown."""
    channel, question, rating = line.get("channel"), line.get("question"), line.get("rating")
    return Said(
        line["text"],
        channel if isinstance(channel, str) else "",
        question if isinstance(question, str) else "",
        float(rating) if isinstance(rating, int | float) and not isinstance(rating, bool) else None,
        *detect(line["text"]),
    )


def _batches(lines: Iterator[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    while batch := list(islice(lines, BATCH)):
        yield batch


def _answers(nlp: Any, lines: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    from bpm.feedback.classification.pipeline import pipeline

    for line, reading in zip(lines, pipeline.read(nlp, map(_said, lines)), strict=True):
        yield _answer(line, reading)


def _topic_answers(nlp: Any, lines: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    from bpm.feedback.classification.pipeline import pipeline

    version = f"{nlp.meta['name']}-{nlp.meta['version']}"
    for line, reading in zip(lines, pipeline.read_topics(nlp, map(_said, lines)), strict=True):
        yield {**({"id": line["id"]} if "id" in line else {}), **asdict(reading), "model": version}


def _answer(line: dict[str, Any], reading: ClassificationResult) -> dict[str, Any]:
    from bpm.feedback.classification.pipeline.linear_heads import holding

    return {
        **({"id": line["id"]} if "id" in line else {}),
        "kinds": holding(reading),
        "probabilities": reading.kinds,
        "primary": reading.primary,
        "sentiment": reading.sentiment,
        "urgency": reading.urgency,
        "topic": reading.topic,
        "confidence": reading.confidence,
        "abstained": reading.abstained,
        "model": reading.model_version,
        "evidence": [_span(one) for one in reading.evidence],
        "aspects": [{**asdict(one), "text": line["text"][one.start : one.end]} for one in reading.aspects],
        "note": reading.note or None,
        "complexity": complexity_of(reading.topic).level.value,
        "sensitivity": sensitivity_of(masked_in(line["text"]), reading.topic).level.value,
    }


def _span(one: Evidence) -> dict[str, Any]:
    return {"start": one.start, "end": one.end, "text": one.text, "label": one.label, "weight": one.weight}


def _corrections() -> list[Any]:
    from bpm import schema
    from bpm.app import build
    from bpm.feedback.classification.train.corrected_items import corrections

    app = build()
    schema.upgrade(app.database, settings=app.settings)
    with app.unit_of_work.reading() as work:
        return corrections(work)


def _report(report: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        emit(report)
        return
    click.echo(f"{report['model']}: learned {report['items']} items.")
    right = ", ".join(f"{head} {share:.1%}" for head, share in report["out_of_fold"].items())
    click.echo(f"Right on sources held out: {right}. Answers {report['answered']:.0%} of them without a person.")
    if "comparison" in report:
        pair = report["comparison"]
        click.echo(f"On {pair['n']} items: {pair['older']:.1%} before, {pair['newer']:.1%} now.")
        click.echo("In service now." if report["in_service"] else "Not shown to be as good: nothing was changed.")
    if "path" in report:
        click.echo(f"Written to {report['path']}")

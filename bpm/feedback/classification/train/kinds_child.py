"""The child process that learns kinds from corrections: bounded in memory, nothing written to disk.

A request is two frames: the folder of the pipeline in service, and the corrections as JSON. The answer is two, too:
how both did on items that neither learned, as JSON, and the new pipeline as bytes.
"""

from typing import BinaryIO

import orjson

from bpm.foundation.bounded_child import bound_memory, frames, read_frame, write_frame

MEMORY = 4 << 30


def main() -> None:
    """Answer requests until the parent is gone."""
    requests, answers = frames()
    bound_memory(MEMORY)
    while (folder := read_frame(requests)) is not None:
        lessons = read_frame(requests)
        if lessons is None:
            return
        _learn(folder.decode(), lessons, answers)


def _learn(folder: str, lessons: bytes, answers: BinaryIO) -> None:
    # Loaded once the parent knows that the child is there: on a busy machine it takes a while.
    from pathlib import Path

    from bpm.feedback.classification import service
    from bpm.feedback.classification.pipeline.pipeline import load
    from bpm.feedback.classification.train.corpus import Labelled, read_shipped
    from bpm.feedback.classification.train.train import train

    corrected = [Labelled(**lesson | {"kinds": tuple(lesson["kinds"])}) for lesson in orjson.loads(lessons)]
    items = [*read_shipped(), *corrected]
    trained = train(items)
    compared = service.compare(load(Path(folder)), items, trained)
    report = {
        "version": f"{trained.nlp.meta['name']}-{trained.nlp.meta['version']}",
        "items": trained.items,
        "corrected": len(corrected),
        "older": round(compared.older, 4),
        "newer": round(compared.newer, 4),
        "n": compared.n,
        "not_worse": compared.not_worse,
    }
    write_frame(answers, orjson.dumps(report))
    write_frame(answers, trained.nlp.to_bytes())


if __name__ == "__main__":
    main()

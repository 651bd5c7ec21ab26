"""The child process that learns topics from a file of examples: bounded in memory, nothing written to disk.

A request is two frames: the file's name and the file. The answers are frames, too: `p` and JSON says how far it is,
`f` and JSON why it cannot be learned, `r` and JSON how it did, then the pipeline as bytes.
"""

from typing import BinaryIO

import orjson

from bpm.foundation.bounded_child import bound_memory, frames, read_frame, write_frame
from bpm.foundation.errors import InvalidInputError

MEMORY = 3 << 30


def main() -> None:
    """Answer requests until the parent is gone."""
    requests, answers = frames()
    bound_memory(MEMORY)
    while (name := read_frame(requests)) is not None:
        content = read_frame(requests)
        if content is None:
            return
        try:
            _learn(name.decode(), content, answers)
        except InvalidInputError as error:
            told = f"{error.place}: {error.message}" if error.place else str(error.message)
            write_frame(answers, b"f" + orjson.dumps({"problem": f"{told} {error.remedy}".strip()}))


def _learn(name: str, content: bytes, answers: BinaryIO) -> None:
    # Loaded once the parent knows that the child is there: on a busy machine it takes a while.
    from bpm.feedback.classification.train.corpus import read_content
    from bpm.feedback.classification.train.topics import train_topics

    items = read_content(content, name)
    told = [item for item in items if item.topic]
    read = {"items": len(told), "topics": len({item.topic for item in told})}
    write_frame(answers, b"p" + orjson.dumps(read))
    trained = train_topics(told)
    version = f"{trained.nlp.meta['name']}-{trained.nlp.meta['version']}"
    report = read | {"accuracy": trained.accuracy, "threshold": trained.threshold, "version": version}
    write_frame(answers, b"r" + orjson.dumps(report))
    write_frame(answers, trained.nlp.to_bytes())


if __name__ == "__main__":
    main()

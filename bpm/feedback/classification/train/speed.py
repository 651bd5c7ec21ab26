"""How fast texts are read: bare `nlp.pipe` beside the product's own way, on the same pipeline and texts."""

from time import perf_counter

from bpm.feedback.classification.pipeline import pipeline
from bpm.feedback.classification.train import corpus


def classification_speed(*, texts: int = 1500, longest: int = 200) -> dict[str, float]:
    """{"pipe_per_s", "classify_per_s", "classify_share"} over short texts of the shipped corpus, after a warm-up."""
    nlp = pipeline.load()
    short = [item for item in corpus.read_labelled() if len(item.text) <= longest][:texts]
    said, channels = [item.text for item in short], [item.channel for item in short]
    for _ in nlp.pipe(said):
        pass
    start = perf_counter()
    for _ in nlp.pipe(said):
        pass
    middle = perf_counter()
    for _ in pipeline.classify(nlp, said, channels):
        pass
    bare, product = len(said) / (middle - start), len(said) / (perf_counter() - middle)
    return {
        "pipe_per_s": round(bare),
        "classify_per_s": round(product),
        "classify_share": round(product / bare, 3),
    }

"""Which language words are in is told with the library's model, which takes no more memory than its tables."""

import subprocess
import sys

import pytest
from py3langid.langid import MODEL_FILE, LanguageIdentifier

from bpm.feedback.language import detect

TOLD = [
    ("Das Paket kam zwei Tage zu spät und niemand ging ans Telefon.", "de"),
    ("Le colis est arrivé avec deux jours de retard.", "fr"),
    ("荷物が二日遅れて届きました。", "ja"),
    ("Посылка пришла на два дня позже.", "ru"),
]
TAKEN = """
import resource
from bpm.feedback.language import warm
import numpy, py3langid.langid

before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
warm()
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""


@pytest.mark.parametrize(("text", "code"), TOLD)
def test_a_language_is_told_as_surely_as_the_library_tells_it(text: str, code: str) -> None:
    words = " ".join(text.replace(".", " ").replace("。", " ").split())
    whole = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    found, p = detect(text)
    assert (found, found) == (code, whole.classify(words)[0])
    assert p >= round(float(whole.classify(words)[1]), 4)


@pytest.mark.skipif(sys.platform != "linux", reason="Other systems count the most memory of a process otherwise.")
def test_the_model_never_takes_more_than_its_tables() -> None:
    said = subprocess.run([sys.executable, "-c", TAKEN], check=True, capture_output=True, text=True)
    assert int(said.stdout) < 90_000  # kB; the tables are 68 MB

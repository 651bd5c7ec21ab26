"""`python -m tools.tck FOLDER`: runs the DMN TCK's cases of a folder and counts the answers that are as expected.

The TCK (github.com/dmn-tck/tck) is read from where it lies, and nothing of it is kept here.
"""

from collections import Counter
from pathlib import Path

import click
import orjson

from tools.tck.running import Answer, run_file

WRONG = ("different", "failed", "refused")


@click.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--wrong", is_flag=True, help="List what is not as expected, one a line.")
@click.option("--json", "as_json", is_flag=True, help="Print counts and what is wrong as JSON.")
def tck(folder: Path, *, wrong: bool, as_json: bool) -> None:
    """Decide every case under FOLDER, such as TestCases/compliance-level-2."""
    answers = [answer for file in sorted(folder.rglob("*.xml")) for answer in run_file(file)]
    counts: Counter[str] = Counter(answer.outcome for answer in answers)
    missed = [answer for answer in answers if answer.outcome in WRONG]
    if as_json:
        rows = [answer.as_dict() for answer in missed]
        click.echo(orjson.dumps({"cases": len(answers), "counts": counts, "wrong": rows}).decode())
        return
    for answer in missed if wrong else ():
        click.echo(_line(answer))
    told = ", ".join(f"{counts[name]} {name}" for name in WRONG)
    click.echo(f"{folder.name}: {counts['right']} of {len(answers)} answers are as expected; {told}.")


def _line(answer: Answer) -> str:
    return f"{answer.outcome:<9} {answer.file} {answer.case} {answer.node}: {answer.detail[:200]}"


if __name__ == "__main__":
    tck()

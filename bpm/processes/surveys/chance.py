"""Whether and when somebody is asked, by chance: the same for the same matter however often it is drawn. Pure."""

from collections.abc import Sequence
from hashlib import sha256


def draw(salt: str, episode_id: int, *, share: int, hours: Sequence[int]) -> tuple[bool, int]:
    """(whether they are asked, after how many hours); `share` in percent, `hours` to choose one of."""
    number = int.from_bytes(sha256(f"survey {salt} {episode_id}".encode()).digest()[:8], "big")
    choices = tuple(hours) or (0,)
    return number % 100 < share, choices[number // 100 % len(choices)]

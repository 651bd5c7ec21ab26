"""Replay: finished cases run once more, in memory, through another version: same answers, results, messages, clock."""

from bpm.engine.replay.replaying import replay, sweep_replays
from bpm.engine.replay.verdicts import KINDS, Replayed, replay_words

__all__ = ["KINDS", "Replayed", "replay", "replay_words", "sweep_replays"]

"""Honest figures, pure: shares with intervals, control charts, verdicts, bursts over a seasonal baseline."""

from bpm.statistics.figures import (
    ONE_CHANNEL_RULES,
    PERCENTILES_FROM,
    SHOWN_FROM,
    Durations,
    Share,
    SourceMix,
    durations,
    percentile,
    share,
    source_mix,
)
from bpm.statistics.many import Alarms, Look, alarms, benjamini_hochberg

__all__ = [
    "ONE_CHANNEL_RULES",
    "PERCENTILES_FROM",
    "SHOWN_FROM",
    "Alarms",
    "Durations",
    "Look",
    "Share",
    "SourceMix",
    "alarms",
    "benjamini_hochberg",
    "durations",
    "percentile",
    "share",
    "source_mix",
]

"""Honest figures, pure: shares with intervals, bursts over a seasonal baseline (`bursts`)."""

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

__all__ = [
    "ONE_CHANNEL_RULES",
    "PERCENTILES_FROM",
    "SHOWN_FROM",
    "Durations",
    "Share",
    "SourceMix",
    "durations",
    "percentile",
    "share",
    "source_mix",
]

"""Rollouts as plain values, for commands and programs: how they stand, cases by arm, whether the split fits."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from bpm.foundation.work import Work
from bpm.processes.rollouts.ratio import SampleRatio, astray_of, ratios_of
from bpm.processes.rollouts.reading import ArmCount, RolloutRow, counts_of


def as_plain(work: Work, row: RolloutRow) -> Mapping[str, Any]:
    """All that commands and programs are told of a rollout."""
    return all_as_plain(work, [row])[0]


def all_as_plain(work: Work, rows: Sequence[RolloutRow]) -> list[Mapping[str, Any]]:
    """The same of many, in three statements however many they are."""
    them = [row.rollout for row in rows]
    ids = [each.id for each in them]
    counts, ratios, astray = counts_of(work, ids), ratios_of(work, them), astray_of(work, ids)
    return [
        _plain(
            row, counts[row.rollout.id], ratios[row.rollout.id], [case.instance_id for case in astray[row.rollout.id]]
        )
        for row in rows
    ]


def _plain(
    row: RolloutRow, arms: tuple[ArmCount, ArmCount], ratio: SampleRatio, astray: list[int]
) -> Mapping[str, Any]:
    it = row.rollout
    return {
        "rollout": it.id,
        "process": it.definition_key,
        "status": str(it.status),
        "way": str(it.way),
        "unit": str(it.unit),
        "variable": it.variable,
        "versions": {"control": row.control_number, "candidate": row.candidate_number},
        "share": it.steps[it.step] if it.steps else None,
        "steps": list(it.steps),
        "stages": list(it.stages),
        "waits_for_second_person": it.asked,
        "arms": {str(each.arm): {**asdict(each), "ended": each.ended} for each in arms},
        "sample_ratio": {"p": ratio.p, "alarm": ratio.alarm, "words": ratio.words},
        "in_both_arms": astray,
        "reason": it.reason,
        "started_at": it.started_at.isoformat(),
        "ended_at": it.ended_at.isoformat() if it.ended_at else None,
    }

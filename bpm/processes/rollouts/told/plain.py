"""A rollout as plain values, for commands and programs: how it stands, its cases by arm, whether the split fits."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from bpm.foundation.work import Work
from bpm.processes.rollouts.ratio import in_both_arms, sample_ratio
from bpm.processes.rollouts.reading import RolloutRow, count_arms


def as_plain(work: Work, row: RolloutRow) -> Mapping[str, Any]:
    """All that commands and programs are told of a rollout."""
    it = row.rollout
    ratio = sample_ratio(work, it)
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
        "arms": {str(each.arm): {**asdict(each), "ended": each.ended} for each in count_arms(work, it.id)},
        "sample_ratio": {"p": ratio.p, "alarm": ratio.alarm, "words": ratio.words},
        "in_both_arms": [each.instance_id for each in in_both_arms(work, it)],
        "reason": it.reason,
        "started_at": it.started_at.isoformat(),
        "ended_at": it.ended_at.isoformat() if it.ended_at else None,
    }

"""Who is told of what was done with a rollout: whoever began it, and those whose second word is wanted."""

from sqlalchemy import select

from bpm import notices
from bpm.engine.models import Signature
from bpm.foundation.texts import _
from bpm.foundation.work import Work
from bpm.processes.rollouts.models import Rollout
from bpm.processes.rollouts.words import RolloutVerb

WORDS = {
    RolloutVerb.PAUSED: _("The rollout of %(key)s is paused: %(why)s"),
    RolloutVerb.RULE_MET: _("The rollout of %(key)s has come to its end: decide. %(why)s"),
    RolloutVerb.STOPPED: _("Emergency stop of the rollout of %(key)s: %(why)s"),
    RolloutVerb.STEP_APPROVED: _("The next share of the rollout of %(key)s is in force"),
    RolloutVerb.STEP_REFUSED: _("The next share of the rollout of %(key)s was refused: %(why)s"),
    RolloutVerb.DECISION_REFUSED: _("Your decision on the rollout of %(key)s was refused: %(why)s"),
    RolloutVerb.WENT_LIVE: _("The version of %(key)s that was on trial is live for everybody"),
    RolloutVerb.WITHDRAWN: _("The version of %(key)s that was on trial is withdrawn"),
}
WANTED = {
    RolloutVerb.STEP_ASKED: _("A second person is wanted for the next share of the rollout of %(key)s: %(why)s"),
    RolloutVerb.DECISION_ASKED: _("A second person is wanted for a decision on the rollout of %(key)s: %(why)s"),
}


def tell(work: Work, row: Rollout, verb: RolloutVerb, reason: str) -> None:
    """Notices to whoever has to know; nobody is told of what they did themselves."""
    said = {"key": row.definition_key, "why": reason}
    link, about, key = f"/rollouts/{row.id}", ("rollout", row.id), f"rollout:{row.id}"
    if verb in WORDS and row.created_by is not None:
        notices.raise_for(work, [row.created_by], "verdict", WORDS[verb] % said, link, about=about, key=key)
    if verb not in WANTED:
        notices.mark_done(work, ["signature"], about)
    elif people := _signers(work, row.candidate_version_id):
        notices.raise_for(work, people, "signature", WANTED[verb] % said, link, about=about, key=f"{key}:asked")


def _signers(work: Work, version_id: int) -> list[int]:
    """People who signed the version: they know what it is about."""
    signed = select(Signature.user_id).where(Signature.version_id == version_id, Signature.user_id.is_not(None))
    return [each for each in work.session.scalars(signed.distinct()) if each is not None]

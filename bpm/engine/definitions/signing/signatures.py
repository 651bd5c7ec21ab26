"""A department's word on a draft: signed, taken back by whoever signed, or changes wanted first."""

from sqlalchemy import select

from bpm.engine.definitions.signing.departments import departments_of
from bpm.engine.definitions.signing.on_record import put_on_record, version_for_signing
from bpm.engine.events import ChangesWanted, SignatureWithdrawn, VersionSigned
from bpm.engine.models import ProcessVersion, Signature
from bpm.engine.rules.reasons import demand_reason
from bpm.engine.status import SigningVerb, VersionStatus
from bpm.foundation.errors import ConflictError, ForbiddenError, InvalidInputError, NotFoundError, RefusedError
from bpm.foundation.texts import _
from bpm.foundation.work import Work
from bpm.identity import Permission, demand

CONSOLE = "console"


def sign(work: Work, version_id: int, department: str, *, method: str = "web", content: str | None = None) -> Signature:
    """A department's word for a version: one person signs for one department of theirs, and nobody twice.

    `method` is "web", or "console" where a version was set up with the product. `content` is the content hash that the
    signer was shown: ConflictError where the version has another, or where a newer draft took its place. For a
    department that has signed already the signature that is there is given. EARSHOT_SIGN_FOR_SEVERAL lets a person
    sign for several of their departments; the record then says so.
    """
    version = version_for_signing(work, version_id)
    _demand_department(work, version, department, method=method)
    _refuse_another(version, content)
    given = _given(work, version, department)
    if given is not None:
        return given
    signs_alone = method != CONSOLE and work.actor.is_person
    if signs_alone:
        _demand_draft(version)
    others = _of_person(work, version) if signs_alone else []
    if others and not work.settings.sign_for_several:
        raise RefusedError(
            _("You signed this version for %(department)s already.") % {"department": others[0]},
            remedy=_("One person signs for one department: somebody else has to sign for %(department)s.")
            % {"department": department},
        )
    signature = Signature(
        version_id=version.id,
        department=department,
        user_id=work.actor.user_id,
        signed_at=work.now(),
        method=method,
        content_hash=version.content_hash,
        once_for=work.actor.user_id if signs_alone and not others else None,
    )
    work.session.add(signature)
    work.session.flush()
    put_on_record(work, version, SigningVerb.SIGNED, department, comment=_several(others, department), method=method)
    work.publish(VersionSigned(version.id, department))
    return signature


def withdraw(work: Work, version_id: int, department: str, *, reason: str) -> None:
    """Take one's own signature back, with a reason, while the version is not live."""
    version = version_for_signing(work, version_id)
    _demand_draft(version)
    reason = demand_reason(reason)
    given = _given(work, version, department)
    if given is None:
        raise NotFoundError(_("%(department)s has not signed.") % {"department": department})
    if given.user_id is None or given.user_id != work.actor.user_id:
        raise ForbiddenError(
            _("You did not sign for %(department)s.") % {"department": department},
            remedy=_("Whoever signed takes it back."),
        )
    _take_back(work, version, given, reason)


def want_changes(work: Work, version_id: int, department: str, *, comment: str, content: str | None = None) -> None:
    """A department says what has to change before it signs; its own signature, if it gave one, is taken back."""
    version = version_for_signing(work, version_id)
    _demand_department(work, version, department, method="web")
    _refuse_another(version, content)
    _demand_draft(version)
    comment = demand_reason(comment)
    given = _given(work, version, department)
    if given is not None and given.user_id != work.actor.user_id:
        raise RefusedError(
            _("Somebody else signed for %(department)s.") % {"department": department},
            remedy=_("Talk to them: whoever signed takes it back."),
        )
    if given is not None:
        _take_back(work, version, given, comment)
    put_on_record(work, version, SigningVerb.CHANGES_WANTED, department, comment=comment)
    work.publish(ChangesWanted(version.id, department))


def _take_back(work: Work, version: ProcessVersion, given: Signature, reason: str) -> None:
    work.session.delete(given)
    work.session.flush()
    put_on_record(work, version, SigningVerb.WITHDRAWN, given.department, comment=reason)
    work.publish(SignatureWithdrawn(version.id, given.department))


def _demand_department(work: Work, version: ProcessVersion, department: str, *, method: str) -> None:
    departments = departments_of(work, version.definition_id)
    if department not in departments:
        raise InvalidInputError(
            _("%(department)r is no department that signs.") % {"department": department},
            remedy=_("There are %(departments)s.") % {"departments": ", ".join(departments)},
        )
    if not work.actor.is_person or method == CONSOLE:
        return
    demand(work.actor, Permission.SIGN)
    if department not in work.actor.groups:
        raise ForbiddenError(
            _("You are not in %(department)s.") % {"department": department},
            remedy=_("Somebody who is has to sign for it."),
        )


def _refuse_another(version: ProcessVersion, content: str | None) -> None:
    if content is not None and content != version.content_hash:
        raise ConflictError(
            _("What you were shown is not what this version is."), remedy=_("Read it again, then sign.")
        )


def _demand_draft(version: ProcessVersion) -> None:
    if version.status == VersionStatus.LIVE:
        raise ConflictError(_("Version %(number)s is live already.") % {"number": version.number})
    if version.replaced_by is not None:
        raise ConflictError(
            _("A newer draft took the place of version %(number)s.") % {"number": version.number},
            remedy=_("Read the newer one, and sign that."),
        )


def _given(work: Work, version: ProcessVersion, department: str) -> Signature | None:
    query = select(Signature).where(Signature.version_id == version.id, Signature.department == department)
    return work.session.scalar(query)


def _of_person(work: Work, version: ProcessVersion) -> list[str]:
    """Departments that the person signed this version for."""
    query = select(Signature.department).where(
        Signature.version_id == version.id, Signature.user_id == work.actor.user_id, Signature.method != CONSOLE
    )
    return list(work.session.scalars(query.order_by(Signature.id)))


def _several(others: list[str], department: str) -> str:
    if not others:
        return ""
    return _("One person signed for %(number)s departments: %(names)s.") % {
        "number": len(others) + 1,
        "names": ", ".join([*others, department]),
    }

"""One request: its transaction, its person and the product behind it."""

from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from typing import Any, Literal, cast

from flask import Flask, Response, current_app, g, request
from flask_login import current_user

from bpm.app import App
from bpm.foundation.errors import ConflictError, ForbiddenError
from bpm.foundation.texts import _, ngettext
from bpm.foundation.work import Actor, Work
from bpm.identity import PROVEN_FOR, Permission, Scope, ScopeKind, may, roles_with
from web.core import idempotency
from web.core.on_record import rows as audit_rows

Unit = Literal["request", "own"]

VISITOR = Actor(name="visitor", display_name="")
"""Nobody is signed in."""


@dataclass(frozen=True)
class RouteRequirement:
    """What a route asks for before its view runs."""

    permission: Permission
    unit: Unit
    """`request`: the view runs inside one transaction (GET reads, all else writes); `own`: it opens its own."""
    csrf: bool
    """False only for routes that prove their caller in another way, such as a signature."""
    proof: bool = False
    """Whether the person has to have proven lately who they are."""


class SignInNeededError(ForbiddenError):
    """Nobody is signed in, and the route is not public."""


class ProofNeededError(ForbiddenError):
    """The route asks for a proof of who the person is, and the last one is too long ago."""


class SecondFactorNeededError(ForbiddenError):
    """The person's role asks for a second factor, which they have not set up yet."""


OTHER_SITES = ("cross-site", "same-site")
"""Values of the header Sec-Fetch-Site that no page of ours is behind."""
SCOPED_BY = {
    ("designer", "key"): ScopeKind.PROCESS,
    ("insights", "key"): ScopeKind.PROCESS,
    ("charts", "key"): ScopeKind.PROCESS,
    ("triggers", "key"): ScopeKind.PROCESS,
    ("instances", "instance_id"): ScopeKind.CASE,
}
"""(slice, part of an address) -> what kind of thing it names. Conversations have a page of their own for their guests,
which looks by itself who may open it: the inbox lists all of them."""
WITHOUT_SECOND_FACTOR = ("login.", "profile.second_factor", "assets.", "live.")
"""Endpoints that are open while a second factor is still to be set up, by their beginning."""


class _NothingKept(Exception):  # noqa: N818 (not an error: it carries an answer out of a transaction)
    def __init__(self, response: Response) -> None:
        self.response = response


class EarshotFlask(Flask):
    """Flask with our two rules around every view: a named permission, and one transaction."""

    def __init__(self, name: str, product: App) -> None:
        super().__init__(name, static_folder=None)
        self.product = product

    def dispatch_request(self) -> Any:
        need = self._need()
        if need is None:
            return super().dispatch_request()
        if need.csrf:
            _refuse_other_sites()
            self.extensions["csrf"].protect()
        try:
            return self._by_itself(need) if need.unit == "own" else self._inside(need)
        except ConflictError:
            first = idempotency.answer_of_first(self.product.unit_of_work, actor())
            if first is None:
                raise
            return first

    def _by_itself(self, need: RouteRequirement) -> Any:
        _admit(need)
        return super().dispatch_request()

    def _inside(self, need: RouteRequirement) -> Any:
        """Answer inside one transaction; an answer of 400 and up takes back what was written."""
        try:
            with self._open() as g.work:
                _admit(need)
                response = self.make_response(super().dispatch_request())
                if response.status_code >= 400:
                    raise _NothingKept(response)  # noqa: TRY301
                audit_rows.complete(g.work)
                idempotency.remember(g.work, response)
                return response
        except _NothingKept as undone:
            return undone.response
        finally:
            g.pop("work", None)

    def _open(self) -> AbstractContextManager[Work]:
        unit = self.product.unit_of_work
        return unit.reading() if request.method in {"GET", "HEAD", "OPTIONS"} else unit()

    def _need(self) -> RouteRequirement | None:
        """What the route asks for; None when there is no route. A route that names nothing is closed to all."""
        if request.routing_exception is not None or request.endpoint is None:
            return None
        need = requirement_of(self.view_functions[request.endpoint])
        if need is None:
            raise ForbiddenError(f"The route {request.endpoint} names no permission, so nobody may use it.")
        return need


def _refuse_other_sites() -> None:
    """What changes something comes from this site's own pages, as the browser itself says (Fetch Metadata)."""
    if request.method not in {"GET", "HEAD", "OPTIONS"} and request.headers.get("Sec-Fetch-Site") in OTHER_SITES:
        raise ForbiddenError(_("This form was sent by another site."), remedy=_("Open Earshot and do it there."))


def requirement_of(view: Any) -> RouteRequirement | None:
    """What `@needs` wrote on the view."""
    return cast("RouteRequirement | None", getattr(view, "need", None))


def _admit(need: RouteRequirement) -> None:
    if need.permission is Permission.PUBLIC:
        return
    person = actor()
    if not person.is_person:
        raise SignInNeededError(_("Sign in to see this."))
    if "work" in g:
        g.work.actor = person
    if not (may(person, need.permission) or any(may(person, need.permission, on=each) for each in _things())):
        raise ForbiddenError(
            _("None of your roles lets you do this."),
            remedy=_role_to_ask_for(need.permission),
        )
    _demand_proofs(need)


def _role_to_ask_for(permission: Permission) -> str:
    roles = roles_with(permission)
    words = "Ask an administrator for the role %(roles)s.", "Ask an administrator for one of these roles: %(roles)s."
    return ngettext(*words, len(roles)) % {"roles": ", ".join(role.replace("_", " ") for role in roles)}


def _demand_proofs(need: RouteRequirement) -> None:
    """What the route or the person's role asks for beside being signed in."""
    bearer = current_user.bearer
    if bearer.must_enrol and not (request.endpoint or "").startswith(WITHOUT_SECOND_FACTOR):
        raise SecondFactorNeededError(_("Your role needs a second proof at sign-in. Set it up first."))
    if need.proof and product().clock.now() - bearer.proven_at > PROVEN_FOR:
        raise ProofNeededError(_("Show once more who you are."))


def _things() -> list[Scope]:
    """The things that the address of this request names, for grants that are limited to one."""
    named, (room, _dot, _view) = request.view_args or {}, (request.endpoint or "").partition(".")
    return [
        Scope(kind, str(named[part])) for (where, part), kind in SCOPED_BY.items() if where == room and part in named
    ]


def product() -> App:
    """The product that this web application shows."""
    return cast("EarshotFlask", current_app).product


def work() -> Work:
    """The request's transaction, on behalf of the person who is signed in."""
    return cast("Work", g.work)


def actor() -> Actor:
    """Who is signed in; somebody without a user id, roles and groups when nobody is."""
    kept = g._get_current_object()  # noqa: SLF001 (the proxy would look for it at every attribute)
    known: tuple[Any, Actor] | None = kept.get("acts_as")
    if known is not None and known[0] is kept.get("_login_user"):
        return known[1]
    person = current_user._get_current_object()  # noqa: SLF001
    acts = replace(person.actor if person.is_authenticated else VISITOR, via=audit_rows.origin())
    kept.acts_as = (person, acts)
    return acts

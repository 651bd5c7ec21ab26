"""What a person does about a customer: correct, merge, split, block, consent, and take any of it back."""

from collections.abc import Callable

from flask import request, url_for
from werkzeug.wrappers import Response

from bpm.feedback import people
from bpm.foundation.errors import InvalidInputError
from bpm.foundation.texts import _
from bpm.identity import Permission
from web.core.numbers import key_of
from web.core.rendering import go, go_back, render, say
from web.core.request_context import work
from web.core.security import needs
from web.customers.blueprint import blueprint
from web.customers.page import page_of

Answer = Response | tuple[str, int]


def _done(customer_id: int, change: Callable[[], int | None], told: str) -> Answer:
    """Make a change and offer to take it back; the page again with its problem when it does not fit."""
    try:
        change_id = change()
    except InvalidInputError as error:
        return render("customers/customer.html", page_of(customer_id, error)), 400
    if change_id is None:
        say(_("Nothing changed: it says so already."))
    else:
        say(told, undo=url_for("customers.undo", change_id=change_id))
    return go("customers.customer", customer_id=customer_id)


@blueprint.post("/<int:customer_id>/correct")
@needs(Permission.ANSWER)
def correct(customer_id: int) -> Answer:
    given = request.form
    name = given.get("field", "")
    return _done(
        customer_id, lambda: people.correct_customer(work(), customer_id, name, given.get("value", "")), _("Corrected.")
    )


@blueprint.post("/<int:customer_id>/addresses")
@needs(Permission.ANSWER)
def add_address(customer_id: int) -> Answer:
    given = request.form
    return _done(
        customer_id,
        lambda: people.add_address(work(), customer_id, given.get("address", ""), source=given.get("source", "")),
        _("Added. Who writes from there is this customer from now on."),
    )


@blueprint.post("/<int:customer_id>/addresses/<int:point_id>/end")
@needs(Permission.ANSWER)
def end_address(customer_id: int, point_id: int) -> Answer:
    return _done(
        customer_id, lambda: people.end_address(work(), point_id), _("Ended. Nobody is recognised by it any more.")
    )


@blueprint.post("/<int:customer_id>/merge")
@needs(Permission.ANSWER)
def merge(customer_id: int) -> Answer:
    other = key_of(request.form.get("other", "").strip().lstrip("#"))
    reason = request.form.get("reason", "")

    def change() -> int:
        if other is None:
            raise InvalidInputError(_("No other customer was named."), remedy=_("Give the other one's number."))
        return people.merge_customers(work(), other, into=customer_id, reason=reason)

    return _done(customer_id, change, _("They are one now; all of it stands here."))


@blueprint.post("/<int:customer_id>/split")
@needs(Permission.ANSWER)
def split(customer_id: int) -> Answer:
    given = request.form
    points = [key for each in given.getlist("points") if (key := key_of(each)) is not None]
    return _done(
        customer_id,
        lambda: people.split_customer(
            work(), customer_id, points, name=given.get("name", ""), reason=given.get("reason", "")
        ),
        _("They are two now; words, conversations and clocks went along."),
    )


@blueprint.post("/changes/<int:change_id>/undo")
@needs(Permission.ANSWER)
def undo(change_id: int) -> Response:
    row = people.undo_change(work(), change_id)
    say(_("That is taken back; everything is as it was."))
    return go("customers.customer", customer_id=row.customer_id)


@blueprint.post("/<int:customer_id>/block")
@needs(Permission.ANSWER)
def block(customer_id: int) -> Response:
    count = people.block_sender(work(), customer_id, reason=request.form.get("reason", ""))
    say(_("Blocked. Open items that are held apart now: %(count)s.") % {"count": count})
    return go("customers.held")


@blueprint.post("/<int:customer_id>/alike")
@needs(Permission.ANSWER)
def alike(customer_id: int) -> Response:
    count = people.propose_alike(work(), customer_id)
    if count:
        say(_("Customers of a like name: %(count)s. Decide on each.") % {"count": count})
        return go("customers.proposals")
    say(_("Nobody has a name like this one."))
    return go("customers.customer", customer_id=customer_id)


@blueprint.post("/<int:customer_id>/addresses/<int:point_id>/consents")
@needs(Permission.ANSWER)
def give_consent(customer_id: int, point_id: int) -> Answer:
    given = request.form
    try:
        people.give_consent(
            work(), point_id, purpose=given.get("purpose", ""), channel=given.get("channel", ""),
            given_by=given.get("given_by", ""),
        )  # fmt: skip
    except InvalidInputError as error:
        return render("customers/customer.html", page_of(customer_id, error)), 400
    say(_("Written down."))
    return go("customers.customer", customer_id=customer_id)


@blueprint.post("/<int:customer_id>/consents/<int:consent_id>/withdraw")
@needs(Permission.ANSWER)
def withdraw_consent(customer_id: int, consent_id: int) -> Response:
    people.withdraw_consent(work(), consent_id)
    say(_("Withdrawn: the address is not used for that any more."))
    return go_back("customers.customer", customer_id=customer_id)

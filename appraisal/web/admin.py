"""Accounts and the trail, for administrators."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from appraisal.models import Role
from appraisal.services import administering, auditing, histories, invitations, personal_data, second_steps, verifying
from appraisal.services.accounts import NO_PASSWORD
from appraisal.services.errors import DomainError
from appraisal.services.invitations import Handed
from appraisal.web.downloads import attachment
from appraisal.web.identity import current_actor, sessions, signed_in
from forms.administration import ClosingForm, ErasingForm, InvitationForm, RoleForm
from forms.ids import whole

pages = Blueprint("admin", __name__, url_prefix="/admin")
ENTRIES_A_PAGE = 50
LARGEST_SEQUENCE = 2**31 - 1
REFUSED = 422


@pages.get("/accounts")
@signed_in
def accounts() -> ResponseReturnValue:
    with sessions()() as database:
        listed = administering.list_accounts(database, current_actor())
    return render_template("admin/accounts.html", accounts=listed, no_password=NO_PASSWORD)


@pages.route("/accounts/new", methods=["GET", "POST"])
@signed_in
def new_account() -> ResponseReturnValue:
    actor = current_actor()
    with sessions()() as database:
        listed = administering.list_accounts(database, actor)
    form = InvitationForm()
    if form.validate_on_submit():
        try:
            with sessions()() as database:
                made = invitations.invite(
                    database,
                    actor,
                    email=form.email.data or "",
                    name=form.name.data or "",
                    role=Role(form.role.data),
                    organisation=form.organisation.data or "",
                )
        except DomainError as refused:
            form.email.errors = [str(refused)]
        else:
            return _handed(made)
    organisations = sorted({account.organisation.name for account in listed})
    status = REFUSED if form.is_submitted() else 200
    return render_template("admin/new_account.html", form=form, organisations=organisations), status


def _handed(made: Handed) -> ResponseReturnValue:
    """The link, this once: its secret is not stored."""
    address = url_for("account.join_link", secret=made.secret, _external=True)
    return render_template("admin/link.html", made=made, address=address)


@pages.get("/accounts/<uuid:account_id>")
@signed_in
def account(account_id: UUID) -> ResponseReturnValue:
    return _account_page(account_id)


def _account_page(
    account_id: UUID, form: RoleForm | None = None, erasing: ErasingForm | None = None
) -> ResponseReturnValue:
    actor = current_actor()
    with sessions()() as database:
        shown = administering.account_with(database, actor, account_id)
    with sessions()() as database:
        link = invitations.open_link(database, actor, account_id)
    with sessions()() as database:
        step = second_steps.state_of(database, account_id)
    own = shown.id == actor.account_id
    status = 200 if form is None and erasing is None else REFUSED
    return render_template(
        "admin/account.html",
        shown=shown,
        own=own,
        gone=personal_data.erased(shown),
        form=form or RoleForm(formdata=None, role=shown.role.value),
        erasing=erasing or ErasingForm(formdata=None),
        link=link,
        step=step,
        waits=shown.password_hash == NO_PASSWORD,
    ), status


@pages.post("/accounts/<uuid:account_id>/role")
@signed_in
def set_role(account_id: UUID) -> ResponseReturnValue:
    form = RoleForm()
    if not form.validate_on_submit():
        return _account_page(account_id, form)
    with sessions()() as database:
        changed = administering.set_role(database, current_actor(), account_id, Role(form.role.data))
    flash(f"{changed.name} is now {changed.role.value}. Any session open in the former role has ended.", "good")
    return redirect(url_for(".accounts"))


@pages.post("/accounts/<uuid:account_id>/disable")
@signed_in
def disable(account_id: UUID) -> ResponseReturnValue:
    return _closed(account_id, disabled=True)


@pages.post("/accounts/<uuid:account_id>/enable")
@signed_in
def enable(account_id: UUID) -> ResponseReturnValue:
    return _closed(account_id, disabled=False)


@pages.get("/accounts/<uuid:account_id>/data.json")
@signed_in
def data(account_id: UUID) -> ResponseReturnValue:
    """What is stored about the person, to hand over at their request."""
    with sessions()() as database:
        found = personal_data.about(database, current_actor(), account_id)
    return attachment(personal_data.as_json(found).encode(), "personal-data.json", "application/json")


@pages.post("/accounts/<uuid:account_id>/erase")
@signed_in
def erase(account_id: UUID) -> ResponseReturnValue:
    actor = current_actor()
    with sessions()() as database:
        shown = administering.account_with(database, actor, account_id)
    form = ErasingForm()
    if not form.validate_on_submit() or (form.email.data or "").strip().lower() != shown.email:
        form.email.errors = ["Type the e-mail address of the account, so that no other is erased by mistake."]
        return _account_page(account_id, erasing=form)
    with sessions()() as database:
        personal_data.erase(database, actor, account_id)
    flash(
        "The name, the address and what was declared are erased. What was recorded stays, by a former colleague.",
        "good",
    )
    return redirect(url_for(".accounts"))


def _closed(account_id: UUID, *, disabled: bool) -> ResponseReturnValue:
    if ClosingForm().validate_on_submit():
        with sessions()() as database:
            changed = administering.set_disabled(database, current_actor(), account_id, disabled=disabled)
        flash(f"{changed.name} {'can no longer' if disabled else 'can again'} sign in.", "good")
    return redirect(url_for(".accounts"))


@pages.post("/accounts/<uuid:account_id>/link")
@signed_in
def new_link(account_id: UUID) -> ResponseReturnValue:
    if not ClosingForm().validate_on_submit():
        return redirect(url_for(".account", account_id=account_id))
    with sessions()() as database:
        return _handed(invitations.renew(database, current_actor(), account_id))


@pages.post("/accounts/<uuid:account_id>/link/withdraw")
@signed_in
def withdraw_link(account_id: UUID) -> ResponseReturnValue:
    if ClosingForm().validate_on_submit():
        with sessions()() as database:
            withdrawn = invitations.withdraw(database, current_actor(), account_id)
        flash("The link no longer works." if withdrawn else "There was no link that worked.", "good")
    return redirect(url_for(".account", account_id=account_id))


@pages.post("/accounts/<uuid:account_id>/second-step/reset")
@signed_in
def reset_step(account_id: UUID) -> ResponseReturnValue:
    if ClosingForm().validate_on_submit():
        with sessions()() as database:
            changed = administering.reset_second_step(database, current_actor(), account_id)
        flash(f"{changed.name} signs in with the password alone, and can set the second step up again.", "good")
    return redirect(url_for(".account", account_id=account_id))


@pages.get("/audit")
@signed_in
def audit() -> ResponseReturnValue:
    before = request.args.get("before", type=whole)
    if before is not None and not 0 < before <= LARGEST_SEQUENCE:
        before = None
    with sessions()() as database:
        page = auditing.page(database, current_actor(), size=ENTRIES_A_PAGE, before=before)
        head = verifying.head(database, current_actor())
    return render_template("admin/audit.html", page=page, first=before is None, head=head)


@pages.get("/audit.csv")
@signed_in
def audit_csv() -> ResponseReturnValue:
    with sessions()() as database:
        text = histories.trail_csv(database, current_actor())
    return attachment(text.encode("utf-8-sig"), "audit-trail.csv", "text/csv; charset=utf-8")

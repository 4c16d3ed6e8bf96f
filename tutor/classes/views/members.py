"""Members: invited, let go, taken back, helped in with a one-time code."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from tutor import policy
from tutor.accounts.addresses import join_address
from tutor.accounts.reset_code_context import reset_code_context
from tutor.accounts.services import find_person, make_reset_code, signed_in
from tutor.classes.guards import member_of, organised, own_family
from tutor.classrooms.forms import NameForm
from tutor.classrooms.roles import role_name
from tutor.classrooms.selectors import find_invitation
from tutor.classrooms.services import (
    LastTeacher,
    add_child,
    end_invitation,
    invite,
    is_returnable,
    let_go,
)
from tutor.conversations.services import take_back
from tutor.qr import qr_image

# Said to whoever would leave a class or family to nobody.
_LAST = {
    "class": gettext_lazy("Somebody has to stay who looks after it. Invite another teacher first."),
    "family": gettext_lazy("Somebody has to stay who looks after it. Invite another parent first."),
}


@never_cache
@login_required
@require_POST
def invite_people(request: HttpRequest, classroom: UUID) -> HttpResponse:
    """A link into the class, shown this once."""
    person, found = signed_in(request.user), organised(request, classroom)
    role = request.POST.get("role", "")
    if role not in {"student", "teacher"} or not policy.may_invite(person, found, role):
        raise Http404
    link, token = invite(found, role, by=person)
    address = join_address(token)
    context = {
        "classroom": found,
        "link": link,
        "role": role_name(found.kind, role),
        "address": address,
        "qr": qr_image(address),
    }
    return render(request, "classes/invitation.html", context)


@login_required
@require_POST
def end_invite(request: HttpRequest, classroom: UUID, link: UUID) -> HttpResponse:
    found = organised(request, classroom)
    invitation = find_invitation(found, link)
    if invitation is None:
        raise Http404
    end_invitation(invitation, actor=signed_in(request.user))
    messages.success(request, _("The link does not work any more."))
    return redirect("class", classroom)


@login_required
@require_POST
def children(request: HttpRequest, classroom: UUID) -> HttpResponse:
    family, form = own_family(request, classroom), NameForm(request.POST)
    if form.is_valid():
        child = add_child(family, form.cleaned_data["name"], parent=signed_in(request.user))
        messages.success(request, _("%(name)s can come in on the family’s devices.") % {"name": child.shown_name})
    else:
        messages.error(request, _("A name has 1 to 80 characters."))
    return redirect("class", classroom)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def end(request: HttpRequest, classroom: UUID, member: UUID) -> HttpResponse:
    """Asks first; can be taken back."""
    found, person = organised(request, classroom), signed_in(request.user)
    membership = member_of(found, member)
    if request.method != "POST":
        return render(request, "classes/member_end.html", {"classroom": found, "member": membership})
    try:
        let_go(membership, actor=person)
    except LastTeacher:
        messages.error(request, _LAST[found.kind])
        return redirect("class", classroom)
    if not policy.organised(person).filter(pk=found.pk).exists():
        messages.success(request, _("You are no longer in “%(classroom)s”.") % {"classroom": found.name})
        return redirect("home")
    context = {"classroom": found, "member": membership, "returnable": policy.may_take_back(person, membership)}
    return render(request, "classes/member_ended.html", context)


@login_required
@require_POST
def undo(request: HttpRequest, classroom: UUID, member: UUID) -> HttpResponse:
    found = organised(request, classroom)
    person, membership = signed_in(request.user), member_of(found, member)
    if not is_returnable(membership) or not policy.may_take_back(person, membership):
        raise Http404
    take_back(membership, actor=person)
    messages.success(request, _("%(name)s is in again.") % {"name": membership.person.shown_name})
    return redirect("class", classroom)


@never_cache
@login_required
@require_POST
def new_password(request: HttpRequest, person: UUID) -> HttpResponse:
    """A one-time code for somebody who forgot their password, shown this once."""
    actor, other = signed_in(request.user), find_person(person)
    if other is None or not policy.may_help(actor, other):
        raise Http404
    context = {"person": other, **reset_code_context(make_reset_code(actor, other))}
    return render(request, "account/one_time_code.html", context)

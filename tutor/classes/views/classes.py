"""Classes and families: the list, one of them, a new one, a new name."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tutor import policy
from tutor.accounts.services import signed_in
from tutor.classes.guards import organised
from tutor.classes.presenters import invitation_rows, member_rows
from tutor.classrooms.devices import trusted_family
from tutor.classrooms.forms import ClassroomForm, NameForm
from tutor.classrooms.selectors import with_counts
from tutor.classrooms.services import create_classroom, rename_classroom


@login_required
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    person = signed_in(request.user)
    classrooms = with_counts(policy.organised(person))
    if not classrooms and not person.is_administrator:
        raise Http404
    return render(request, "classes/overview.html", {"classrooms": classrooms})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """An administrator founds a class or family: taught by themselves, or by whom they invite."""
    person = signed_in(request.user)
    if not person.is_administrator:
        raise Http404
    form = ClassroomForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return render(request, "classes/new.html", {"form": form})
    cleaned = form.cleaned_data
    teacher = person if cleaned["taught_by_me"] or cleaned["kind"] == "family" else None
    made = create_classroom(cleaned["kind"], cleaned["name"], teacher, actor=person)
    return redirect("class", made.public_id)


@login_required
@require_safe
def classroom(request: HttpRequest, classroom: UUID) -> HttpResponse:
    person, found = signed_in(request.user), organised(request, classroom)
    device_family = trusted_family(request)
    context = {
        "classroom": found,
        "family": found.kind == "family",
        "members": member_rows(person, found),
        "invitations": invitation_rows(found),
        "may_invite_teacher": policy.may_invite(person, found, "teacher"),
        "may_invite_student": policy.may_invite(person, found, "student"),
        "has_others": policy.organised(person).exclude(pk=found.pk).exists(),
        "is_own": policy.taught(person).filter(pk=found.pk).exists(),
        "is_device": device_family is not None and device_family.pk == found.pk,
        "name_form": NameForm(initial={"name": found.name}),
    }
    return render(request, "classes/classroom.html", context)


@login_required
@require_POST
def rename(request: HttpRequest, classroom: UUID) -> HttpResponse:
    found, form = organised(request, classroom), NameForm(request.POST)
    if form.is_valid():
        rename_classroom(found, form.cleaned_data["name"], actor=signed_in(request.user))
        messages.success(request, _("Renamed."))
    else:
        messages.error(request, _("A name has 1 to 80 characters."))
    return redirect("class", classroom)

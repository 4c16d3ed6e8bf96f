"""The languages somebody learns."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tutor.accounts.services import signed_in
from tutor.classrooms.forms import StudyForm, StudySettingsForm
from tutor.classrooms.selectors import find_study, studies_of
from tutor.classrooms.services import add_study, change_study, remove_study
from tutor.languages import language_name
from tutor.profile.presenters import study_row


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """With the first language there is something to talk about: on to the talk."""
    form = StudyForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return render(request, "profile/study_add.html", {"form": form})
    cleaned = form.cleaned_data
    person = signed_in(request.user)
    is_first = not studies_of(person).exists()
    add_study(person, cleaned["language"], cleaned["level"], cleaned["goal"])
    messages.success(request, _("Added: %(language)s.") % {"language": language_name(cleaned["language"])})
    return redirect("talk" if is_first else "profile")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, study: UUID) -> HttpResponse:
    row = find_study(signed_in(request.user), study)
    if row is None:
        raise Http404
    kept = ("level", "goal", "corrections", "correction_kinds")
    form = StudySettingsForm(request.POST or None, initial={name: getattr(row, name) for name in kept})
    if request.method != "POST" or not form.is_valid():
        return render(request, "profile/study.html", {"form": form, "study": study_row(row)})
    cleaned = form.cleaned_data
    change_study(row, cleaned["level"], cleaned["goal"], cleaned["corrections"], cleaned["correction_kinds"])
    messages.success(request, _("Saved. New conversations use it; old ones stay as they were."))
    return redirect("profile")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: HttpRequest, study: UUID) -> HttpResponse:
    """Asks first. The conversations stay."""
    row = find_study(signed_in(request.user), study)
    if row is None:
        raise Http404
    if request.method != "POST":
        return render(request, "profile/study_remove.html", {"study": study_row(row)})
    remove_study(row)
    messages.success(request, _("Removed. Your conversations are still there."))
    return redirect("profile")

"""Coming into a class or a family by a link."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from tutor.accounts.login_as import login_as
from tutor.accounts.services import LinkEnded, signed_in
from tutor.classrooms.roles import role_name
from tutor.classrooms.selectors import membership_in, studies_of, teachers_of
from tutor.classrooms.services import join
from tutor.welcome.forms import FirstLanguageForm
from tutor.welcome.services import invited_to, join_as_new
from tutor.welcome.views.pages import link_ended


@never_cache
@sensitive_post_parameters("password1", "password2")
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Opening spends nothing; a signed-in person joins with a press, a new one with a form."""
    try:
        if request.user.is_authenticated:
            return _as_oneself(request, token)
        return _as_new(request, token)
    except LinkEnded:
        return link_ended(request)


def _as_oneself(request: HttpRequest, token: str) -> HttpResponse:
    person = signed_in(request.user)
    classroom, role = invited_to(token)
    if membership_in(classroom, person) is not None:
        messages.info(request, _("You are in “%(name)s” already.") % {"name": classroom.name})
        return redirect("home")
    if request.method != "POST":
        return render(request, "welcome/join_as_oneself.html", _words(token))
    join(token, person)
    messages.success(request, _("You are in “%(name)s” now.") % {"name": classroom.name})
    learns_nothing = role == "student" and not studies_of(person).exists()
    return redirect("profile" if learns_nothing else "home")


def _as_new(request: HttpRequest, token: str) -> HttpResponse:
    words = _words(token)
    form = FirstLanguageForm(request.POST or None, study_optional=not words["as_student"])
    if request.method == "POST" and form.is_valid():
        try:
            login_as(request, join_as_new(token, form))
            return redirect("home")
        except ValidationError as taken:
            form.add_error(None, taken)
    return render(request, "welcome/join.html", {**words, "form": form})


def _words(token: str) -> dict[str, object]:
    classroom, role = invited_to(token)
    return {
        "classroom": classroom,
        "role": role_name(classroom.kind, role),
        "as_student": role == "student",
        "readers": teachers_of(classroom),
    }

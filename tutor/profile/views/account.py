"""The account: languages of the pages, time, password, sessions."""

from typing import Any

from allauth.account.views import PasswordChangeView
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from tutor.accounts import sessions
from tutor.accounts.forms import NewPasswordForm, ProfileForm
from tutor.accounts.hashing import TooManyAtOnce
from tutor.accounts.services import note_password_change, sign_out_everywhere, signed_in
from tutor.classrooms.forms import StudyForm
from tutor.classrooms.selectors import memberships_of, studies_of
from tutor.profile.presenters import membership_rows, study_rows


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    person = signed_in(request.user)
    form = ProfileForm(request.POST or None, instance=person)
    if request.method == "POST" and form.is_valid():
        form.save()
        with translation.override(person.interface_language or None):
            messages.success(request, _("Saved."))
        return redirect("profile")
    if form.errors:
        # A refused form has written its values into the person that the page's head shows.
        person.refresh_from_db()
    context = {
        "form": form,
        "studies": study_rows(studies_of(person)),
        "add_form": StudyForm(),
        "memberships": membership_rows(memberships_of(person)),
        "has_password": person.has_usable_password(),
    }
    return render(request, "profile/profile.html", context)


@login_required
@require_POST
def everywhere(request: HttpRequest) -> HttpResponse:
    """All other sessions end; this one stays."""
    ended = sign_out_everywhere(signed_in(request.user), keep=request.session.session_key)
    words = _("You are signed out everywhere else.") if ended else _("You were signed in nowhere else.")
    messages.success(request, words)
    return redirect("profile")


class Password(LoginRequiredMixin, PasswordChangeView):
    """A new password by the old one. Who came without one (a child of a family) has nothing to change here."""

    template_name = "profile/password.html"
    success_url = reverse_lazy("profile")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.user.is_authenticated and not request.user.has_usable_password():
            return redirect("profile")
        return super().dispatch(request, *args, **kwargs)

    def get_form(self, form_class: type | None = None) -> Any:
        form = super().get_form(form_class)
        form.label_suffix = ""
        for field in form.fields.values():
            field.widget.attrs.pop("placeholder", None)
        form.fields["oldpassword"].help_text = ""
        form.fields["password1"].help_text = NewPasswordForm.base_fields["password1"].help_text
        return form

    def form_valid(self, form: Any) -> HttpResponse:
        old_key = self.request.session.session_key
        try:
            response = super().form_valid(form)
        except TooManyAtOnce as refused:
            form.add_error(None, refused)
            return self.form_invalid(form)  # type: ignore[no-any-return]
        person = signed_in(self.request.user)
        note_password_change(person, keep=self.request.session.session_key)
        sessions.ended(person, old_key)
        return response  # type: ignore[no-any-return]

"""A new password by a one-time code, typed or followed as a link."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from tutor.accounts.code_rate_limit import count_wrong, may_guess
from tutor.accounts.forms import NewPasswordForm
from tutor.accounts.login_as import login_as
from tutor.accounts.services import LinkEnded, set_password_by_link
from tutor.welcome.forms import CodeForm
from tutor.welcome.services import helped_by
from tutor.welcome.views.pages import link_ended


@never_cache
@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    """Take a typed code. The right one leads to where its link leads; wrong ones are counted."""
    form = CodeForm(request.POST if request.method == "POST" else None)
    status = 200
    if form.is_valid():
        if not may_guess(request):
            form.add_error("code", _("Too many wrong codes came from here. Wait a minute, then try again."))
            status = 429
        elif _opens(form.cleaned_data["code"]):
            return redirect("new-password", form.cleaned_data["code"])
        else:
            count_wrong(request)
            form.add_error("code", _("This code opens nothing. Compare it once more: it works once, within 24 hours."))
    return render(request, "account/code.html", {"form": form}, status=status)


def _opens(typed: str) -> bool:
    try:
        helped_by(typed)
    except LinkEnded:
        return False
    return True


@never_cache
@sensitive_post_parameters("password1", "password2")
@require_http_methods(["GET", "HEAD", "POST"])
def new_password(request: HttpRequest, token: str) -> HttpResponse:
    try:
        person = helped_by(token)
        form = NewPasswordForm(request.POST or None, person=person)
        if request.method != "POST" or not form.is_valid():
            return render(request, "account/new_password.html", {"form": form, "person": person})
        changed = set_password_by_link(token, form.cleaned_data["password_hash"])
    except LinkEnded:
        return link_ended(request)
    login_as(request, changed)
    messages.success(request, _("Your new password is set. Everywhere else you are signed out."))
    return redirect("home")

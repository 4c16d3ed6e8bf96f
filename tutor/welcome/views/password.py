"""A new password by a one-time link."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from tutor.accounts.entrance import enter_as
from tutor.accounts.forms import NewPasswordForm
from tutor.accounts.services import LinkEnded, set_password_by_link
from tutor.welcome.services import helped_by
from tutor.welcome.views.pages import link_ended


@never_cache
@sensitive_post_parameters("password1", "password2")
@require_http_methods(["GET", "HEAD", "POST"])
def new_password(request: HttpRequest, token: str) -> HttpResponse:
    try:
        person = helped_by(token)
        form = NewPasswordForm(request.POST or None, person=person)
        if request.method != "POST" or not form.is_valid():
            return render(request, "account/new_password.html", {"form": form, "person": person})
        changed = set_password_by_link(token, form.cleaned_data["password1"])
    except LinkEnded:
        return link_ended(request)
    enter_as(request, changed)
    messages.success(request, _("Your new password is set. Everywhere else you are signed out."))
    return redirect("home")

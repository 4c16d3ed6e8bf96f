"""Signing in and out: allauth's views, in our words."""

from typing import Any

from allauth.account.views import LoginView, LogoutView
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_safe

from tutor.accounts.services import signed_in, somebody_administers
from tutor.classrooms.devices import trusted_family
from tutor.welcome.way_back import way_back


class SignIn(LoginView):
    """By username and password. Wrong ones all look the same; after some, a pause."""

    template_name = "account/sign_in.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response: HttpResponse = super().dispatch(request, *args, **kwargs)
        if isinstance(response, HttpResponseRedirect) and request.user.is_authenticated:
            return HttpResponseRedirect(way_back(signed_in(request.user), response.url))
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {
            **super().get_context_data(**kwargs),
            "family": trusted_family(self.request),
            "not_set_up": not somebody_administers(),
        }

    def get_form(self, form_class: type | None = None) -> Any:
        form = super().get_form(form_class)
        form.fields["login"].widget.attrs |= {"autocapitalize": "none", "spellcheck": "false"}
        form.label_suffix = ""
        for field in form.fields.values():
            field.widget.attrs.pop("placeholder", None)
        form.fields["password"].help_text = ""
        return form


sign_out = LogoutView.as_view(template_name="account/sign_out.html")


@require_safe
def inactive(request: HttpRequest) -> HttpResponse:
    return render(request, "account/inactive.html", status=403)

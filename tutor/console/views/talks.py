"""Talks whose model is gone are given another one, all of a kind at once."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from tutor.console.guards import administrators_only
from tutor.console.talks import give_another


@login_required
@require_POST
@administrators_only
def another_model(request: HttpRequest) -> HttpResponse:
    host, _between, model = request.POST.get("another", "").partition(" ")
    moved = give_another(request.POST.get("gone", ""), host, model, guided=request.POST.get("guided") == "1")
    if moved is None:
        messages.error(request, _("This model is not there any more. Please choose again."))
    else:
        words = ngettext("%(model)s answers in %(count)s talk now.", "%(model)s answers in %(count)s talks now.", moved)
        messages.success(request, words % {"model": model, "count": moved})
    return redirect("console")

"""People: who is here, as what; and the record of what was done with rights."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tutor.accounts.reset_code_context import reset_code_context
from tutor.accounts.services import make_reset_code
from tutor.audit.chain import broken_at
from tutor.console import persons, selectors
from tutor.console.forms import PersonForm
from tutor.console.guards import administrator, administrators_only
from tutor.console.services import make_person
from tutor.paging import page_of
from tutor.searches import MARK, keep_search, kept_search

PEOPLE_A_PAGE = 50


@login_required
@require_safe
@administrators_only
def people(request: HttpRequest) -> HttpResponse:
    search = kept_search(request, "people")
    page = page_of(selectors.people(search), request, PEOPLE_A_PAGE)
    shown = persons.shown(administrator(request), list(page.object_list))
    return render(request, "console/people.html", {"page": page, "people": shown, "search": search})


@login_required
@require_POST
@administrators_only
def search(request: HttpRequest) -> HttpResponse:
    """Show those of this name. Names stay out of addresses."""
    return redirect(f"{reverse('console-people')}?{MARK}=1" if keep_search(request, "people") else "console-people")


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@administrators_only
def new(request: HttpRequest) -> HttpResponse:
    """An account, and the one-time code with which its person chooses a password."""
    actor, form = administrator(request), PersonForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return render(request, "console/person_new.html", {"form": form})
    person = make_person(form.cleaned_data["username"], form.cleaned_data["name"], actor=actor)
    context = {
        "person": person,
        "back": reverse("console-people"),
        **reset_code_context(make_reset_code(actor, person)),
    }
    return render(request, "account/one_time_code.html", context)


@login_required
@require_safe
@administrators_only
def log(request: HttpRequest) -> HttpResponse:
    page = page_of(selectors.events(), request, selectors.EVENTS_LISTED)
    context = {"page": page, "events": persons.shown_events(list(page.object_list)), "broken": broken_at()}
    return render(request, "console/log.html", context)

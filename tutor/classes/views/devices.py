"""The devices of a family, for its parents."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from tutor.accounts.addresses import device_address
from tutor.accounts.services import signed_in
from tutor.classes.guards import own_family
from tutor.classrooms.devices import mark_device, unmark_device
from tutor.classrooms.services import make_device_link, sign_out_devices, trust_this_device
from tutor.qr import qr_image


@login_required
@require_POST
def this_device(request: HttpRequest, classroom: UUID) -> HttpResponse:
    """The browser in front of the parent becomes the family's. Who is setting the house up goes on to the model."""
    family = own_family(request, classroom)
    trust_this_device(family, parent=signed_in(request.user))
    messages.success(request, _("This is a device of your family now: children come in with a tap on their name."))
    response = redirect("set-up-model" if request.POST.get("then") == "model" else "switch")
    mark_device(response, family)
    return response


@never_cache
@login_required
@require_POST
def device_link(request: HttpRequest, classroom: UUID) -> HttpResponse:
    """A link to open on the other device, shown this once."""
    family = own_family(request, classroom)
    address = device_address(make_device_link(family, parent=signed_in(request.user)))
    context = {"classroom": family, "address": address, "qr": qr_image(address)}
    return render(request, "classes/device_link.html", context)


@login_required
@require_POST
def sign_out_all(request: HttpRequest, classroom: UUID) -> HttpResponse:
    family = own_family(request, classroom)
    sign_out_devices(family, parent=signed_in(request.user))
    messages.success(request, _("All devices of the family are signed out."))
    response = redirect("class", classroom)
    unmark_device(response)
    return response

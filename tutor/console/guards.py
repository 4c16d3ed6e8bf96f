"""What every page of this room asks first. Stands below ``login_required`` and the allowed methods."""

from collections.abc import Callable, Coroutine
from functools import wraps
from typing import Any, cast

from asgiref.sync import sync_to_async
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from tutor.accounts.models import User
from tutor.accounts.services import signed_in

View = Callable[..., HttpResponse]
AsyncView = Callable[..., Coroutine[Any, Any, HttpResponse]]

render_async = sync_to_async(render)


def administrators_only(view: View) -> View:
    """For everybody else there is no such page."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        administrator(request)
        return view(request, *args, **kwargs)

    return guarded


def administrators_only_async(view: AsyncView) -> AsyncView:
    """The same for a view that waits for an engine."""

    @wraps(view)
    async def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        await administrator_async(request)
        return await view(request, *args, **kwargs)

    return guarded


def administrator(request: HttpRequest) -> User:
    """The administrator behind the request."""
    return _refuse_others(signed_in(request.user))


async def administrator_async(request: HttpRequest) -> User:
    return _refuse_others(signed_in(cast("User", await request.auser())))


def _refuse_others(person: User) -> User:
    if not person.is_administrator:
        raise Http404
    return person

"""Long lists, page by page. The part of the page that leads through them is ``templates/parts/pages.html``."""

from collections.abc import Iterator
from typing import Any

from django.core.paginator import Page, Paginator
from django.http import HttpRequest


class NumberedPage(Page):  # type: ignore[type-arg]
    """A page that knows which others to offer: the first, the last and those beside it, with gaps between."""

    @property
    def numbers(self) -> Iterator[str | int]:
        return self.paginator.get_elided_page_range(self.number, on_each_side=1, on_ends=1)


class _NumberedPaginator(Paginator):  # type: ignore[type-arg]
    def _get_page(self, *args: Any, **kwargs: Any) -> NumberedPage:
        return NumberedPage(*args, **kwargs)


def page_of(rows: Any, request: HttpRequest, size: int) -> Any:
    """The page that ``?page=`` asks for, ``last`` included. A number that makes no sense is the first or last page."""
    paginator = _NumberedPaginator(rows, size)
    wanted = request.GET.get("page", "1")
    return paginator.get_page(paginator.num_pages if wanted == "last" else wanted)

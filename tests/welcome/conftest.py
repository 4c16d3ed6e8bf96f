"""Failed sign-ins are counted in the cache: each test begins with none."""

from collections.abc import Iterator

import pytest
from django.core.cache import cache


@pytest.fixture(autouse=True)
def no_counted_failures() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()

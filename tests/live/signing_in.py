"""A class at the door: everybody sends name and password at the same moment."""

from __future__ import annotations

import http.client
import threading
import time
import urllib.parse
from concurrent.futures import ThreadPoolExecutor

from tests.environment import PASSWORD
from tests.live.house import House
from tests.patience import PATIENCE_S

_TOKEN = "t" * 32


def enrol(house: House, people: int) -> list[str]:
    """So many more people with the cast's password; their usernames."""
    names = [f"pupil{number}" for number in range(people)]
    pk = house.rows("select id from accounts_user where username = 'ana'")[0][0]
    for name in names:
        house.copy("accounts_user", pk, username=name)
    return names


def sign_in_at_once(house: House, names: list[str], password: str = PASSWORD) -> list[tuple[float, int]]:
    """For each name the seconds until its answer, counted from the moment at which all sent, and the status."""
    ready = threading.Barrier(len(names))

    def one(name: str) -> tuple[float, int]:
        ready.wait(PATIENCE_S)
        return sign_in(house, name, password)

    with ThreadPoolExecutor(len(names)) as pupils:
        return list(pupils.map(one, names))


def sign_in(house: House, name: str, password: str = PASSWORD) -> tuple[float, int]:
    """Seconds until the answer, and its status: 302 lets in."""
    fields = {"login": name, "password": password, "csrfmiddlewaretoken": _TOKEN}
    headers = {
        "Cookie": f"csrftoken={_TOKEN}",
        "Origin": house.url,
        "Content-Type": "application/x-www-form-urlencoded",
    }
    connection = http.client.HTTPConnection("127.0.0.1", house.port, timeout=2 * PATIENCE_S)
    began = time.monotonic()
    try:
        connection.request("POST", "/sign-in/", urllib.parse.urlencode(fields), headers)
        answer = connection.getresponse()
        answer.read()
    finally:
        connection.close()
    return time.monotonic() - began, answer.status

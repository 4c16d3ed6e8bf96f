"""Passwords are hashed in a queue."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.db import connection
from django.test import Client

from tests.accounts.doors import PASSWORD, client_of, new_person, token_in
from tests.cast import PASSWORD as OLD
from tests.cast import Cast, gather
from tests.patience import until_blocking
from tutor.accounts import hashing
from tutor.accounts.hashing import HashQueue, TooManyAtOnce
from tutor.accounts.links import renew_set_up_link
from tutor.accounts.services import make_reset_code
from tutor.classrooms.services import invite

NEW = {"password1": PASSWORD, "password2": PASSWORD}


@contextmanager
def full_house(queue: HashQueue) -> Iterator[None]:
    """Somebody holds the one slot meanwhile."""
    with queue.slot("elsewhere"):
        yield


def come_in(queue: HashQueue, addresses: list[str], during: Callable[[], None] = lambda: None) -> list[int]:
    """The order in which those who came one after the other, while the slot was taken, got it."""
    order: list[int] = []

    def one(number: int, address: str) -> None:
        with queue.slot(address):
            order.append(number)

    with ThreadPoolExecutor(len(addresses)) as pool:
        comers: list[Future[None]] = []
        with full_house(queue):
            for number, address in enumerate(addresses):
                comers.append(pool.submit(one, number, address))
                until_blocking(lambda: queue.waiting == len(comers))
            during()
    for comer in comers:
        comer.result()
    return order


def test_of_one_address_first_come_first() -> None:
    assert come_in(HashQueue(1, 100, 100), ["school"] * 10) == list(range(10))


def test_each_at_an_address_of_their_own_first_come_first() -> None:
    assert come_in(HashQueue(1, 100, 100), [f"tablet {number}" for number in range(10)]) == list(range(10))


def test_who_asks_often_holds_up_nobody_elsewhere() -> None:
    order = come_in(HashQueue(1, 100, 100), ["stranger"] * 5 + ["ana", "ben"])
    assert order == [0, 5, 6, 1, 2, 3, 4]


def test_as_many_at_once_as_there_are_slots() -> None:
    queue, together = HashQueue(2, 100, 100), threading.Barrier(2)

    def meet() -> None:
        with queue.slot(""):
            together.wait(60)

    with ThreadPoolExecutor(2) as pool:
        for met in [pool.submit(meet) for _ in range(2)]:
            met.result()


@pytest.mark.parametrize(("most", "most_from_one"), [(3, 100), (100, 3)])
def test_too_many_are_told_at_once_and_one_fewer_waits(most: int, most_from_one: int) -> None:
    queue = HashQueue(1, most, most_from_one)

    def one_more() -> None:
        with pytest.raises(TooManyAtOnce), queue.slot("school"):
            pass

    assert come_in(queue, ["school"] * 3, one_more) == [0, 1, 2]
    assert queue.waiting == 0
    with queue.slot("school"):
        pass


@pytest.fixture
def nobody_fits(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The house's own queue is full."""
    queue = HashQueue(1, 0, 0)
    monkeypatch.setattr(hashing, "_queue", queue)
    with full_house(queue):
        yield


SENTENCE = "Too many people are coming in at this moment."


def test_signing_in_says_so_and_counts_no_wrong_password(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    queue = HashQueue(1, 0, 0)
    with monkeypatch.context() as patch, full_house(queue):
        patch.setattr(hashing, "_queue", queue)
        for _ in range(6):
            page = Client().post("/sign-in/", {"login": "ana", "password": OLD})
            assert SENTENCE in page.content.decode()
    assert Client().post("/sign-in/", {"login": "ana", "password": OLD}).status_code == 302


def test_every_other_form_with_a_password_says_so(cast: Cast, nobody_fits: None) -> None:
    _link, join = invite(cast.claras_class, "student", by=cast.clara)
    code = make_reset_code(cast.clara, cast.ben)
    pages = [
        Client().post(f"/join/{join}/", new_person()),
        Client().post(f"/new-password/{code}/", NEW),
        client_of(cast.ana).post("/you/password/", {"oldpassword": OLD, **NEW}),
    ]
    assert [(page.status_code, SENTENCE in page.content.decode()) for page in pages] == [(200, True)] * 3


def test_a_password_that_was_right_and_then_no_slot(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """Changing one's own password hashes twice; the second may find the queue full."""
    hashes = [0]
    encode = PBKDF2PasswordHasher.encode

    def once(self: PBKDF2PasswordHasher, *args: object) -> str:
        hashes[0] += 1
        if hashes[0] > 1:
            raise TooManyAtOnce
        return encode(self, *args)  # type: ignore[arg-type]

    monkeypatch.setattr(hashing.QueuedHasher, "encode", once)
    page = client_of(cast.ana).post("/you/password/", {"oldpassword": OLD, **NEW})
    assert SENTENCE in page.content.decode()


@pytest.mark.django_db(transaction=True)
def test_no_transaction_waits_for_a_hash(monkeypatch: pytest.MonkeyPatch) -> None:
    cast = gather()
    within: list[bool] = []
    encode = PBKDF2PasswordHasher.encode

    def noted(self: PBKDF2PasswordHasher, password: str, salt: str, iterations: int | None = None) -> str:
        within.append(connection.in_atomic_block)
        return encode(self, password, salt, iterations)

    monkeypatch.setattr(PBKDF2PasswordHasher, "encode", noted)
    _link, join = invite(cast.claras_class, "student", by=cast.clara)
    code = make_reset_code(cast.clara, cast.ben)
    answers = [
        Client().post("/sign-in/", {"login": "ana", "password": OLD}),
        Client().post(f"/join/{join}/", new_person()),
        Client().post(f"/new-password/{code}/", NEW),
        client_of(cast.ana).post("/you/password/", {"oldpassword": OLD, **NEW}),
    ]
    type(cast.ada).objects.filter(is_administrator=True).delete()
    link = renew_set_up_link()
    assert link is not None
    answers.append(Client().post(f"/set-up/{token_in(link)}/", new_person(username="olga", kind="me")))
    assert [answer.status_code for answer in answers] == [302] * 5
    assert within == [False] * 6


@pytest.mark.django_db(transaction=True)
def test_a_name_that_somebody_takes_meanwhile_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    cast = gather()
    _link, join = invite(cast.claras_class, "student", by=cast.clara)
    encode = PBKDF2PasswordHasher.encode

    def overtaken(self: PBKDF2PasswordHasher, *args: object) -> str:
        type(cast.ana).objects.get_or_create(username="Nora")
        return encode(self, *args)  # type: ignore[arg-type]

    monkeypatch.setattr(PBKDF2PasswordHasher, "encode", overtaken)
    page = Client().post(f"/join/{join}/", new_person())
    assert page.status_code == 200
    assert "username" in page.context["form"].errors

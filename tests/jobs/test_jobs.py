"""Long work as every administrator sees it: followed, steered, resumed, and honest after a restart."""

from __future__ import annotations

import logging
import threading
from uuid import UUID

import pytest
from django.db import OperationalError
from django.test import Client

from tests.accounts.doors import client_of
from tests.cast import Cast
from tests.jobs.kinds import Counting, counting
from tests.patience import until, until_blocking
from tutor.accounts.models import User
from tutor.database import close_database_threads, in_database
from tutor.jobs import store
from tutor.jobs.models import JobRecord
from tutor.jobs.registry import Registry, registry

__all__ = ["counting"]
LIST = "/console/jobs/"


@pytest.fixture
def ada(cast: Cast) -> Client:
    return client_of(cast.ada)


def shown(client: Client) -> str:
    answer = client.get(LIST)
    assert answer.status_code == 200
    return answer.content.decode()


def press(client: Client, job: UUID, do: str, **fields: str) -> str:
    """Press a button; what the page says then."""
    return client.post(f"{LIST}{job}/", {"do": do, **fields}, follow=True).content.decode()


def state(job: UUID) -> str:
    return registry.progress(JobRecord.objects.get(public_id=job)).state


def begun(cast: Cast, name: str = "to ten", by: User | None = None) -> UUID:
    return registry.begin(Counting(name), by or cast.ada)


def test_every_administrator_sees_how_far_it_is(ada: Client, cast: Cast, counting: type[Counting]) -> None:
    job = begun(cast)
    counting.step(4)
    cast.dora.is_administrator = True
    cast.dora.save()
    other = client_of(cast.dora)
    until_blocking(lambda: "4 of 10" in shown(other))
    for page in (
        shown(other),
        shown(ada),
        ada.get("/console/").content.decode(),
        ada.get("/set-up/model/").content.decode(),
    ):
        assert "to ten" in page
        assert 'value="40"' in page
        assert "counting with care" in page
        assert cast.ada.shown_name in page
        assert "data-running" in page
    counting.step(6)
    until_blocking(lambda: state(job) == "done")
    assert "data-running" not in shown(ada)
    assert JobRecord.objects.get(public_id=job).state == "done"
    press(ada, job, "hide")
    assert "to ten" not in shown(ada)


def test_paused_gone_on_and_cancelled_and_taken_up_again(ada: Client, cast: Cast, counting: type[Counting]) -> None:
    job = begun(cast)
    press(ada, job, "pause")
    until_blocking(lambda: state(job) == "paused")
    counting.step()
    assert 'value="resume"' in shown(ada)
    press(ada, job, "resume")
    until_blocking(lambda: state(job) == "running")
    press(ada, job, "cancel")
    until_blocking(lambda: state(job) == "cancelled")
    assert 'value="discard"' in shown(ada)
    assert "What has come is kept." in shown(ada)
    press(ada, job, "resume")
    counting.step(10)
    until_blocking(lambda: state(job) == "done")
    assert JobRecord.objects.count() == 1


def test_what_was_left_can_be_thrown_away(ada: Client, cast: Cast, counting: type[Counting]) -> None:
    job = begun(cast)
    counting.step(2)
    until_blocking(lambda: "2 of 10" in shown(ada))
    press(ada, job, "cancel")
    until_blocking(lambda: state(job) == "cancelled")
    press(ada, job, "discard")
    assert counting.discarded == ["to ten"]
    assert "to ten" not in shown(ada)


def test_one_of_a_kind_at_a_time(cast: Cast, counting: type[Counting]) -> None:
    begun(cast)
    with pytest.raises(store.Busy):
        begun(cast, "another")
    with pytest.raises(store.Busy):
        begun(cast)


@pytest.mark.parametrize("do", ["resume", "discard", "hide", "explode", ""])
def test_a_button_that_came_too_late_does_no_harm(ada: Client, cast: Cast, counting: type[Counting], do: str) -> None:
    job = begun(cast)
    counting.step(10)
    until_blocking(lambda: state(job) == "done")
    press(ada, job, do)
    assert JobRecord.objects.get(public_id=job).state == "done"
    assert "changed meanwhile" in press(ada, job, "pause")


def test_a_fault_is_told_in_plain_words_and_in_the_servers_own(
    ada: Client, cast: Cast, counting: type[Counting]
) -> None:
    job = begun(cast, "bad one")
    counting.step(3)
    until_blocking(lambda: state(job) == "failed")
    page = shown(ada)
    assert "Three is odd. Nothing was lost." in page
    assert "three is an odd number &lt;b&gt;" in page
    assert "<details" in page
    assert 'value="resume"' in page


def test_what_breaks_inside_is_logged_and_ends(
    ada: Client, cast: Cast, counting: type[Counting], caplog: pytest.LogCaptureFixture
) -> None:
    job = begun(cast, "broken")
    counting.step(3)
    with caplog.at_level(logging.ERROR):
        until_blocking(lambda: state(job) == "failed")
    assert "went wrong inside Polyglott" in shown(ada)
    assert "tests-counting broke" in caplog.text


def test_a_kind_that_is_gone_is_still_shown(ada: Client) -> None:
    job = JobRecord.objects.create(kind="of-old", name="something", state="interrupted", done=1, total=2)
    assert "something" in shown(ada)
    press(ada, job.public_id, "resume")
    press(ada, job.public_id, "hide")
    assert "something" not in shown(ada)


def test_whoever_began_it_may_leave(ada: Client, cast: Cast, counting: type[Counting]) -> None:
    left = User.objects.create_user("leaves", name="Somebody who leaves")
    begun(cast, by=left)
    assert "Somebody who leaves" in shown(ada)
    left.delete()
    assert "Somebody who leaves" not in shown(ada)
    assert "to ten" in shown(ada)


def test_back_to_the_page_it_was_pressed_on(ada: Client, cast: Cast, counting: type[Counting]) -> None:
    job = begun(cast)
    for page, address in (("set-up-model", "/set-up/model/"), ("home", "/console/"), ("//evil", "/console/")):
        answer = ada.post(f"{LIST}{job}/", {"do": "pause", "page": page})
        assert answer.headers["Location"] == address


@pytest.mark.django_db(transaction=True)
async def test_after_a_restart_it_is_interrupted_and_goes_on(counting: type[Counting]) -> None:
    killed, after = Registry(), Registry()
    await killed.start("host:before")
    job = await in_database(lambda: killed.begin(Counting("to ten")))
    counting.step(4)
    await until(lambda: killed._running[job].written.done == 4)
    assert killed._keeper is not None
    killed._keeper.cancel()
    await after.start("host:after")
    row = await JobRecord.objects.aget(public_id=job)
    assert (row.state, row.done, row.total, row.owner) == ("interrupted", 4, 10, "host:before")
    killed._end_all()
    await in_database(lambda: after.again(row))
    counting.step(10)
    await until(lambda: not after._running)
    row = await JobRecord.objects.aget(public_id=job)
    assert (row.state, row.owner) == ("done", "host:after")
    await after.drain()
    await close_database_threads()


@pytest.mark.django_db(transaction=True)
async def test_a_process_that_ends_puts_its_jobs_down(counting: type[Counting]) -> None:
    ending = Registry()
    await ending.start("host:ending")
    job = await in_database(lambda: ending.begin(Counting("to ten")))
    counting.step(2)
    await until(lambda: ending._running[job].job.progress.done == 2)
    await ending.drain()
    row = await JobRecord.objects.aget(public_id=job)
    assert (row.state, row.done) == ("interrupted", 2)
    assert not any(thread.name.startswith("job ") for thread in threading.enumerate())
    await close_database_threads()


@pytest.mark.django_db(transaction=True)
async def test_a_database_that_takes_nothing_does_not_hold_up_the_end(
    counting: type[Counting], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    ending = Registry()
    await ending.start("host:ending")
    await in_database(lambda: ending.begin(Counting("to ten")))

    def full(*_args: object) -> None:
        raise OperationalError("database or disk is full")

    monkeypatch.setattr(store, "note", full)
    await ending.drain()
    monkeypatch.undo()
    assert "could not be written down" in caplog.text
    assert await in_database(store.sweep, "host:after") == 1
    await close_database_threads()

"""A database that refuses: the event is not confirmed, and told again it is handled once."""

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import event as events

from bot.core.events import ChatRef, Pass, Place
from bot.delivery.patience import plain
from bot.errors import StorageError
from tests.journeys.chat import NAME
from tests.journeys.school import ADDRESS, DIAGNOSIS, School

pytestmark = pytest.mark.asyncio(loop_scope="module")
SEND = f"Stuur naar {ADDRESS}"


@contextlib.contextmanager
def pragma(school: School, *words: str) -> Iterator[None]:
    """Put these on every connection of the database for a while."""
    engine = school.app.house.repository._database.engine

    def put(connection: sqlite3.Connection, *_: object) -> None:
        for word in words:
            connection.execute(f"PRAGMA {word}")

    events.listen(engine, "checkout", put)
    try:
        yield
    finally:
        events.remove(engine, "checkout", put)
        engine.dispose()


@contextlib.contextmanager
def locked(school: School) -> Iterator[None]:
    path = school.app.house.repository._database.engine.url.database
    other = sqlite3.connect(str(path), isolation_level=None)
    with pragma(school, "busy_timeout=50"):
        other.execute("BEGIN IMMEDIATE")
        try:
            yield
        finally:
            other.execute("ROLLBACK")
            other.close()


@contextlib.contextmanager
def read_only(school: School) -> Iterator[None]:
    with pragma(school, "query_only=ON"):
        yield


@contextlib.contextmanager
def full(school: School) -> Iterator[None]:
    path = Path(str(school.app.house.repository._database.engine.url.database))
    other = sqlite3.connect(path)
    other.execute("VACUUM")
    (pages,) = other.execute("PRAGMA page_count").fetchone()
    other.close()
    with pragma(school, f"max_page_count={pages}"):
        yield


FAULTS = {"locked": locked, "read only": read_only, "full": full}
SAID = {"locked": "keeps the database locked", "read only": "only be read", "full": "disk is full"}


@pytest.mark.parametrize("fault", FAULTS)
async def test_a_message_the_database_refuses_is_handled_once_when_told_again(
    school: School, fault: str
) -> None:
    event = school.posted(DIAGNOSIS + " " + "x" * 12_000)
    with FAULTS[fault](school):
        for _ in range(2):
            with pytest.raises(StorageError, match=SAID[fault]) as refused:
                await school.tell(event)
            assert "ADHD" not in str(refused.value)
        assert school.chat.tried == []
    for _ in range(2):
        assert await school.tell(event) == Pass()
    await school.settled()
    assert school.chat.removed() == [event.message]
    assert len(school.chat.whispers()) == 1


@pytest.mark.parametrize("fault", ["locked", "read only"])
async def test_a_press_the_database_refuses_works_when_told_again(
    school: School, fault: str
) -> None:
    await school.say(DIAGNOSIS)
    token = school.button(SEND)
    with FAULTS[fault](school), pytest.raises(StorageError, match=SAID[fault]):
        await school.press_token(token)
    assert await school.press_token(token) == Pass()
    assert len(school.mails()) == 1


async def test_a_question_the_database_refuses_is_answered_once_when_told_again(
    school: School,
) -> None:
    event = school.posted("/help", chat=ChatRef(NAME, "private:anna"), place=Place.PRIVATE)
    with read_only(school), pytest.raises(StorageError):
        await school.tell(event)
    await school.tell(event)
    await school.tell(event)
    await school.settled()
    assert len(school.chat.whispers()) == 1


async def test_a_harmless_message_needs_no_room_on_the_disk(school: School) -> None:
    with read_only(school):
        assert await school.say("Wie heeft de sleutel van het magazijn?")


async def test_work_that_cannot_be_handed_on_is_taken_up_by_the_next_look(
    school: School,
) -> None:
    house, event = school.app.house, school.posted(DIAGNOSIS)

    async def refuse(job: object) -> None:
        raise sqlite3.OperationalError("database is locked: INSERT INTO")

    submit = house.submit
    object.__setattr__(house, "submit", plain(refuse))
    try:
        with pytest.raises(StorageError, match="hand on work") as refused:
            await school.tell(event)
    finally:
        object.__setattr__(house, "submit", submit)
    assert "INSERT" not in str(refused.value)
    await school.app.dispatcher.resume()
    await school.settled()
    assert school.chat.removed() == [event.message]
    await school.tell(event)
    await school.settled()
    assert len(school.chat.whispers()) == 1

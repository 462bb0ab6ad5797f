"""One suite over both engines: an SQLite file and a real PostgreSQL, fresh for every test."""

import shutil
import uuid
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest

from bot.core.events import Account, Attachment, AttachmentKind, ChatRef
from bot.core.findings import Finding
from bot.storage.crypto import Keyring
from bot.storage.migrations import upgrade
from bot.storage.records import NewCase, School, StepDraft
from bot.storage.repository import Repository
from bot.storage.tables import Row

NOW = datetime(2026, 11, 24, 9, 15, tzinfo=UTC)
CHAT = ChatRef("demo", "team")
ANNA = Account("demo", "anna-7", "Anna de Vries")
BERT = Account("demo", "bert-8", "Bert Jansen")
SECRET = "a secret that is long enough"
TEXT = "Kenji uit groep 6 heeft weer een paniekaanval gehad"


def new_case(org: str = "org", **changes: object) -> NewCase:
    """A message with everything a message can have."""
    values: dict[str, object] = {
        "org": org,
        "chat": CHAT,
        "message": "m1",
        "sender": ANNA,
        "sent_at": NOW,
        "seen_at": NOW,
        "expires_at": NOW + timedelta(days=3),
        "text": TEXT,
        "quoted": "en wat zei zijn vader?",
        "attachments": (Attachment(AttachmentKind.PHOTO, "ref-1", "kenji.jpg", "image/jpeg", 7),),
        "findings": (Finding("PERSON", 0, 5, 0.9, "names"),),
        "categories": ("health",),
    }
    return NewCase(**{**values, **changes})  # type: ignore[arg-type]


STEPS = (StepDraft("Copy", b"step-one"), StepDraft("Remove", b"step-two", NOW))


@pytest.fixture(scope="session")
def empty_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("storage") / "empty.db"
    upgrade(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def upgraded_postgres(postgres_url: str) -> str:
    """The URL of an upgraded database all tests here share, one after the other."""
    name = f"storage_{uuid.uuid4().hex}"
    with psycopg.connect(postgres_url, autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name}")
    url = postgres_url.replace("/postgres?", f"/{name}?")
    upgrade(url)
    return url


def _emptied(url: str) -> str:
    tables = ", ".join(table.name for table in Row.metadata.sorted_tables)
    with psycopg.connect(url, autocommit=True) as admin:
        admin.execute(f"TRUNCATE {tables}")
    return url


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("empty_file"), tmp_path / "fluister.db")
        return f"sqlite:///{tmp_path / 'fluister.db'}"
    return _emptied(request.getfixturevalue("upgraded_postgres"))


@pytest.fixture
def keys() -> Keyring:
    return Keyring.from_secret(SECRET)


@pytest.fixture
async def repo(url: str, keys: Keyring) -> AsyncIterator[Repository]:
    repository = await Repository.open(url, keys)
    yield repository
    await repository.close()


@pytest.fixture
async def twin(url: str, keys: Keyring) -> AsyncIterator[Repository]:
    """A second process, so to say, on the same database."""
    repository = await Repository.open(url, keys)
    yield repository
    await repository.close()


@pytest.fixture
async def school(repo: Repository) -> School:
    return await repo.create_school("De Regenboog")

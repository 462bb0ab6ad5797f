"""What lies on disk is unreadable, bound to its place, and bound to the secret."""

import sqlite3
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.events import Place
from bot.errors import ConfigError, StorageError
from bot.storage.crypto import Keyring
from bot.storage.records import NewButton, StepState
from bot.storage.repository import Repository
from tests.storage.conftest import ANNA, CHAT, NOW, SECRET, STEPS, TEXT, new_case

OTHER = "another secret that is long enough"


@given(st.binary(max_size=300), st.text(max_size=20))
def test_what_is_sealed_opens_in_its_place_only(plain: bytes, place: str) -> None:
    keys = Keyring.from_secret(SECRET)
    sealed = keys.seal(plain, place)
    assert keys.open(sealed, place) == plain
    with pytest.raises(StorageError, match="changed or moved"):
        keys.open(sealed, place + "x")


@given(st.integers(0, 60), st.integers(1, 255))
def test_one_changed_byte_is_noticed(where: int, by: int) -> None:
    keys = Keyring.from_secret(SECRET)
    sealed = bytearray(keys.seal(b"geheim" * 5, "a"))
    sealed[where] ^= by
    with pytest.raises(StorageError):
        keys.open(bytes(sealed), "a")


@given(st.binary(max_size=60))
def test_rubbish_is_refused_and_never_repeated(rubbish: bytes) -> None:
    with pytest.raises(StorageError):
        Keyring.from_secret(SECRET).open(rubbish, "a")


def test_the_same_text_never_looks_the_same() -> None:
    keys = Keyring.from_secret(SECRET)
    assert keys.seal(b"geheim", "a") != keys.seal(b"geheim", "a")


def test_a_keyring_shows_nothing_of_itself() -> None:
    keys = Keyring.from_secret(SECRET)
    assert repr(keys) == str(keys) == "Keyring(…)"
    assert not hasattr(keys, "__dict__")


@pytest.mark.parametrize("short", ["", "kort", b"fifteen bytes.."])
def test_a_short_secret_is_refused_by_name(short: str | bytes) -> None:
    with pytest.raises(ConfigError, match="FLUISTER_SECRET_KEY"):
        Keyring.from_secret(short)


def test_older_secrets_read_and_only_the_newest_seals() -> None:
    old, both = Keyring.from_secret(OTHER), Keyring.from_secret(SECRET, OTHER)
    assert both.open(old.seal(b"x", "a"), "a") == b"x"
    with pytest.raises(StorageError, match="FLUISTER_SECRET_KEY"):
        old.open(both.seal(b"x", "a"), "a")
    assert both.hashes("name", "x") == (both.hash("name", "x"), old.hash("name", "x"))


def test_hashes_differ_by_purpose_and_secret() -> None:
    keys = Keyring.from_secret(SECRET)
    assert keys.hash("a", "b") != keys.hash("ab", "") != keys.hash("b", "b")
    assert keys.hash("a", "b") != Keyring.from_secret(OTHER).hash("a", "b")
    assert keys.hash("account", "X") != keys.hash("account", "x")


@pytest.mark.parametrize(
    ("purpose", "one", "other"),
    [
        ("name", "  Zoë  van\tDijk", "zoe van dijk"),
        ("name", "Zoe\u0308", "Zoë"),
        ("email", "Anna@School.NL ", "anna@school.nl"),
        ("code", "abcd-2345", "ABCD 2345"),
    ],
)
def test_spellings_of_one_thing_hash_alike(purpose: str, one: str, other: str) -> None:
    keys = Keyring.from_secret(SECRET)
    assert keys.hash(purpose, one) == keys.hash(purpose, other)


async def fill(repo: Repository) -> tuple[str, tuple[str, ...]]:
    """Write every kind of private thing once; return the case's id, and the secrets made."""
    school = await repo.create_school("De Regenboog")
    await repo.change_school(1, {"team_address": "team@regenboog.nl"}, by="cli")
    await repo.adopt_chat(CHAT, "Team groep 6", Place.OTHER)
    case, _ = await repo.add_case(new_case(school.id), STEPS, "plan")
    await repo.put_file(case.id, 0, "kenji.jpg", "image/jpeg", b"pixels of kenji")
    await repo.finish_step("plan", 0, StepState.DONE, "done", "resultaat van stap")
    await repo.add_buttons(
        [NewButton("token-123", "g", ANNA, case.id, "send_to", "argument-456", NOW)]
    )
    await repo.put_dialogue(ANNA, b"dialoog over kenji", NOW)
    await repo.adapter_state("demo").put("user_token:anna-7", b"xoxp-geheim")
    person = await repo.add_person(
        school.id, name="Anna de Vries", email="anna@regenboog.nl", phone="+31612345601"
    )
    await repo.link_account(person.id, ANNA)
    await repo.add_roster_hashes(school.id, ["Kenji Yamamoto"])
    await repo.add_admin(school.id, ANNA)
    code = await repo.new_admin_code(school.id, NOW)
    token = await repo.new_sign_in(ANNA, NOW)
    await repo.redeem_sign_in(token, NOW)
    await repo.record_incident(
        org=school.id, case_id=case.id, event="e", seen_at=NOW, expires_at=NOW, sender=ANNA
    )
    return case.id, (code, token)


PRIVATE = (
    TEXT, "paniekaanval", "vader", "kenji", "Kenji", "pixels", "step-one", "step-two",
    "resultaat van stap", "token-123", "argument-456", "dialoog", "anna-7", "xoxp", "user_token",
    "Anna de Vries", "anna@regenboog", "31612345601", "De Regenboog", "team@regenboog",
    "Team groep 6", "ref-1",
)  # fmt: skip


def assert_unreadable(folder: Path, *more: str) -> None:
    raw = b"".join(path.read_bytes() for path in sorted(folder.glob("fluister.db*")))
    assert b"cases" in raw
    for private in (*PRIVATE, *more):
        for coded in (
            private.encode(),
            private.encode("utf-16-le"),
            private.encode().hex().encode(),
        ):
            assert coded not in raw, private


async def test_no_private_word_is_in_the_file_or_its_log_before_or_after_erasing(
    tmp_path: Path, keys: Keyring
) -> None:
    repo = await Repository.open(f"sqlite:///{tmp_path / 'fluister.db'}", keys)
    case_id, made = await fill(repo)
    assert (tmp_path / "fluister.db-wal").stat().st_size > 0
    assert_unreadable(tmp_path, *made)
    await repo.erase_copy(case_id)
    assert_unreadable(tmp_path, *made)
    await repo.close()
    assert_unreadable(tmp_path, *made)


async def test_after_erasing_even_the_ciphertext_is_gone_from_the_file(
    tmp_path: Path, keys: Keyring
) -> None:
    path = tmp_path / "fluister.db"
    repo = await Repository.open(f"sqlite:///{path}", keys)
    case, _ = await repo.add_case(new_case(text=TEXT * 50), (), "")
    with sqlite3.connect(path) as raw:
        (sealed,) = raw.execute("SELECT copy_sealed FROM cases").fetchone()
    raw.close()
    await repo.erase_copy(case.id)
    await repo.close()
    assert not path.with_name("fluister.db-wal").exists()
    assert sealed[100:200] not in path.read_bytes()


async def test_the_files_belong_to_this_user_alone(tmp_path: Path, keys: Keyring) -> None:
    path = tmp_path / "new" / "fluister.db"
    repo = await Repository.open(f"sqlite:///{path}", keys)
    await repo.create_school("x")
    assert {p.stat().st_mode & 0o777 for p in path.parent.iterdir()} == {0o600}
    assert path.parent.stat().st_mode & 0o077 == 0
    await repo.close()


async def test_an_open_file_of_before_is_closed_to_others(tmp_path: Path, keys: Keyring) -> None:
    path = tmp_path / "fluister.db"
    path.touch(0o644)
    await (await Repository.open(f"sqlite:///{path}", keys)).close()
    assert path.stat().st_mode & 0o777 == 0o600


async def test_another_secret_is_refused_at_the_door(url: str, repo: Repository) -> None:
    await repo.add_case(new_case(), (), "")
    with pytest.raises(StorageError, match="FLUISTER_SECRET_KEY") as refusal:
        await Repository.open(url, Keyring.from_secret(OTHER))
    assert refusal.value.__cause__ is None


async def test_a_new_secret_with_the_old_one_reads_everything(url: str, keys: Keyring) -> None:
    before = await Repository.open(url, keys)
    case_id, _ = await fill(before)
    await before.put_dialogue(ANNA, b"oud", NOW + timedelta(days=1))
    await before.close()
    after = await Repository.open(url, Keyring.from_secret(OTHER, SECRET))
    assert (await after.case(case_id)).text == TEXT  # type: ignore[union-attr]
    assert await after.is_admin(ANNA)
    assert await after.person_for(ANNA) is not None
    assert await after.in_roster("kenji yamamoto")
    state = after.adapter_state("demo")
    assert await state.get("user_token:anna-7") == b"xoxp-geheim"
    await state.put("user_token:anna-7", b"new")
    assert await state.get("user_token:anna-7") == b"new"
    await after.put_dialogue(ANNA, b"nieuw", NOW)
    assert await after.dialogue(ANNA) == b"nieuw"
    assert (await after.take_button("token-123", ANNA, NOW - timedelta(days=1))).argument  # type: ignore[union-attr]
    await after.close()
    with pytest.raises(StorageError, match="FLUISTER_SECRET_KEY"):
        await Repository.open(url, keys)


async def test_a_copy_moved_to_another_row_does_not_open(tmp_path: Path, keys: Keyring) -> None:
    path = tmp_path / "fluister.db"
    repo = await Repository.open(f"sqlite:///{path}", keys)
    first, _ = await repo.add_case(new_case(message="1"), (), "")
    second, _ = await repo.add_case(new_case(message="2", text="van een ander"), (), "")
    with sqlite3.connect(path) as raw:
        raw.execute(
            "UPDATE cases SET copy_sealed = (SELECT copy_sealed FROM cases WHERE id = ?)"
            " WHERE id = ?",
            (first.id, second.id),
        )
    raw.close()
    assert (await repo.case(first.id)).text == TEXT  # type: ignore[union-attr]
    with pytest.raises(StorageError, match="changed or moved"):
        await repo.case(second.id)
    await repo.close()

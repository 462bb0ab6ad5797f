"""Colleagues, imported from whatever file they come in; pupils only as hashes."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.core.quiet_hours import Half, Leave
from bot.errors import SettingError, StorageError
from bot.storage.people_csv import MOST_FAULTS, read_people
from bot.storage.records import ImportReport, School
from bot.storage.repository import Repository
from bot.texts import has
from tests.storage.conftest import ANNA, BERT, NOW

HEADER = "naam;email;telefoon;rollen;werkdagen\n"


async def test_a_colleague_comes_back_whole(repo: Repository, school: School) -> None:
    leave = (
        Leave(date(2026, 12, 1), date(2026, 12, 4)),
        Leave(date(2027, 1, 5), half=Half.MORNING),
    )
    person = await repo.add_person(
        school.id, name="Anna de Vries", email="Anna@regenboog.nl", phone="+31612345601",
        roles=("ib",), works="ma di", leave=leave, digest=True,
    )  # fmt: skip
    assert await repo.person(person.id) == person
    assert await repo.people(school.id) == (person,)
    assert (person.leave, person.digest, person.roles) == (leave, True, ("ib",))
    for private in ("Anna", "regenboog", "3161"):
        assert private not in repr(person)


async def test_anything_may_be_missing(repo: Repository, school: School) -> None:
    person = await repo.add_person(school.id)
    assert await repo.person(person.id) == person
    assert await repo.colleagues(school.id) == ()


async def test_one_address_belongs_to_one_colleague(repo: Repository, school: School) -> None:
    anna = await repo.add_person(school.id, name="Anna", email="a@x.nl")
    bert = await repo.add_person(school.id, name="Bert")
    for attempt in (
        repo.add_person(school.id, name="Ander", email="A@X.nl"),
        repo.change_person(bert.id, email="a@x.NL"),
    ):
        with pytest.raises(SettingError) as refusal:
            await attempt
        assert has(refusal.value.key)
    assert (await repo.change_person(anna.id, email="a@x.nl", works="ma")).works == "ma"
    assert len(await repo.people(school.id)) == 2


async def test_only_known_fields_of_known_people_change(repo: Repository, school: School) -> None:
    anna = await repo.add_person(school.id, name="Anna")
    with pytest.raises(StorageError, match="no field org"):
        await repo.change_person(anna.id, org="other")
    with pytest.raises(SettingError, match=r"people\.unknown"):
        await repo.change_person("nobody", name="x")
    assert await repo.forget_person(anna.id) == 1
    assert await repo.person(anna.id) is None


async def test_an_account_is_one_persons(repo: Repository, school: School) -> None:
    one = await repo.add_person(school.id, name="Een")
    two = await repo.add_person(school.id, name="Twee")
    await repo.link_account(one.id, ANNA)
    await repo.link_account(one.id, BERT)
    await repo.link_account(two.id, ANNA)
    assert (await repo.person(one.id)).accounts == (BERT,)  # type: ignore[union-attr]
    assert (await repo.person_for(ANNA)).id == two.id  # type: ignore[union-attr]
    assert [p.accounts for p in await repo.people(school.id)] == [(BERT,), (ANNA,)]


async def test_colleagues_are_those_with_an_address_on_the_domain(
    repo: Repository, school: School
) -> None:
    await repo.add_person(school.id, name="A", email="a@Regenboog.nl")
    await repo.add_person(school.id, name="B", email="b@nietregenboog.nl")
    await repo.add_person(school.id, name="C")
    assert [p.name for p in await repo.colleagues(school.id, "regenboog.NL")] == ["A"]
    assert [p.name for p in await repo.colleagues(school.id)] == ["A", "B"]


LISTS = [
    (HEADER + "Zoë Smit;zoe@x.nl;06 12345601;ib, mentor;ma-wo vr-middag (oneven)\n").encode(),
    (HEADER + "Zoë Smit;zoe@x.nl;0612345601;IB|Mentor;ma di wo vr-middag(oneven)").encode(
        "utf-8-sig"
    ),
    (
        HEADER + 'Zoë Smit;zoe@x.nl;"+31 6-12345601";ib/mentor;maandag,di wo vr-middag(oneven)'
    ).encode("cp1252"),
    b"days\tphone\tE-mail\tName\tRoles\r\n"
    + "mon tue wed vr-middag(oneven)\t06-12345601\tzoe@x.nl\t Zoë  Smit \tib+mentor\r\n".encode(),
    b"name,email,phone,roles,days\n\n"
    + '"Zoë Smit",zoe@x.nl,0612345601,"ib,mentor","ma,di,wo,vr-middag(oneven)"\n,,,,\n'.encode(),
]


@pytest.mark.parametrize("data", LISTS)
async def test_one_list_in_many_shapes_gives_the_same_colleague(
    repo: Repository, school: School, data: bytes
) -> None:
    assert await repo.import_csv(school.id, data) == ImportReport(added=1)
    (zoe,) = await repo.people(school.id)
    assert (zoe.name, zoe.email, zoe.phone, zoe.roles, zoe.works) == (
        "Zoë Smit", "zoe@x.nl", "+31612345601", ("ib", "mentor"), "ma di wo vr-middag(oneven)",
    )  # fmt: skip


async def test_working_days_of_an_import_are_understood_where_they_are_used(
    repo: Repository, school: School
) -> None:
    from bot.people import pattern_of

    await repo.import_csv(school.id, (HEADER + "A;;;;ma-wo vr-middag (oneven)").encode())
    assert len(pattern_of((await repo.people(school.id))[0].works).parts) == 4


async def test_importing_again_changes_only_what_the_file_says(
    repo: Repository, school: School
) -> None:
    await repo.import_csv(school.id, b"naam,email,rollen\nAnna,a@x.nl,ib\nBert,,\n")
    anna = (await repo.people(school.id))[0]
    await repo.link_account(anna.id, ANNA)
    again = await repo.import_csv(
        school.id, b"naam,email,telefoon,rollen\nAnna,A@X.nl,0612345601,\nBert,b@x.nl,,\n"
    )
    assert again == ImportReport(changed=2)
    anna, bert = await repo.people(school.id)
    assert (anna.phone, anna.roles, anna.accounts) == ("+31612345601", ("ib",), (ANNA,))
    assert bert.email == "b@x.nl"
    assert await repo.import_csv(school.id, b"naam,email\nBert,b@x.nl\n") == ImportReport()


async def test_two_colleagues_of_one_name_are_told_apart_by_address(
    repo: Repository, school: School
) -> None:
    data = b"naam,email\nJan Smit,jan1@x.nl\nJan Smit,jan2@x.nl\n"
    assert await repo.import_csv(school.id, data) == ImportReport(added=2)
    assert await repo.import_csv(school.id, data) == ImportReport()


FAULTS = [
    (b"", 1, "", "empty"),
    (b"\xef\xbb\xbf\n  \n", 1, "", "empty"),
    (b"naam\nAn\x00na\n", 1, "", "not_text"),
    (b"naam\n" + b"x" * 5_000_000, 1, "", "too_large"),
    (b"naam\n" + b"".join(b"n%d\n" % n for n in range(5_001)), 5002, "", "too_many_rows"),
    (b"geheim,naam\n1,2\n", 1, "1", "column_unknown"),
    (b"naam,name\n1,2\n", 1, "", "column_twice"),
    (b"rollen\nib\n", 1, "", "column_missing"),
    (b"naam,email\nAnna,,extra\n", 2, "", "too_many_cells"),
    (b"naam,rollen\n,ib\n", 2, "name", "nobody"),
    (b"naam\n" + b"x" * 201, 2, "name", "too_long"),
    (b'naam\n=HYPERLINK("http://x")\n', 2, "name", "formula"),
    (b"naam\n@SUM(A1)\n", 2, "name", "formula"),
    (b"naam,telefoon\nA,-2+3\n", 2, "phone", "formula"),
    (b"naam\n12345\n", 2, "name", "name_wrong"),
    (b"email\na@b@c.nl\n", 2, "email", "email_wrong"),
    (b"email\nanna@localhost\n", 2, "email", "email_wrong"),
    (b"email\na@x.nl\n\nA@x.NL\n", 4, "email", "email_twice"),
    (b"naam\nAnna\n ANNA \n", 3, "name", "name_twice"),
    (b"naam,telefoon\nA,12\n", 2, "phone", "phone_wrong"),
    (b"naam,werkdagen\nA,soms\n", 2, "works", "days_wrong"),
    (b'naam\n"Anna\n', 2, "", "quotes"),
    ("naam\nAn\u202ena\n".encode(), 2, "name", "not_text"),
]


@pytest.mark.parametrize(("data", "line", "column", "why"), FAULTS, ids=lambda v: str(v)[:20])
async def test_a_wrong_file_is_refused_whole_with_line_column_and_reason(
    repo: Repository, school: School, data: bytes, line: int, column: str, why: str
) -> None:
    report = await repo.import_csv(school.id, data)
    assert (line, column, f"people.csv.{why}") in report.rejected
    assert has(f"people.csv.{why}")
    assert (report.added, report.changed) == (0, 0)
    assert await repo.people(school.id) == ()


async def test_a_good_line_beside_a_wrong_one_is_not_imported(
    repo: Repository, school: School
) -> None:
    report = await repo.import_csv(school.id, b"naam,email\nAnna,a@x.nl\nBert,nope\n")
    assert report.rejected == ((3, "email", "people.csv.email_wrong"),)
    assert await repo.people(school.id) == ()


def test_a_very_wrong_file_gives_a_bounded_report() -> None:
    _, faults = read_people(b"naam,email\n" + b"x,nope\n" * 4_000)
    assert len(faults) == MOST_FAULTS


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.one_of(
        st.binary(max_size=300),
        st.text(max_size=300).map(lambda t: t.encode("utf-8", "surrogatepass")),
    )
)
def test_any_rubbish_gives_rows_or_faults_and_never_breaks(data: bytes) -> None:
    for prefix in (b"", b"naam,email,telefoon,rollen,werkdagen\n"):
        rows, faults = read_people(prefix + data)
        assert all(has(key) for _, _, key in faults)
        assert all(row.name or row.email for row in rows if not faults)


async def test_pupils_are_known_by_hash_alone(
    tmp_path: Path, repo: Repository, school: School
) -> None:
    names = ["Kenji Yamamoto", "kenji  yamamoto", "Zoë Ünal", " "]
    assert await repo.add_roster_hashes(school.id, names) == 2
    assert await repo.add_roster_hashes(school.id, names) == 0
    roster = await repo.roster(school.id)
    assert "KENJI YAMAMOTO" in roster
    assert "zoe unal" in roster
    assert "Kenji" not in roster
    assert 3 not in roster
    assert len(roster) == 2
    assert "enji" not in repr(roster)
    assert await repo.in_roster("Zoe Ünal")
    assert not await repo.in_roster("Anna")
    assert await repo.clear_roster(school.id) == 2
    assert not await repo.in_roster("Zoe Ünal")


async def test_a_removed_colleagues_code_links_nobody(repo: Repository, school: School) -> None:
    anna = await repo.add_person(school.id, name="Anna")
    code = await repo.new_link_code(anna.id, NOW)
    await repo.forget_person(anna.id)
    assert not await repo.redeem_link_code(code, ANNA, NOW)
    with pytest.raises(SettingError):
        await repo.new_link_code(anna.id, NOW)

"""The commands, run as a stranger would: in an empty folder, some in a shell of their own."""

import asyncio
import contextlib
import json
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.app import work_url
from bot.cli import app
from bot.cli.common import settings, with_storage
from bot.core.events import Account, ChatRef
from bot.storage.records import CaseState, NewCase
from bot.storage.repository import Repository
from bot.work.engine import Engine
from bot.work.jobs import Job

COMMANDS = ("demo", "run", "check", "explain", "detect", "advise", "policy", "quiet", "doctor",
            "work", "db", "admin", "people")  # fmt: skip


Ended = subprocess.CompletedProcess[str]


def fluister(folder: Path, *arguments: str, given: bytes = b"") -> Ended:
    """Run a command in this process."""
    with contextlib.chdir(folder):
        done = CliRunner().invoke(app, arguments, input=given, env={"TERM": "dumb"})
    return subprocess.CompletedProcess(arguments, done.exit_code, done.stdout, done.stderr)


def shell(folder: Path, *arguments: str, **environ: str) -> Ended:
    """Run a command in a process of its own, with nothing set but `environ`."""
    clean = {k: v for k, v in os.environ.items() if not k.startswith("FLUISTER_")}
    return subprocess.run(
        [sys.executable, "-m", "bot", *arguments],
        cwd=folder, capture_output=True, timeout=120, check=False, encoding="utf-8",
        env={**clean, "PYTHONPATH": str(Path(__file__).parents[1]), "TERM": "dumb", **environ},
    )  # fmt: skip


def test_help_names_every_command(tmp_path: Path) -> None:
    done = shell(tmp_path, "--help")
    assert done.returncode == 0
    assert all(f" {command} " in done.stdout for command in COMMANDS)


def test_check_says_yes_or_no_by_its_exit_code(tmp_path: Path) -> None:
    assert fluister(tmp_path, "check", "Wie heeft de sleutel van het magazijn?").returncode == 0
    confidential = fluister(tmp_path, "check", "Sem uit groep 6 heeft ADHD", "--json")
    assert confidential.returncode == 1
    assert json.loads(confidential.stdout)["categories"][0] == "health"


def test_check_tells_when_the_protocol_leaves_the_message_where_it_is(tmp_path: Path) -> None:
    """Kalisto's protocol speaks of personal data, not of a code."""
    code = "De alarmcode is 4821, graag onthouden"
    stays = fluister(tmp_path, "check", code, "--policy", "kalisto.yaml")
    goes = fluister(tmp_path, "check", code, "--policy", "matthijsje.yaml")
    assert (stays.returncode, goes.returncode) == (1, 1)
    assert "blijft in de groep staan" in stays.stdout
    assert "blijft in de groep staan" not in goes.stdout


def test_detect_answers_line_by_line_and_survives_what_is_broken(tmp_path: Path) -> None:
    lines = [
        b'{"id": "1", "text": "Het BSN van Noor is 123456782", "chat": "team", "attachment": null}',
        b"{broken",
        b'{"id": "3", "text": 7}',
        b"\xff\xfe",
        b'{"id": "5", "text": "De koffie is op", "chat": "team", "attachment": null}',
    ]
    done = fluister(tmp_path, "detect", "--jsonl", given=b"\n".join(lines))
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(answers) == 5
    assert answers[0]["flag"] is True
    assert {span["type"] for span in answers[0]["spans"]} >= {"BSN"}
    assert all("error" in answers[i] for i in (1, 2, 3))
    assert answers[4] == {"id": "5", "flag": False, "score": answers[4]["score"],
                          "categories": [], "spans": []}  # fmt: skip


def test_advise_cites_the_article(tmp_path: Path) -> None:
    question = {"id": "q", "text": "Mag de alarmcode in de teamapp?", "attachment": None}
    done = fluister(tmp_path, "advise", "--jsonl", "--policy", "matthijsje.yaml",
                    given=json.dumps(question).encode())  # fmt: skip
    answer = json.loads(done.stdout)
    assert answer["verdict"] == "no"
    assert "Intern 3" in answer["articles"]


def test_advise_without_a_question_asks_for_one(tmp_path: Path) -> None:
    done = fluister(tmp_path, "advise", " ")
    assert done.returncode == 2
    assert "Typ je vraag erachter" in done.stderr


def test_advise_says_that_a_question_is_too_long(tmp_path: Path) -> None:
    done = fluister(tmp_path, "advise", "mag dit? " * 3000)
    assert done.returncode == 2
    assert "Je vraag is te lang" in done.stderr


@pytest.mark.parametrize("command", ["advise", "detect"])
def test_a_line_with_half_a_sign_is_answered_and_the_next_one_too(
    tmp_path: Path, command: str
) -> None:
    half, plain = ({"id": one, "text": "De koffie is op"} for one in ("\ud800", "2"))
    given = "\n".join(map(json.dumps, (half, plain))).encode()
    done = fluister(tmp_path, command, "--jsonl", given=given)
    assert done.returncode == 0
    assert [json.loads(line)["id"] for line in done.stdout.splitlines()] == ["\ud800", "2"]


def test_the_shipped_policy_passes_its_own_check_and_examples(tmp_path: Path) -> None:
    assert fluister(tmp_path, "policy", "check").returncode == 0
    assert fluister(tmp_path, "policy", "test").returncode == 0


def test_a_broken_policy_names_line_and_nearest_word(tmp_path: Path) -> None:
    broken = tmp_path / "school.yaml"
    broken.write_text("id: school\nnaam: X\nrules: []\n")
    done = fluister(tmp_path, "policy", "check", str(broken))
    assert done.returncode == 1
    assert "school.yaml:2" in done.stderr
    assert "name" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("when", "working"), [("2026-11-24T10:15", True), ("2026-12-24T19:00", False)]
)
def test_quiet_says_whether_a_moment_is_working_time(
    tmp_path: Path, when: str, working: bool
) -> None:
    done = fluister(tmp_path, "quiet", "at", when, "--json")
    assert json.loads(done.stdout)["working"] is working


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["2026-02-30T10:00"], "geen datum en tijd: 2026-02-30T10:00"),
        (["25:00"], "geen datum en tijd"),
        (["0001-01-01T00:00"], "geen datum en tijd"),
        (["9999-12-31T23:59"], "Dit jaar ligt te ver weg"),
        (["2026-12-24T19:00", "--region", "Mars"], "Kies Noord, Midden of Zuid"),
        (["2026-12-24T19:00", "--week", "ma 25:00-26:00"], "Deze tijd bestaat niet: 25:00"),
        (["2026-12-24T19:00", "--week", "ma 8-12, 11-13"], "overlappen elkaar"),
    ],
)
def test_a_moment_or_week_that_cannot_be_is_refused_in_plain_dutch(
    tmp_path: Path, given: list[str], said: str
) -> None:
    done = fluister(tmp_path, "quiet", "at", *given)
    assert done.returncode == 1
    assert said in done.stderr
    assert done.stdout == ""


def test_a_region_and_a_week_can_be_tried_on_without_storing_them(tmp_path: Path) -> None:
    given = ("quiet", "at", "2026-11-24T12:30", "--region", "noord", "--week", "wo 8-12", "--json")
    told = json.loads(fluister(tmp_path, *given).stdout)
    assert told["working"] is False
    assert told["next_working"] == "2026-11-25T07:00:00+00:00"
    assert json.loads(fluister(tmp_path, *given[:3], "--json").stdout)["working"] is True


def test_nobody_is_found_where_nobody_was_added(tmp_path: Path) -> None:
    done = fluister(tmp_path, "quiet", "at", "2026-11-24T12:30", "--person", "x@school.nl")
    assert done.returncode == 2
    assert "Lees eerst de collega's in" in " ".join(done.stderr.replace("│", " ").split())


def test_a_calendar_without_whole_days_changes_nothing(tmp_path: Path) -> None:
    file = tmp_path / "x.ics"
    event = "BEGIN:VEVENT\r\nUID:1\r\nDTSTART:20991201T100000Z\r\nDTEND:20991201T110000Z\r\n"
    head = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\n"
    for inside in ("", f"{event}END:VEVENT\r\n"):
        file.write_text(f"{head}{inside}END:VCALENDAR\r\n")
        done = fluister(tmp_path, "quiet", "import", str(file))
        assert (done.returncode, "geen dagen die nog komen" in done.stderr) == (1, True)
    file.write_bytes(head.encode() + b"x" * 50_000_000)
    assert "te groot: hooguit 2 MB" in fluister(tmp_path, "quiet", "import", str(file)).stderr


def test_colleagues_come_in_from_a_csv_file_and_get_a_code(tmp_path: Path) -> None:
    file = tmp_path / "collegas.csv"
    file.write_text("naam;email;telefoon;rollen;werkdagen\nAnna;anna@school.nl;0612345601;ib;ma\n")
    assert "1 nieuw" in fluister(tmp_path, "people", "import", str(file)).stdout
    assert "Anna <anna@school.nl>" in fluister(tmp_path, "people", "list").stdout
    assert len(fluister(tmp_path, "people", "code", "anna@school.nl").stdout.strip()) >= 8
    monday = fluister(
        tmp_path, "quiet", "at", "2026-11-24T10:15", "--person", "anna@school.nl", "--json"
    )
    assert json.loads(monday.stdout)["reason"] == "free_day"


def test_a_colleague_who_leaves_is_removed_after_a_yes(tmp_path: Path) -> None:
    file = tmp_path / "collegas.csv"
    file.write_text("naam;email;telefoon;rollen;werkdagen\nAnna;anna@school.nl;;;ma\n")
    fluister(tmp_path, "people", "import", str(file))
    asked = fluister(tmp_path, "people", "remove", "anna@school.nl", given=b"n\n")
    assert (asked.returncode, "kan niet terug" in asked.stdout) == (1, True)
    assert "Anna" in fluister(tmp_path, "people", "list").stdout
    done = fluister(tmp_path, "people", "remove", "Anna@School.nl", "--yes")
    assert (done.returncode, "is verwijderd" in done.stdout) == (0, True)
    assert fluister(tmp_path, "people", "list").stdout == ""
    assert fluister(tmp_path, "people", "remove", "anna@school.nl", "--yes").returncode == 1


def hold(folder: Path, due: datetime, number: int) -> None:
    """Put a message that waits for `due` in the database the commands look at."""

    async def keep(repository: Repository) -> None:
        school = await repository.school() or await repository.create_school("x")
        case = NewCase(
            org=school.id, chat=ChatRef("demo", "team"), message=f"m{number}",
            sender=Account("demo", "anna", "Anna"), sent_at=due, seen_at=due,
            expires_at=due + timedelta(days=14), state=CaseState.HELD, due_at=due,
            text="Wie rijdt er mee?",
        )  # fmt: skip
        await repository.add_case(case, (), "")

    with contextlib.chdir(folder):
        with_storage(keep)


def test_what_is_stuck_is_shown_without_its_words_and_can_be_released(tmp_path: Path) -> None:
    assert fluister(tmp_path, "quiet", "set", "uit").returncode == 0
    assert "Er wacht niets" in fluister(tmp_path, "quiet", "held").stdout
    assert "niets te laat" in fluister(tmp_path, "quiet", "held", "--release").stdout
    hold(tmp_path, datetime.now(UTC) - timedelta(hours=3), 1)
    seen = fluister(tmp_path, "quiet", "held").stdout
    assert "te laat, had er moeten zijn" in seen
    assert "Er wacht één bericht; te laat: 1" in seen
    assert "rijdt" not in seen
    assert "Anna" not in seen
    asked = fluister(tmp_path, "quiet", "held", "--release").stdout
    assert "binnen een minuut als Fluister draait" in asked
    assert "te laat, wordt bezorgd zodra Fluister draait" in asked


def test_what_waits_for_its_own_moment_is_not_released(tmp_path: Path) -> None:
    assert fluister(tmp_path, "quiet", "set", "werk ma 03:00-03:05", "aan").returncode == 0
    hold(tmp_path, datetime.now(UTC) + timedelta(days=2), 1)
    done = fluister(tmp_path, "quiet", "held", "--release").stdout
    assert "te laat: 0" in done
    assert "niets te laat" in done
    assert "bezorgen:" in done


def test_run_without_a_platform_says_what_to_set(tmp_path: Path) -> None:
    done = shell(tmp_path, "run")
    assert done.returncode == 1
    assert "no platform is configured" in done.stderr
    assert "Traceback" not in done.stderr


def test_an_unknown_setting_stops_the_command_with_the_nearest_one(tmp_path: Path) -> None:
    done = shell(tmp_path, "doctor", FLUISTER_TEAM_ADRESS="team@school.nl")
    assert done.returncode == 1
    assert "FLUISTER_TEAM_ADDRESS" in done.stderr


def test_doctor_looks_at_everything_and_says_it_in_json_too(tmp_path: Path) -> None:
    done = fluister(tmp_path, "doctor", "--json")
    checks = {check["name"]: check["good"] for check in json.loads(done.stdout)}
    assert checks["database"]
    assert checks["detector"]
    assert checks["policy"]
    assert checks["work"]


def give_up(folder: Path) -> None:
    """Leave one piece of work behind that nobody could do."""

    async def fail() -> None:
        engine = Engine(work_url(settings().database_url), poll=0.02)
        await engine.launch()
        try:
            await engine.submit(Job("unknown", "a-secret-key"))
            await engine.wait_idle(20)
        finally:
            await engine.close()

    with contextlib.chdir(folder):
        with_storage(nothing)
        asyncio.run(fail())


async def nothing(repository: Repository) -> None:
    await repository.create_school("x")


def test_work_that_gave_up_is_told_as_a_number_and_gets_another_go_when_asked(
    tmp_path: Path,
) -> None:
    assert "Er bleef niets liggen" in fluister(tmp_path, "work").stdout
    assert "niets opgegeven" in fluister(tmp_path, "work", "--retry").stdout
    give_up(tmp_path)
    seen = fluister(tmp_path, "work")
    assert "opgegeven: 1, te laat: 0, onzekere mails: 0" in seen.stdout
    assert "fluister work --retry" in seen.stdout
    assert "a-secret-key" not in seen.stdout
    asked = fluister(tmp_path, "work", "--retry").stdout
    assert "binnen een minuut als Fluister draait" in asked


def test_doctor_finds_work_that_gave_up_and_says_what_to_do(tmp_path: Path) -> None:
    give_up(tmp_path)
    done = fluister(tmp_path, "doctor", "--json")
    told = next(check for check in json.loads(done.stdout) if check["name"] == "work")
    assert (done.returncode, told["good"]) == (1, False)
    assert "opgegeven: 1" in told["says"]
    assert "fluister work --retry" in told["says"]


def test_the_admin_code_is_new_every_time_and_never_logged(tmp_path: Path) -> None:
    first = fluister(tmp_path, "admin", "code")
    second = fluister(tmp_path, "admin", "code")
    assert first.stdout.strip() != second.stdout.strip()
    assert first.stdout.strip() not in first.stderr


@pytest.mark.parametrize("command", [("quiet", "import"), ("people", "import")])
def test_a_file_that_is_not_there_is_told_in_the_schools_own_words(
    tmp_path: Path, command: tuple[str, str]
) -> None:
    done = shell(tmp_path, *command, "weg.ics")
    assert done.returncode == 1
    assert "weg.ics is niet te lezen" in done.stderr


def test_a_calendar_that_cannot_be_written_is_told_so_too(tmp_path: Path) -> None:
    done = shell(tmp_path, "quiet", "export", "geen/map/rust.ics")
    assert done.returncode == 1
    assert "is niet te schrijven" in done.stderr

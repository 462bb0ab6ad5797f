"""What `fluister doctor` looks at: is everything there that this installation needs."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime

import aiosmtplib

from bot.adapters.registry import platforms
from bot.app import DEFAULT_POLICY, keyring, policy_finder, post, prepare, work_url
from bot.config import Config
from bot.delivery.leftovers import Left
from bot.detection.engine import build_detector
from bot.errors import FluisterError
from bot.storage.repository import Repository
from bot.work.standing import standing


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at; `says` tells what was found and, if it is wrong, what to do."""

    name: str
    good: bool
    says: str

    def as_json(self) -> dict[str, object]:
        return {"name": self.name, "good": self.good, "says": self.says}


def now() -> datetime:
    """The machine's time, for commands that run outside the app."""
    return datetime.now(UTC)


async def examine(config: Config, *, quick: bool = False) -> tuple[Check, ...]:
    """Look at everything, one after the other; nothing is changed except a missing database."""
    wanted: list[tuple[str, Callable[[Config], Awaitable[str]]]] = [("database", _database)]
    if not quick:
        wanted += [
            ("policy", _policy),
            ("detector", _detector),
            ("mail", _mail),
            ("platforms", _platforms),
            ("work", _work),
        ]
    checks = [await _checked(name, look, config) for name, look in wanted]
    return (*checks, *([] if quick else await _on_platforms(config)))


async def _on_platforms(config: Config) -> list[Check]:
    """What each configured platform lets us do, as far as it can be looked at."""
    checks: list[Check] = []
    for platform in platforms():
        if platform.examine is None or not all(config.get(key) for key in platform.keys):
            continue
        try:
            found = await platform.examine(config.values, await _read(config, platform.name))
            checks += [Check(one.name, one.good, one.says) for one in found]
        except FluisterError as error:
            checks.append(Check(platform.name, False, str(error)))
    return checks


async def _read(config: Config, platform: str) -> list[str]:
    """The ids of the groups that are read on a platform."""
    repository = await Repository.open(config.database_url, keyring(config))
    try:
        school = await repository.school()
        chats = await repository.chats(school.id) if school is not None else ()
    finally:
        await repository.close()
    return [chat.ref.chat for chat in chats if chat.is_team and chat.ref.platform == platform]


async def _checked(name: str, look: Callable[[Config], Awaitable[str]], config: Config) -> Check:
    try:
        return Check(name, True, await look(config))
    except FluisterError as error:
        return Check(name, False, str(error))
    except (OSError, aiosmtplib.SMTPException) as error:
        return Check(name, False, f"{type(error).__name__}")


async def _database(config: Config) -> str:
    prepare(config)
    repository = await Repository.open(config.database_url, keyring(config))
    try:
        school = await repository.school()
    finally:
        await repository.close()
    kind = config.database_url.partition(":")[0]
    return f"{kind}, " + ("school set up" if school and school.claimed else "no school yet")


async def left_behind(config: Config, repository: Repository) -> Left:
    """What gave up, is late or is uncertain, whether Fluister runs or not."""
    work = await asyncio.to_thread(standing, work_url(config.database_url))
    school = await repository.school()
    uncertain = await repository.uncertain_mails(school.id) if school else 0
    return Left(work.failed, work.late, uncertain)


async def _work(config: Config) -> str:
    repository = await Repository.open(config.database_url, keyring(config))
    try:
        found = await left_behind(config, repository)
        school = await repository.school()
    finally:
        await repository.close()
    told = " ".join(found.lines(school.language if school else "nl"))
    if not found.good:
        raise FluisterError(told)
    return told


async def _policy(config: Config) -> str:
    policy = policy_finder()(config.get("FLUISTER_POLICY") or DEFAULT_POLICY)
    return f"{policy.name}, version {policy.version}, {len(policy.rules)} rules"


async def _detector(config: Config) -> str:
    del config
    begun = time.perf_counter()
    detector = await asyncio.to_thread(build_detector)
    found = detector.detect("De moeder van Sem uit groep 6 zit bij Veilig Thuis")
    if not found.confidential or found.failed:
        raise FluisterError("the detector does not find what it must find: reinstall Fluister")
    return f"works (loaded in {time.perf_counter() - begun:.1f} s)"


async def _mail(config: Config) -> str:
    settings = post(config).smtp
    if settings is None:
        return "not configured: copies cannot be mailed (set FLUISTER_SMTP_URL)"
    client = aiosmtplib.SMTP(
        hostname=settings.host, port=settings.port, use_tls=settings.tls,
        start_tls=False, timeout=10,
    )  # fmt: skip
    async with client:
        await client.ehlo()
    return f"{settings.host}:{settings.port} answers"


async def _platforms(config: Config) -> str:
    return ", ".join(config.platforms()) or "none configured (fluister demo works without)"

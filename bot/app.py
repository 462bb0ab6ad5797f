"""The one place where everything is put together, opened and closed."""

import asyncio
import contextlib
import os
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

import structlog

from bot.adapters.base import Adapter, AdapterState, OnIncoming, WithDesk
from bot.config import Config
from bot.core.events import Incoming, Receipt
from bot.core.findings import Detection
from bot.core.policy import Policy
from bot.delivery.acts import Acts
from bot.delivery.advising import Advising
from bot.delivery.agendas import Agendas
from bot.delivery.buttons import Buttons
from bot.delivery.desk import Front
from bot.delivery.dispatcher import Dispatcher
from bot.delivery.groups import Groups
from bot.delivery.holding import Holding
from bot.delivery.house import House, Post
from bot.delivery.incidents import Incidents
from bot.delivery.intake import Intake
from bot.delivery.leftovers import Leftovers
from bot.delivery.mail import backoff, parse_smtp_url
from bot.delivery.mailing import Mailing, Wait
from bot.delivery.patience import patient, plain
from bot.delivery.plans import STEP
from bot.delivery.private import Private
from bot.delivery.rest import RELEASE, Rest
from bot.delivery.resting import Resting
from bot.delivery.setup import Setting
from bot.delivery.sweeping import Sweeping
from bot.delivery.voices import Voices
from bot.detection.allow import AllowList
from bot.detection.engine import Detector, build_detector
from bot.detection.quick import PLAIN, shipped_look
from bot.errors import ConfigError
from bot.policies import load_policy
from bot.storage.crypto import Keyring
from bot.storage.repository import Repository
from bot.work.boundaries import Boundaries
from bot.work.clock import Clock, SystemClock
from bot.work.engine import RETENTION, Engine

Make = Callable[[OnIncoming, AdapterState], Adapter]

KEY_FILE = "secret.key"
DEFAULT_POLICY = "matthijsje.yaml"
LOOK_EVERY = 60.0
SWEEP_EVERY = 3600.0


_log = structlog.get_logger()


class _Door:
    """What adapters are handed before there is anybody behind it."""

    def __init__(self) -> None:
        self._inside: OnIncoming | None = None

    def open(self, inside: OnIncoming) -> None:
        self._inside = inside

    async def __call__(self, event: Incoming) -> Receipt:
        if self._inside is None:
            raise RuntimeError("an adapter spoke before the app was open")
        return await self._inside(event)


@dataclass(frozen=True, slots=True)
class App:
    """A running Fluister."""

    house: House
    engine: Engine
    boundaries: Boundaries
    intake: Intake
    dispatcher: Dispatcher
    rest: Rest
    resting: Resting
    groups: Groups
    leftovers: Leftovers
    adapters: Mapping[str, Adapter] = field(default_factory=dict)

    async def receive(self) -> None:
        """Listen on every platform until cancelled; one that breaks ends them all."""
        async with asyncio.TaskGroup() as group:
            for adapter in self.adapters.values():
                group.create_task(adapter.receive())

    async def claim_code(self) -> str | None:
        """A fresh one-time code for the first admin; nothing once the school is claimed."""
        school = (await self.house.school()).school
        if school.claimed:
            return None
        return await self.house.repository.new_admin_code(school.id, self.house.clock.now())

    async def clock_moved(self) -> None:
        """Re-time what waits and bring quiet hours into the state of the new moment."""
        await self.rest.look()
        await self.boundaries.moved()
        await self.engine.retime()


@contextlib.asynccontextmanager
async def opened(
    config: Config,
    makers: Mapping[str, Make],
    *,
    clock: Clock | None = None,
    detector: Detector | None = None,
    mail_wait: Wait = backoff,
    poll: float = 0.2,
) -> AsyncIterator[App]:
    """Build the app, resume what was left unfinished, and close everything afterwards.

    `poll` is how often the work engine looks for work, in seconds of real time.
    """
    clock = clock or SystemClock()
    prepare(config)
    repository = await Repository.open(config.database_url, keyring(config))
    engine = Engine(work_url(config.database_url), clock, on_failure=_gave_up, poll=poll)
    boundaries = Boundaries(clock)
    door = _Door()
    adapters = {name: make(door, repository.adapter_state(name)) for name, make in makers.items()}
    app = _assemble(config, repository, engine, boundaries, adapters, clock,
                    detector or build_detector(), mail_wait)  # fmt: skip
    door.open(app.intake.on_incoming)
    try:
        await _start(app)
        yield app
    finally:
        await boundaries.close()
        await engine.close()
        for adapter in adapters.values():
            await adapter.close()
        await repository.close()


def _assemble(
    config: Config,
    repository: Repository,
    engine: Engine,
    boundaries: Boundaries,
    adapters: Mapping[str, Adapter],
    clock: Clock,
    detector: Detector,
    mail_wait: Wait,
) -> App:
    house = House(
        repository=repository,
        submit=plain(engine.submit),
        clock=clock,
        adapters=adapters,
        detect=looking_with(detector),
        policies=policy_finder(),
        policy_file=config.get("FLUISTER_POLICY") or DEFAULT_POLICY,
        policy_folder=policy_folder(),
        post=post(config),
        level=config.level,
        team_address=config.get("FLUISTER_TEAM_ADDRESS"),
    )
    voices = Voices(house)
    mailing = Mailing(house, voices, mail_wait)
    acts = Acts(house, voices, Incidents(house))
    dispatcher = Dispatcher(house, acts, mailing)
    rest = Rest(house)
    resting, holding = Resting(house, rest), Holding(house)
    agendas, groups = Agendas(house, resting), Groups(house)
    setting = Setting(house, mailing)
    private = Private(house, Advising(house), setting, resting, holding, agendas)
    desk = Front(house, resting, setting)
    for adapter in adapters.values():
        with_desk: object = adapter
        if isinstance(with_desk, WithDesk):
            with_desk.sit_at(desk)
    intake = Intake(house, private, Buttons(house, private, holding), groups)
    engine.register(STEP, patient(dispatcher.run))
    engine.register(RELEASE, patient(rest.release))
    sweeping = Sweeping(house)
    boundaries.every(SWEEP_EVERY, "sweep", sweeping.run)
    boundaries.every(SWEEP_EVERY, "work-sweep", _ticking(lambda: engine.sweep(RETENTION)))
    boundaries.every(LOOK_EVERY, "resume", _ticking(dispatcher.resume))
    boundaries.every(LOOK_EVERY, "rest", rest.look)
    leftovers = Leftovers(house, engine)
    boundaries.every(LOOK_EVERY, "leftovers", leftovers.look)
    boundaries.watch("quiet-hours", rest.next_at, rest.tick)
    return App(house, engine, boundaries, intake, dispatcher, rest, resting, groups, leftovers,
               adapters)  # fmt: skip


async def _start(app: App) -> None:
    await app.engine.launch()
    for adapter in app.adapters.values():
        await adapter.connect()
    await app.leftovers.look()
    await app.dispatcher.resume()
    await app.rest.look()
    app.boundaries.start()


def _ticking(counting: Callable[[], Awaitable[object]]) -> Callable[[], Awaitable[None]]:
    async def tick() -> None:
        await counting()

    return tick


async def _gave_up(kind: str, key: str, error: str) -> None:
    """A job that keeps failing is said aloud; what it was about stays stored."""
    _log.error("work gave up", kind=kind, key=key, error=error)


def looking_with(detector: Detector) -> Callable[..., Detection]:
    """The detector as delivery calls it: the school's own domains are not private.

    The plainest messages pass at a quick look; everything else is read by the whole detector.
    """
    look = shipped_look()

    def detect(
        text: str,
        *,
        attachments: tuple[str, ...] = (),
        file_names: tuple[str, ...] = (),
        context: tuple[str, ...] = (),
        own_domains: tuple[str, ...] = (),
    ) -> Detection:
        if not attachments and not file_names and look.plain(text):
            return PLAIN
        return detector.detect(
            text,
            attachments=attachments,
            file_names=file_names,
            context=context,
            allow=_allow(own_domains),
        )

    return detect


@lru_cache(maxsize=64)
def _allow(domains: tuple[str, ...]) -> AllowList:
    return AllowList(mail_domains=frozenset(domains))


def policy_folder() -> Path:
    """Where the shipped policies lie: inside the package, or beside it in a checkout."""
    inside = Path(__file__).parent / "_policies"
    return inside if inside.is_dir() else Path(__file__).parent.parent / "policies"


def policy_finder() -> Callable[[str], Policy]:
    """Load policies by path or by the name of a shipped one, each once."""

    @lru_cache(maxsize=32)
    def find(name: str) -> Policy:
        path = Path(name if Path(name).suffix else f"{name}.yaml")
        shipped = policy_folder()
        return load_policy(path if path.exists() else shipped / path.name, (shipped,))

    return find


def post(config: Config) -> Post:
    """How mail leaves; without a server none does, and buttons that need it are absent."""
    url = config.get("FLUISTER_SMTP_URL")
    if not url:
        return Post()
    sender = config.get("FLUISTER_MAIL_FROM") or config.get("FLUISTER_TEAM_ADDRESS")
    if not sender:
        raise ConfigError("FLUISTER_SMTP_URL is set: FLUISTER_MAIL_FROM is needed as well.")
    return Post(parse_smtp_url(url), sender)


def prepare(config: Config) -> None:
    """Make the data folder, readable by this user alone."""
    try:
        config.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise ConfigError(
            f"FLUISTER_DATA_DIR: {config.data_dir} cannot be made ({type(error).__name__})."
        ) from None


def keyring(config: Config) -> Keyring:
    """The master key: the one given, else the one in the data folder, made at the first start."""
    given = config.get("FLUISTER_SECRET_KEY")
    return Keyring.from_secret(given or _key_from(config.data_dir / KEY_FILE))


def _key_from(path: Path) -> str:
    with contextlib.suppress(FileExistsError):
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_urlsafe(48))
    found = path.read_text("utf-8").strip()
    if len(found) < 32:
        raise ConfigError(f"{path} holds no usable key: restore it from a backup.")
    return found


def work_url(url: str) -> str:
    """Where the work engine keeps its rows: beside an SQLite file, or in the same PostgreSQL."""
    if not url.startswith("sqlite"):
        return url
    return url.removesuffix(".db") + ".work.db"


def moment(text: str, zone: str) -> datetime:
    """Read "2026-12-24T19:00" as local time of `zone`; aware instants are kept."""
    given = datetime.fromisoformat(text)
    return (given if given.tzinfo else given.replace(tzinfo=ZoneInfo(zone))).astimezone(UTC)

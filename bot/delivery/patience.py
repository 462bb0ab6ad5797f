"""Work that outlives a database that is away for a while."""

from collections.abc import Awaitable, Callable

from bot.errors import FluisterError, StorageError
from bot.work.jobs import Again, Handler, Job, Outcome

AGAIN_AFTER = 30.0
Submit = Callable[[Job], Awaitable[None]]


def patient(handler: Handler) -> Handler:
    """Call the handler again for as long as storage refuses: a full disk must not end a plan."""

    async def call(ids: tuple[str, ...]) -> Outcome:
        try:
            return await handler(ids)
        except StorageError:
            return Again(AGAIN_AFTER)

    return call


def plain(submit: Submit) -> Submit:
    """Say it as a `StorageError` when the work database refuses a job; it may be told again."""

    async def call(job: Job) -> None:
        try:
            await submit(job)
        except FluisterError:
            raise
        except Exception as error:  # noqa: BLE001 - drivers have errors of many families
            raise StorageError(f"hand on work: it was refused ({type(error).__name__})") from None

    return call

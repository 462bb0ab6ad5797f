"""Work that outlives a database that is away for a while."""

from bot.errors import StorageError
from bot.work.jobs import Again, Handler, Outcome

AGAIN_AFTER = 30.0


def patient(handler: Handler) -> Handler:
    """Call the handler again for as long as storage refuses: a full disk must not end a plan."""

    async def call(ids: tuple[str, ...]) -> Outcome:
        try:
            return await handler(ids)
        except StorageError:
            return Again(AGAIN_AFTER)

    return call

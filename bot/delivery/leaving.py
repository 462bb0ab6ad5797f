"""A colleague leaves: everything about them goes, and that somebody did it is written down."""

from collections.abc import Iterable

from bot.core.events import Account
from bot.errors import SettingError
from bot.storage.records import Person
from bot.storage.repository import Repository


async def manages_alone(repository: Repository, org: str, accounts: Iterable[Account]) -> bool:
    """Whether nobody could manage the school without these accounts."""
    admins = frozenset(await repository.admins(org))
    return bool(admins) and admins <= frozenset(accounts)


async def let_go(repository: Repository, person: Person, by: str) -> None:
    """Destroy everything about a colleague; `by` is who asked, as the record keeps it.

    `SettingError` "beheer.error.last_admin" when nobody could manage the school afterwards.
    """
    if await manages_alone(repository, person.org, person.accounts):
        raise SettingError("beheer.error.last_admin")
    await repository.forget_person(person.id)
    await repository.note_change(person.org, by, "colleague_removed")

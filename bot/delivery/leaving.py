"""A colleague leaves: everything about them goes, and that somebody did it is written down."""

from bot.errors import SettingError
from bot.storage.records import Person
from bot.storage.repository import Repository


async def let_go(repository: Repository, person: Person, by: str) -> None:
    """Destroy everything about a colleague; `by` is who asked, as the record keeps it.

    `SettingError` "beheer.error.last_admin" when nobody could manage the school afterwards.
    """
    admins = {(one.platform, one.user) for one in await repository.admins(person.org)}
    theirs = {(one.platform, one.user) for one in person.accounts}
    if admins and admins <= theirs:
        raise SettingError("beheer.error.last_admin")
    await repository.forget_person(person.id)
    await repository.note_change(person.org, by, "colleague_removed")

"""Who belongs to the school: what is said and kept there is for nobody else."""

from bot.core.events import Account, ChatRef
from bot.delivery.house import House
from bot.errors import DeliveryError


async def belongs(house: House, account: Account) -> bool:
    """Whether somebody is in a team group now, is an admin, or was listed by the school.

    Who speaks to us alone may be anybody on the platform. While there is no team group, nothing
    is kept that could be told. Who is on another platform than the team must have used a code.
    """
    if await house.repository.is_admin(account):
        return True
    school = (await house.school()).school
    teams = [chat.ref for chat in await house.repository.chats(school.id) if chat.is_team]
    inside = [await _inside(house, t, account) for t in teams if t.platform == account.platform]
    if not teams or True in inside:
        return True
    person = await house.person(account)
    if person is None:
        return False
    return bool(person.email) or not inside or None in inside


async def _inside(house: House, chat: ChatRef, account: Account) -> bool | None:
    """Whether somebody is in a group; none when the platform does not say."""
    try:
        return await house.adapter(chat.platform).is_member(chat, account)
    except DeliveryError:
        return None

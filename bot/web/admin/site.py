"""Every admin route in one place; new subjects add their pages here."""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from bot.delivery.groups import Groups
from bot.delivery.house import House
from bot.delivery.leftovers import Leftovers
from bot.delivery.rest import Rest as Nights
from bot.delivery.resting import Resting
from bot.web.admin.channels import ChannelPages
from bot.web.admin.door import Answer, Door, Guest, Page
from bot.web.admin.own import OwnPages
from bot.web.admin.protocol import ProtocolPages
from bot.web.admin.quiet import QuietPages

UPLOADS = {"/beheer/rusttijd/agenda": 2_500_000, "/beheer/mijn/agenda": 2_500_000}


def admin_routes(
    house: House, nights: Nights, resting: Resting, groups: Groups, leftovers: Leftovers
) -> list[BaseRoute]:
    """The routes of every admin page; `UPLOADS` are the paths that take files."""
    door = Door(house)
    quiet, own = QuietPages(house, nights, door), OwnPages(house, resting, door)
    protocol = ProtocolPages(house, door)
    channels = ChannelPages(house, groups, leftovers, door)

    def admin(page: Page) -> Answer:
        return door.open_to(page, admin=True)

    def member(page: Page) -> Answer:
        return door.open_to(page, admin=False)

    return [
        Route("/beheer", member(_home)),
        Route("/beheer/in/{token}", door.link),
        Route("/beheer/in", door.enter, methods=["POST"]),
        Route("/beheer/uit", member(door.leave), methods=["POST"]),
        Route("/beheer/rusttijd", admin(quiet.page)),
        Route("/beheer/rusttijd/stand", admin(quiet.state)),
        Route("/beheer/rusttijd/zeg", admin(quiet.say), methods=["POST"]),
        Route("/beheer/rusttijd/bezorg", admin(quiet.release), methods=["POST"]),
        Route("/beheer/rusttijd/agenda", admin(quiet.upload), methods=["POST"]),
        Route("/beheer/rusttijd.ics", member(quiet.download)),
        Route("/beheer/mijn", member(own.page)),
        Route("/beheer/mijn/stand", member(own.state)),
        Route("/beheer/mijn/zeg", member(own.say), methods=["POST"]),
        Route("/beheer/mijn/agenda", member(own.upload), methods=["POST"]),
        Route("/beheer/protocol", admin(protocol.page)),
        Route("/beheer/protocol/stand", admin(protocol.state)),
        Route("/beheer/protocol/verschil", admin(protocol.compare)),
        Route("/beheer/protocol/kies", admin(protocol.change), methods=["POST"]),
        Route("/beheer/kanalen", admin(channels.page)),
        Route("/beheer/kanalen/stand", admin(channels.state)),
        Route("/beheer/kanalen/plaats", admin(channels.place), methods=["POST"]),
        Route("/beheer/kanalen/beheerder", admin(channels.admin), methods=["POST"]),
        Route("/beheer/kanalen/verwijder", admin(channels.remove), methods=["POST"]),
        Route("/beheer/kanalen/opnieuw", admin(channels.retry), methods=["POST"]),
    ]


async def _home(request: Request, guest: Guest) -> Response:
    del request
    return RedirectResponse("/beheer/rusttijd" if guest.admin else "/beheer/mijn", 303)

"""The few words this platform alone needs: the Home tab and the page after connecting.

Dutch with English below it, since an adapter does not know the school's language.
"""

from html import escape

from bot.adapters.base import Button
from bot.adapters.slack.blocks import Block, blocks
from bot.adapters.slack.values import DISCONNECT

CONNECTED = (
    (
        "Gelukt. Fluister kan een vertrouwelijk bericht van jou nu zelf weghalen, en alleen van"
        " jou. Je kunt dit venster sluiten."
    ),
    (
        "Done. Fluister can now take away a confidential message of yours, and only yours. You can"
        " close this window."
    ),
)
NOT_CONNECTED = (
    "Dat lukte niet. Open in Slack de Home-tab van Fluister en probeer het nog een keer.",
    "That did not work. Open Fluister's Home tab in Slack and try again.",
)
_HOME = (
    (
        "Hoi, ik ben Fluister. Ik help je om vertrouwelijke berichten uit de groep te houden. Stuur"
        " me hier een bericht met je vraag, of typ /magditdelen."
    ),
    (
        "Hi, I am Fluister. I help you keep confidential messages out of the group. Send me a"
        " message with your question here, or type /magditdelen."
    ),
)
_MAY_CONNECT = (
    (
        "Slack laat mij geen berichten van anderen verwijderen. Koppel je je account, dan haal ik"
        " een vertrouwelijk bericht van jou voor je weg. Je kunt dit altijd weer stoppen."
    ),
    (
        "Slack does not let me delete other people's messages. If you connect your account, I can"
        " take away a confidential message of yours for you. You can stop this at any time."
    ),
)
_IS_CONNECTED = (
    "Je account is gekoppeld: ik kan een vertrouwelijk bericht van jou voor je weghalen.",
    "Your account is connected: I can take away a confidential message of yours for you.",
)
_CANNOT = (
    (
        "Slack laat mij geen berichten van anderen verwijderen. Daarom vraag ik je soms om dat zelf"
        " te doen."
    ),
    "Slack does not let me delete other people's messages. That is why I may ask you to do it.",
)


def home(connected: bool, connect_url: str) -> Block:
    """The Home tab of one member; without an address nobody can connect."""
    state = _IS_CONNECTED if connected else _MAY_CONNECT if connect_url else _CANNOT
    button = None
    if connected:
        button = Button("Ontkoppelen (disconnect)", DISCONNECT)
    elif connect_url:
        button = Button("Koppel mijn account (connect)", url=connect_url)
    said = "\n\n".join((_HOME[0], state[0], _HOME[1], state[1]))
    return {"type": "home", "blocks": blocks(said, ((button,),) if button else ())}


def page(said: tuple[str, str]) -> str:
    """A page without anything but words."""
    dutch, english = (escape(one) for one in said)
    return (
        '<!doctype html><html lang="nl"><head><meta charset="utf-8"><title>Fluister</title></head>'
        f'<body><p>{dutch}</p><p lang="en">{english}</p></body></html>'
    )

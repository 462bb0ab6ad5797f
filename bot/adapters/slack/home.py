"""The few words this platform alone needs: the Home tab and the page after connecting.

Dutch with English below it, since an adapter does not know the school's language.
"""

from html import escape

from bot.adapters.base import Button, Panel
from bot.adapters.slack.blocks import Block, blocks
from bot.adapters.slack.consent import Consent
from bot.adapters.slack.values import DISCONNECT, FORM, LEND, LEND_NOT, QUIET_OFF, QUIET_ON

ACTION_OF_PANEL = "panel"
_LINE: Block = {"type": "divider"}

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
        " een vertrouwelijk bericht van jou voor je weg, en zet ik je Slack na werktijd op niet"
        " storen. Je kunt dit altijd weer stoppen."
    ),
    (
        "Slack does not let me delete other people's messages. If you connect your account, I can"
        " take away a confidential message of yours for you, and set your Slack to do not disturb"
        " after work. You can stop this at any time."
    ),
)
_IS_CONNECTED = (
    "Je account is gekoppeld: ik kan een vertrouwelijk bericht van jou voor je weghalen.",
    "Your account is connected: I can take away a confidential message of yours for you.",
)
_IS_QUIET = (
    "Buiten je werktijd zet ik je Slack op niet storen, tot je weer werkt.",
    "Outside your working time I set your Slack to do not disturb, until you work again.",
)
_NOT_QUIET = (
    "Je meldingen laat ik zoals ze zijn.",
    "I leave your notifications as they are.",
)
_MAY_LEND = (
    (
        "Je bent beheerder van deze werkruimte. Leen je me dat recht, dan haal ik een vertrouwelijk"
        " bericht ook weg bij collega's die hun account niet koppelden. Daar gebruik ik het alleen"
        " voor."
    ),
    (
        "You are an administrator of this workspace. If you lend me that right, I can also take"
        " away a confidential message of colleagues who did not connect. I use it for nothing else."
    ),
)
_WORKSPACE = (
    (
        "Zet in Slack ook het standaard meldingsrooster van de werkruimte op de werktijden van het"
        " team. Dat geldt dan ook voor collega's die niet koppelden."
    ),
    (
        "In Slack, set the workspace's default notification schedule to the team's working hours as"
        " well. That also holds for colleagues who did not connect."
    ),
)
_LENDS = (
    "Je leent me je recht als beheerder om vertrouwelijke berichten van collega's weg te halen.",
    "You lend me your right as an administrator to take away colleagues' confidential messages.",
)
_CANNOT = (
    (
        "Slack laat mij geen berichten van anderen verwijderen. Daarom vraag ik je soms om dat zelf"
        " te doen."
    ),
    "Slack does not let me delete other people's messages. That is why I may ask you to do it.",
)


def home(
    consent: Consent | None, connect_url: str, *, admin: bool = False, panel: Panel | None = None
) -> Block:
    """The Home tab of one member; without an address nobody can connect.

    `admin` says that the member administers the workspace, `panel` what the app tells them.
    """
    state = _IS_CONNECTED if consent else _MAY_CONNECT if connect_url else _CANNOT
    shown = blocks("\n\n".join(_HOME), ())
    if panel is not None:
        forms = tuple((Button(one.label, FORM + one.token),) for one in panel.forms)
        shown += [_LINE, *blocks(panel.text, forms, ACTION_OF_PANEL)]
    said = (
        [state]
        + ([_quiet(consent)] if consent else [])
        + ([_LENDS if consent.lends else _MAY_LEND] if consent and admin else [])
        + ([_WORKSPACE] if admin else [])
    )
    words = "\n\n".join("\n".join(one) for one in said)
    shown += [_LINE, *blocks(words, _choices(consent, connect_url, admin=admin))]
    return {"type": "home", "blocks": shown}


def _choices(
    consent: Consent | None, connect_url: str, *, admin: bool
) -> tuple[tuple[Button, ...], ...]:
    if consent is None:
        label = "Koppel mijn account (connect)"
        return ((Button(label, url=connect_url),),) if connect_url else ()
    quiet = Button("Wel geluid (sounds on)", QUIET_OFF)
    if not consent.quiet:
        quiet = Button("Stil na werktijd (quiet)", QUIET_ON)
    rows = [(quiet,)] if "dnd:write" in consent.scopes else []
    if admin:
        lent = Button("Stop daarmee (stop lending)", LEND_NOT)
        rows.append((lent if consent.lends else Button("Leen mijn recht (lend)", LEND),))
    return (*rows, (Button("Ontkoppelen (disconnect)", DISCONNECT),))


def _quiet(consent: Consent) -> tuple[str, str]:
    return _IS_QUIET if consent.silences else _NOT_QUIET


def page(said: tuple[str, str]) -> str:
    """A page without anything but words."""
    dutch, english = (escape(one) for one in said)
    return (
        '<!doctype html><html lang="nl"><head><meta charset="utf-8"><title>Fluister</title></head>'
        f'<body><p>{dutch}</p><p lang="en">{english}</p></body></html>'
    )

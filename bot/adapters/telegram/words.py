"""The few words Telegram shows by itself: the command menu and the way to the private chat.

They are settings of the bot at Telegram, not messages, so they are not in the catalogue of texts.
"""

from types import MappingProxyType

from telegram import (
    BotCommandScope,
    BotCommandScopeAllChatAdministrators,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
)

START_LABEL = "Open de privéchat"
START_PAYLOAD = "hallo"

MEMBERS = ("magditdelen", "dringend", "stilte", "vrij", "help")
ADMINS = (*MEMBERS, "instellen")
PRIVATE = ("magditdelen", "dringend", "stilte", "vrij", "watweetje", "vergeetmij", "help")

MENUS: tuple[tuple[tuple[str, ...], BotCommandScope], ...] = (
    (PRIVATE, BotCommandScopeAllPrivateChats()),
    (MEMBERS, BotCommandScopeAllGroupChats()),
    (ADMINS, BotCommandScopeAllChatAdministrators()),
)

# "" is the language of everybody for whom no other list was set.
DESCRIPTIONS = MappingProxyType(
    {
        "": {
            "magditdelen": "Vraag of je iets mag delen",
            "dringend": "Wie kan ik nu bellen?",
            "stilte": "Wanneer is het rusttijd?",
            "vrij": "Wanneer ben ik vrij?",
            "help": "Wat kan Fluister voor je doen?",
            "instellen": "Fluister instellen (beheerder)",
            "watweetje": "Wat bewaart Fluister over mij?",
            "vergeetmij": "Wis wat Fluister over mij bewaart",
        },
        "en": {
            "magditdelen": "Ask whether you may share something",
            "dringend": "Whom can I call now?",
            "stilte": "When are the quiet hours?",
            "vrij": "When am I off?",
            "help": "What can Fluister do for you?",
            "instellen": "Set up Fluister (administrator)",
            "watweetje": "What does Fluister keep about me?",
            "vergeetmij": "Erase what Fluister keeps about me",
        },
    }
)

"""What an attachment's caption and file name say about it; its pixels and sound are not looked at."""  # noqa: E501

import re
from collections.abc import Iterator

from bot.core.findings import Category
from bot.detection.cues import KIN, PUPIL, words
from bot.detection.judge import Sign
from bot.detection.sheet import Sheet

KINDS = frozenset({"photo", "document", "voice", "video", "other"})
_GROUP = words(
    r"groep [1-8]\w?",
    r"groep [A-Z]\w+",
    r"klas",
    r"[1-8][a-h]",
    r"groepsfoto",
    r"klassenfoto",
    r"kleuters",
    r"[1-4](?:kb|bb|tl|vmbo|bbl)\w*",
)
_SOMEBODY = words(
    r"hij|zij|hem|haar|hun|deze (?:jongen|dame|heer|man|vrouw|meid|kanjers?|toppers?|boef\w*|twee|drie)|wie (?:is|kent|herkent)",  # noqa: E501
    r"gezicht\w*|selfie|ouders|kinderen|kids|kleintjes|kanjers?|toppers?|helden|boefjes?|schatjes?|duo|trio|iedereen erop",  # noqa: E501
    r"allemaal erop|z'n|zn|gips|blote?|slaap|in slaap|huilen\w*",
)
_PICTURED = words(
    r"camerabeeld\w*|beelden|screenshot\w*|schermafbeelding|still|filmpje|wie (?:kent|herkent)|foto van (?:hem|haar|zijn|die|dat)"  # noqa: E501
)
_PAPER = words(
    r"\w*dossier\w*|inlogcodes?|wachtwoorden|paspoort\w*|id-?kaart|\w*rapport van|verklaring van|verslag van|brief van",  # noqa: E501
    r"diagnose|recept|medicatie\w*|leerlinglijst|klassenlijst|toets van|loonstrook\w*|contract|opp van|handelingsplan",  # noqa: E501
)
_OBJECT = words(
    r"zonder kinderen|lege|leeg|kabel\w*|digibord|beamer|printer|rooster|plattegrond|poster|flyer|knutsel\w*|visitekaartje",  # noqa: E501
    r"menu|recept|schema|bord|gevonden|sleutel\w*|jas|tas|kapot\w*|lekkage|taart|cadeau|bloemen|versier\w*|opstelling|lokaal",
    r"logo|kast|koffie\w*|stoel|hek|container|bestelling|factuur|kassabon|bonnetje|muur|plant\w*|konijn|hamster|hond|kat",
)
_FILE = re.compile(
    r"(?:leerling|klassen|groeps|absentie|presentie|adres|telefoon|medicatie|overdrachts?|cijfer|incident|nood)[ _-]?"  # noqa: E501
    r"(?:lijst|overzicht|formulier|scores?|gegevens)|dossier|(?:^|[ _-])(?:opp|tlv|okr|mdo|zat|vog|hgw)(?:[ _.-]|$)|"  # noqa: E501
    r"handelingsplan|groeidocument|overdracht|gespreksverslag|zorgverslag|incident|loonstrook|salaris|"
    r"arbeids(?:overeenkomst|contract)|paspoort|id-?kaart|beschikking|diagnos|onderzoeksverslag|"
    r"psycholog|leerlingen\.|toestemming.*avg|export.*(?:parnassys|esis|magister|somtoday)|ziekmelding|verzuim",
    re.IGNORECASE,
)
_DOCUMENT = words(
    r"\w*dossiers?|klassenlijst\w*|leerling(?:en)?lijst\w*|adressenlijst\w*|absentielijst\w*|noodlijst\w*|namenlijst\w*",
    r"overdracht\w*|handelingsplan(?:nen)?|groeidocument\w*|gespreksverslag\w*|incident\w*(?:formulier|melding|verslag)",
    r"verslag(?:en)?|notulen (?:zorg\w*|mdo|van het gesprek)|onderwijskundig rapport|okr|tlv\w*|opp'?s?|medicatielijst\w*",  # noqa: E501
    r"\w*scores|cijferlijst\w*|rapporten van|loonstro\w*|formatielijst\w*|salaris\w*|contract(?:en)? van|beschikking\w*",  # noqa: E501
    r"aanmeldformulier\w*|inschrijfformulier\w*|kopie (?:van|paspoort|id)\w*|paspoort\w*|rechtbank\w*|beoordeling\w*",  # noqa: E501
    r"sollicitatiebri\w*|cv|cv's|onderzoeksverslag\w*|diagnos\w*|verzuimoverzicht\w*|toestemmingslijst\w*|telefoonlijst\w*",
    r"belastinggegevens|jaaropgave\w*|verzuimlijst\w*|zorglijst\w*|allergie[eë]nlijst\w*|dieetlijst\w*|groepsoverzicht\w*",
    r"leerlingoverzicht\w*|excel met|lijst (?:met|van) (?:alle )?(?:namen|leerlingen|ouders|kinderen|adressen)\w*|onderzoek van",  # noqa: E501
)
_BLANK = words(
    r"leeg|lege|blanco|format|sjabloon|voorbeeld|stroomschema|protocol|\w*planning|werkwijze|algemene?|beleid\w*",
    r"openbaar|mag gedeeld|handleiding|instructie|inspectie\w*|teamvergadering|studiedag|mr|ouderraad|geanonimiseerd\w*",  # noqa: E501
)


def signs(
    sheet: Sheet, attachments: tuple[str, ...], file_names: tuple[str, ...], named: bool
) -> Iterator[Sign]:
    """What speaks for confidential pictures or papers among the attachments."""
    text = sheet.text
    if {"photo", "video"} & set(attachments):
        yield from _picture(text, named)
    if "document" in attachments or file_names:
        yield from _paper(text, named)
    for name in file_names:
        if _FILE.search(name) and not _BLANK.search(re.sub(r"[_.]", " ", name)):
            yield Sign(Category.CONFIDENTIAL_DOCUMENT, "seen.document", 0.8)


def _picture(text: str, named: bool) -> Iterator[Sign]:
    if _PAPER.search(text) and not _BLANK.search(text):
        yield Sign(Category.CONFIDENTIAL_DOCUMENT, "seen.document", 0.75)
    person = PUPIL.search(text) or KIN.search(text) or _SOMEBODY.search(text) or _GROUP.search(text)
    thing = _OBJECT.search(text)
    if re.search(r"\bzonder (?:kinderen|leerlingen|kids)\b", text, re.IGNORECASE):
        return
    if _PICTURED.search(text) or (named and not thing) or (person and not thing):
        yield Sign(Category.IMAGE, "seen.image", 0.8 if named or _PICTURED.search(text) else 0.65)
    elif named or person:
        yield Sign(Category.IMAGE, "seen.image", 0.55 if named and person else 0.3)


def _paper(text: str, named: bool) -> Iterator[Sign]:
    found = _DOCUMENT.search(text)
    if found and (named or not _BLANK.search(text)):
        yield Sign(Category.CONFIDENTIAL_DOCUMENT, "seen.document", 0.85 if named else 0.7)


def harmless_paper(text: str) -> bool:
    """Whether the words beside a paper call it an empty form, a plan or something for everybody."""
    return bool(_BLANK.search(text)) and not _DOCUMENT.search(text)


def unchecked(attachments: tuple[str, ...], text: str) -> tuple[str, ...]:
    """The kinds of attachment nobody looked into: a voice message with a transcript was heard."""
    heard = bool(text.strip())
    return tuple(dict.fromkeys(k for k in attachments if not (k == "voice" and heard)))

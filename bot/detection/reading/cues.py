"""What Dutch school staff write when they mean a fact; whole words, no case, bounded patterns."""

import re
from collections.abc import Mapping
from types import MappingProxyType

from bot.detection.cues import words

Table = Mapping[str, re.Pattern[str]]


def _table(**rows: re.Pattern[str]) -> Table:
    return MappingProxyType(rows)


URGENT = words(
    r"dringend\w*", r"spoed\w*", r"urgent\w*", r"nood(?:geval)?", r"noodsituatie", r"112",
    r"calamiteit\w*", r"ingebroken", r"inbraak", r"brand(?:alarm|weer)?", r"vermist\w*", r"lekt",
    r"lekkage", r"wateroverlast", r"gaslucht", r"gaslek", r"overstroming", r"stormschade",
    r"ontruim\w*", r"ongeluk", r"ongeval", r"(?:morgen|vandaag|straks) (?:is de school )?dicht",
    r"school (?:is|blijft|gaat) (?:morgen |vandaag )?dicht", r"kan niet wachten", r"asap",
    r"nu meteen (?:lezen|bellen|komen|reageren)", r"zo snel mogelijk",
)  # fmt: skip
QUIET = words(
    r"weekend\w*", r"zaterdag\w*", r"zondag\w*", r"vakantie\w*", r"\w+vakantie", r"'s avonds",
    r"s avonds", r"vanavond", r"\w*avond laat", r"laat op de avond", r"'s nachts", r"vannacht",
    r"midden in de nacht", r"middernacht", r"vrije (?:dag|tijd)\w*", r"verlof", r"feestdag\w*",
    r"(?:eerste|tweede) (?:kerst|paas|pinkster)dag", r"avondeten", r"\w+avond appen",
    r"vrijdagavond", r"(?:zater|zon)dag\w*", r"(?:maan|dins|woens|donder)dagavond",
    r"buiten (?:werktijd|schooltijd|kantoortijd)\w*", r"na werktijd", r"(?:na|om) (?:20|21|22|23)(?:[:.]\d\d)? ?(?:u|uur)?",
    r"(?:2[0-3]|0?[0-6])[:.][0-5]\d(?: ?u(?:ur)?)?", r"2[0-3] ?u(?:ur)?", r"na (?:acht|negen|tien|elf|twaalf)en",
    r"half (?:tien|elf|twaalf) 's avonds", r"(?:negen|tien|elf|twaalf) uur 's avonds", r"strand",
    r"op mijn vrije \w+", r"nog zo laat", r"zo laat nog",
)  # fmt: skip
WORKDAY = words(r"ma(?:an)?dag(?:ochtend|middag)", r"onder werktijd", r"tijdens werktijd")
DOUBT = words(
    r"(?:ik )?twijfel\w*", r"weet (?:het )?niet (?:zeker|goed)", r"weet niet of", r"niet zeker of",
    r"ben (?:er )?niet zeker", r"is (?:dit|dat) handig", r"grensgeval", r"aarzel\w*",
    r"heb (?:er )?(?:mijn )?twijfels",
)  # fmt: skip
DUTY = words(
    r"moet ik", r"moeten (?:we|wij|ze|collega's)", r"ben ik verplicht", r"verplicht",
    r"hoor ik", r"word ik geacht", r"niet (?:reageert|antwoordt|opneemt)", r"hoef ik",
    r"eisen dat (?:iedereen|collega's|ze)",
)  # fmt: skip
LEADER = words(
    r"(?:ik ben|als|ben ik) (?:\w+ ){0,2}(?:directeur|directrice|schoolleider|teamleider|rector|conrector|"
    r"locatieleider|leidinggevende|afdelingsleider|adjunct|bestuurder|bouwco[oö]rdinator)",
    r"ik (?:leid|geef leiding aan)",
)  # fmt: skip
BOARD = words(r"(?:ik ben|als) (?:\w+ ){0,2}(?:bestuurder|bestuurslid|toezichthouder)")

AUDIENCE = _table(
    team=words(
        r"(?:hele|voltallige) (?:school)?team", r"het team", r"ons team", r"teamapp", r"team-?app",
        r"teamgroep\w*", r"team-?groep", r"alle collega'?s", r"teamleden", r"iedereen op school",
        r"personeelsapp", r"collega-?app", r"team@\w*", r"teamchat", r"personeelsgroep", r"lerarenapp",
    ),
    class_parents=words(
        r"(?:de|alle|onze|mijn|andere) ouders", r"ouder(?:s)?-?(?:groep|app)\w*", r"ouder-groepsapp",
        r"klassenapp", r"klassen-?app", r"groepsapp (?:van|voor|met) (?:de )?ouders", r"klasapp",
        r"whatsapp-?groep van de ouders", r"ouders van (?:mijn|de|onze) (?:groep|klas)\w*",
        r"oudercommissie", r"medezeggenschapsraad", r"ouderraad", r"nieuwsbrief", r"ouders van groep \w+",
        r"hele groep", r"klassenouders?", r"weekbericht",
    ),
    parent=words(
        r"(?:aan|naar|met|via parro|voor) (?:een|de|zijn|haar|die) (?:ouder|moeder|vader|mama|papa)",
        r"(?:een|die|deze) (?:ouder|moeder|vader)", r"ouders van [A-Z]\w+", r"verzorgers?", r"voogd",
        r"ouders? (?:mailde|schreef|vraagt|appt|klaagt|stuurt)\w*", r"ook ouders", r"praten ouders",
    ),
    pupil=words(
        r"(?:een|die|deze|aan een|met een) (?:leerling|oud-leerling)\w*", r"leerlingen (?:volgen|appen|berichten|via)",
        r"(?:met|voor|naar|aan|via) (?:mijn |de |onze )?leerlingen", r"mentorleerlingen", r"examenklas",
        r"(?:met|voor) mijn (?:groep|klas)(?: \w+)?",
    ),
    colleague=words(
        r"(?:een|mijn|naar|aan|met een|die) collega(?:'s)?", r"mijn duo\w*", r"duo-?(?:collega|partner|overdracht|overleg)",
        r"invaller", r"stagiaire?", r"(?:de )?ib'?er\w*", r"intern begeleider", r"zorgco[oö]rdinator",
        r"conci[eë]rge", r"(?:mijn|de) (?:teamleider|directeur|leidinggevende|mentor)", r"onderwijsassistente?",
        r"collega", r"gedragsspecialist", r"schoolmaatschappelijk werker",
    ),
    press=words(
        r"journaliste?n?", r"krant", r"omroep", r"(?:de )?pers", r"tv(?:-programma)?", r"redactie", r"radio",
        r"interview\w*", r"blogger", r"verslaggever", r"nos", r"rtl", r"weekblad",
    ),
    outsider=words(
        r"oma", r"opa", r"mijn (?:man|vrouw|partner|vriend|vriendin|zus|broer|moeder|vader|buurvrouw|buurman)",
        r"thuisfront", r"buren", r"kennis", r"familie", r"priv[eé]-?e?mail\w*", r"gmail", r"hotmail",
        r"eigen mail(?:adres)?", r"outlook\.com", r"externe?n?", r"leverancier",
    ),
    public=words(
        r"openbaar", r"openbare", r"publiek", r"iedereen kan", r"online", r"op internet", r"op het web",
        r"website", r"(?:school)?site", r"schoolpagina", r"pagina", r"blogs?", r"blog ik", r"weblog", r"\w+blog", r"youtube", r"podcast",
        r"facebook\w*", r"insta(?:gram)?\w*", r"tiktok", r"linkedin", r"twitter", r"tweets?", r"getweet",
        r"op x", r"threads", r"snapchat", r"story", r"posten", r"post(?:te)?", r"google-?review", r"review", r"bluesky",
    ),
)  # fmt: skip

CHANNEL = _table(
    parro=words(r"parro\w*"),
    closed_app=words(r"magister", r"somtoday", r"social schools", r"klasbord", r"schoolapp"),
    linkedin_group=words(r"linkedin-?groep"),
    social_media=words(
        r"facebook\w*", r"insta(?:gram)?\w*", r"tiktok", r"linkedin\w*", r"twitter", r"tweets?", r"getweet",
        r"(?:op|via|naar) x", r"threads", r"snapchat", r"youtube", r"socials?", r"sociale? media", r"social media",
        r"blogs?", r"blog ik", r"weblog", r"\w+blog", r"podcast", r"online", r"op internet", r"website", r"(?:school)?site", r"schoolpagina",
        r"\w*pagina", r"story", r"posten", r"retweet", r"google-?review", r"review", r"reel", r"bluesky", r"openbare groep",
    ),
    team_group=words(
        r"team-?app", r"team-?groep\w*", r"teamchat", r"personeelsapp", r"personeelsgroep", r"collega-?app", r"lerarenapp",
        r"groepsapp (?:van|met) (?:het|ons) team", r"whatsapp-?groep van (?:het|ons) team", r"team-?whatsapp",
        r"groepsapp van school",
    ),
    whatsapp=words(
        r"whats-?app\w*", r"wapp", r"appje?s?", r"app(?:en|t|te)", r"geappt", r"signal", r"telegram",
        r"groepsapp", r"oudersapp", r"ouderapp", r"ouders?-?groep\w*", r"ouder-groepsapp", r"klassenapp", r"klasapp", r"klassen-?app",
        r"op de app", r"via de app", r"doorappen",
    ),
    mail=words(
        r"\w*e?-?mail(?:en|t|tje|de)?", r"gemaild", r"doormailen", r"team@\w*", r"nieuwsbrief", r"gmail", r"hotmail", r"schoolmail",
    ),
    phone=words(r"bellen", r"bel", r"opbellen", r"telefoneren", r"telefonisch"),
)  # fmt: skip
# Words that mean the team's group unless something says that another group is meant.
THE_GROUP = words(
    r"(?:in|uit|naar) (?:de|onze) (?:app|groep|groepsapp|groepschat|chat|appgroep|whatsapp-?groep)", r"de groep (?:in|gooien|zetten|appen)",
    r"groepsapp", r"de app",
)  # fmt: skip

ACTION = _table(
    require_app=words(
        r"(?:parro|whatsapp|app|teams) (?:\w+ ){0,3}op (?:mijn|zijn|haar|hun|je|eigen)(?: eigen)? (?:telefoon|toestel|mobiel|device)\w*",
        r"(?:moet|moeten) (?:iedereen |ik |ze |collega's |we )?(?:parro|de app|whatsapp)",
        r"parro (?:verplicht|installeren|downloaden)", r"app (?:installeren|downloaden)", r"verplicht(?:en)? (?:parro|de app)",
    ),
    correct=words(
        r"corrigeren", r"verbeteren", r"aanpassen", r"aangepast\w*", r"herstellen", r"wijzigen", r"gewijzigd", r"bewerken",
        r"rechtzetten in mijn bericht", r"correctie(?: van mij)?", r"rectificeren",
    ),
    remove=words(
        r"verwijder(?:en|d|t)?", r"weghalen", r"weggehaald", r"haal (?:\w+ ){0,4}(?:weg|offline)", r"wissen", r"wis ik",
        r"gooi (?:\w+ ){0,4}weg", r"offline halen", r"haal ik weg", r"weggooien",
    ),
    befriend=words(
        r"vriendschapsverzoek", r"vriend(?:en)?", r"bevriend\w*", r"connect(?:ie|en)?\w*", r"linkedin-uitnodiging",
        r"toevoegen als", r"wil me toevoegen", r"ontvriend\w*", r"van facebook gooien", r"accepteren",
    ),
    follow=words(r"(?:terug)?volgen", r"volgt (?:mij|me)"),
    make_group=words(
        r"(?:groepsapp|whatsapp-?groep|appgroep|klassenapp|groep) (?:\w+ ){0,3}(?:maken|aanmaken|starten|beginnen)",
        r"(?:groepsapp|whats-?app-?groep|appgroep)\w* maken", r"maken (?:\w+ ){0,3}groepsapp", r"nieuwe groepsapp",
    ),
    make_account=words(r"account (?:\w+ )?(?:maken|aanmaken)", r"accountnaam", r"onder een andere naam", r"profielfoto"),
    use_in_lesson=words(r"in (?:de|mijn) les(?:sen)? (?:\w+ ){0,3}(?:gebruiken|inzetten)"),
    share_login=words(r"inlog\w* delen", r"wachtwoord delen"),
    answer_press=words(r"(?:journalist|krant|omroep|pers|verslaggever|tv-programma) (?:\w+ ){0,6}(?:belt|vraagt|wil|zoekt)"),
    forward=words(r"doorstu(?:ren|urt|ur)", r"doorgestuurd", r"forward\w*", r"doormailen", r"retweet\w*", r"doorappen"),
    reply=words(
        r"reageer\w*", r"reageren", r"antwoord(?:en)?", r"beantwoorden", r"terugschrijven", r"terugmailen", r"terugappen",
        r"reactie", r"meepraten", r"op ingaan", r"ingaan op", r"weerleg\w*", r"tegenspreken", r"onder (?:zetten|plaatsen)",
        r"onder (?:dat|dit|een|zijn|haar|het|mijn) (?:\w+ )?(?:artikel|bericht|post|stuk|foto|filmpje|discussie)", r"meedoen aan de discussie",
        r"iets \w+ onder", r"repliceren", r"rechtzetten", r"recht te zetten",
    ),
)  # fmt: skip

ATTACHMENT = _table(
    video=words(r"film\w*", r"video\w*", r"clip\w*", r"reel", r"livestream\w*", r"vlog\w*"),
    image=words(r"\w*foto\w*", r"selfie\w*", r"plaatje\w*", r"afbeelding\w*", r"screenshot\w*", r"beeldmateriaal", r"kiekje\w*"),
    audio=words(r"geluidsopname\w*", r"opname", r"spraakbericht\w*", r"voice\w*", r"audio\w*"),
)  # fmt: skip

ABOUT = _table(
    third_party=words(
        r"oud-leerling\w*", r"oude (?:klassen|school|groeps)?foto\w*", r"klassenfoto (?:uit|van) (?:19|20)\d\d", r"van vroeger", r"reünie\w*",
        r"voorbijganger\w*", r"publiek op de foto",
    ),
    nobody=words(
        r"leeg lokaal", r"lege (?:klas|school|gang|gymzaal|aula)\w*", r"geen (?:mensen|kinderen|leerlingen|personen)(?: \w+)?",
        r"zonder (?:mensen|kinderen|leerlingen|personen)", r"niemand (?:op|te zien)", r"gebouw", r"luchtfoto", r"taart\w*", r"bloem\w*",
        r"rooster", r"plein zonder", r"leeshoek", r"schoolgebouw", r"bord", r"moestuin", r"versiering\w*", r"kerstboom", r"knutselwerk\w*",
        r"lokaal", r"gevonden voorwerp\w*", r"jas(?:sen)?", r"sleutel\w*",
    ),
    pupil=words(
        r"leerling(?:en)?", r"kind(?:eren|je)?", r"kleinkind", r"kids", r"kleuters?", r"klas", r"klassenfoto\w*", r"groepsfoto\w*", r"mijn groep",
        r"groep [1-8]\w?", r"kamp", r"sportdag", r"musical\w*", r"kerstmusical", r"kerstontbijt", r"schoolreis(?:je)?", r"excursie", r"sinterklaasfeest",
        r"klassenbezoek", r"winnende sporter", r"brugklas\w*", r"mentorklas", r"dochter", r"zoon(?:tje)?", r"koningsspelen", r"avondvierdaagse",
        r"afzwemmen", r"voorleesontbijt", r"eindmusical", r"van de groep", r"\w*kinderen", r"blessure",
    ),
    parent=words(r"(?:een|die|de) (?:moeder|vader|ouder)", r"hulpouders?"),
    colleague=words(r"collega(?:'s)?", r"teamfoto", r"team(?:uitje)?", r"juf \w+", r"meester \w+"),
    self=words(
        r"mijn gezin", r"selfie\w*", r"van mezelf", r"mijn eigen (?:vakantie\w*|foto\w*|kinderen|gezin)", r"mijn vakantie\w*", r"over mezelf",
        r"mijn hobby\w*", r"mijn nieuwe baan", r"ik een nieuwe baan", r"mijn verlof", r"ben ziek", r"ik (?:ben )?ziek",
    ),
)  # fmt: skip
UNRECOGNISABLE = words(
    r"niemand (?:is )?(?:te )?herken\w*", r"niet (?:te )?herken\w*", r"onherkenbaar\w*", r"op de rug", r"van achteren?", r"van achter",
    r"geblurd\w*", r"gezichten? (?:\w+ )?(?:geblurd|onzichtbaar|afgeplakt|wazig)", r"alleen (?:handen|voeten|handjes)",
)  # fmt: skip

LINK = words(r"link(?:je)?", r"nieuwsartikel", r"url")
PRACTICAL = words(
    r"\w*rooster", r"pleinwacht", r"gym(?:zaal|spullen|les)?", r"invaller", r"invallen", r"vervang\w*", r"koffie\w*", r"taart\w*", r"jarig",
    r"verjaardag\w*", r"borrel", r"lunch\w*", r"sleutel\w*", r"printer", r"kopieerapparaat", r"vergadering (?:begint|verplaatst|is|om|gaat)", r"parkeren",
    r"fiets\w*", r"tijd(?:stip)?", r"hoe laat", r"\w* (?:om|begint om|terug om) \d\d?[:.]\d\d", r"terug zijn", r"herinner\w*", r"hulp bij", r"om hulp vragen",
    r"wie (?:kan|wil|heeft|neemt|gaat|komt)", r"of (?:ze|hij|iemand) (?:\w+ ){0,4}(?:tijd|minuten|kan)", r"tien minuten", r"studiedag", r"traktatie\w*",
    r"gymles", r"vervalt", r"uitvallen", r"lesuitval", r"ben ziek", r"mezelf ziek", r"ziek meld\w*", r"ziekmeld\w*", r"open dag", r"kermis", r"rommelmarkt",
    r"knutselspullen", r"verplaatst", r"lokaal", r"beamer", r"wc-papier", r"pauze", r"surveill\w+", r"schoonmaak\w*", r"opruimen", r"bedank\w*", r"succes wensen",
    r"gefeliciteerd", r"feliciteren", r"cadeau\w*", r"afscheid\w*", r"inschrijv\w*", r"datum", r"lampionnen", r"fijne (?:vakantie|dagen|avond|weekend)", r"te laat",
    r"file", r"bus (?:later|komt)", r"studieavond", r"inloop", r"oversteek", r"luizen(?:controle)?", r"kapot\w*", r"(?:wifi|internet) (?:doet|ligt|werkt)",
    r"boekentip", r"recept", r"overnemen", r"overneemt", r"meenemen", r"meeneemt", r"vacature\w*", r"vrijdagmiddag", r"vermelden dat we",
)  # fmt: skip
GENERAL = words(
    r"in het algemeen", r"algemene?", r"artikel\w*", r"onderzoek\w*", r"congres", r"tips?", r"boekentips?", r"(?:nieuwe |een )baan", r"\w*onderwijs",
    r"lesidee\w*", r"leestip\w*", r"leesplezier", r"leesbevordering", r"didactiek", r"studiedag", r"cursus", r"workshop", r"vacature\w*", r"open dag",
    r"wat ik (?:\w+ )?geleerd heb", r"lesgeven", r"rekenmethode", r"methode", r"persverklaring", r"persbericht\w*", r"mijn hobby\w*", r"gezellige? \w+",
    r"lesmateriaal", r"spelling", r"rekenen", r"leesonderwijs", r"knutselidee\w*", r"vakliteratuur", r"webinar", r"mijn gezin", r"eigen gezin",
    r"mijn vakantie\w*", r"(?:mijn )?eigen vakantiefoto's",
)  # fmt: skip
OPINION = words(
    r"mijn mening", r"mening over", r"ik vind", r"(?:wij|we) vinden", r"vind dat", r"standpunt", r"wat ik (?:\w+ ){0,6}vind", r"moet(?:en)? (?:\w+ ){0,3}(?:afgeschaft|stoppen)",
    r"geen fan van", r"(?:in)?staking", r"iets (?:priv[eé] )?zeggen over", r"slecht", r"waardeloos", r"belachelijk", r"onzin", r"schandalig", r"oneens", r"kritiek",
    r"klagen over", r"gevaarlijk vind", r"doen (?:wij |we )?niet aan", r"stemadvies", r"politi(?:ek|cus|ci)\w*",
)  # fmt: skip
SCHOOL_LINK = words(
    r"(?:ons|het|mijn|onze) (?:nieuwe )?(?:\w*beleid|bestuur|school\w*|directie|directeur|team|rooster)", r"\w*beleid van (?:ons|de|het) \w+", r"onze school", r"mijn school", r"bij ons op school",
    r"(?:ons|het) bestuur", r"werkgever", r"collegaschool", r"ons vakgebied", r"nieuwe leesbeleid",
)  # fmt: skip
OFFICIAL = words(r"namens (?:de|onze) school", r"excuses", r"google-?review", r"review", r"officieel", r"woordvoerder", r"verklaring van de school")
ARGUMENT = words(
    r"klaagt?", r"klaagde", r"klachten?", r"ongelijk", r"recht te zetten", r"rechtzetten", r"oneerlijk", r"onterecht\w*", r"beschuldig\w*", r"negeren", r"discussi\w*",
    r"gediscussieerd", r"liegt", r"leugens?", r"onwaar\w*", r"boze? (?:ouder|vader|moeder|reactie|bericht)", r"uithaalt", r"afkraakt", r"zwartmaakt", r"uitscheldt?", r"verdedigen",
    r"weerleggen", r"tegenspreken", r"weerwoord", r"kritiek", r"niet klopt", r"sneer\w*", r"slecht over",
)  # fmt: skip
DISRESPECT = words(
    r"zeurpiet\w*", r"klaagmuur", r"zeikerds?", r"zeuren", r"zeurende?", r"leren lezen voordat", r"dombo'?s?", r"dom", r"sukkels?", r"lachwekkend", r"lui", r"luie",
    r"idioten?", r"aanstellers?", r"om te lachen", r"belachelijk maken", r"uitlachen", r"afzeiken", r"waardeloze (?:ouders?|collega\w*|leerling\w*)", r"tokkies?", r"stelletje",
)  # fmt: skip
INSULT = words(
    r"eikel", r"klootza\w+", r"hufters?", r"trut(?:ten)?", r"kutwijf", r"kreng", r"lul(?:len)?", r"schoft", r"teringlijer", r"kankerlijer", r"hoer", r"mongool", r"debiel",
    r"achterlijke?", r"rotzak", r"smeerlap", r"etterbak", r"tyfuslijer", r"randdebiel", r"kutkind", r"rotwijf", r"loser",
)  # fmt: skip
AIMED = words(
    r"wat (?:is|een)", r"die (?:vader|moeder|ouder|collega|leerling|vent|vrouw|man|jongen|meid|wijf)\w*", r"hij is", r"zij is", r"ze is", r"jij bent", r"je bent", r"u bent", r"jullie zijn",
    r"zo'n", r"stomme", r"vuile",
)  # fmt: skip
EMBARRASSING = words(r"biert?jes?", r"bier", r"dronken", r"bikini\w*", r"bloot", r"blote", r"halfnaakt", r"joint", r"aangeschoten", r"wijn(?:tjes)?", r"shotjes?", r"polonaise", r"kater")
CLAIM = words(
    r"alles zeggen", r"alles (?:posten|plaatsen|delen)", r"(?:jouw|jullie) schuld", r"niet (?:meer )?verantwoordelijk", r"maakt het (?:dan )?niet uit", r"mag wel eens toch",
    r"dan ben ik gedekt", r"gedekt", r"vrijgepleit", r"kan mij niets gebeuren", r"niet strafbaar", r"niemand (?:die )?(?:dat|het) (?:ziet|merkt)",
)  # fmt: skip
QUOTE = words(r"cite(?:ren|er)\w*", r"citaat", r"quotes?", r"zin uit (?:een|dat|het) boek", r"uitspraak", r"aanhalen")
OTHERS_WORK = words(
    r"cartoon\w*", r"strip\w*", r"(?:les|werk|lees|reken)boek\w*", r"hoofdstuk\w*", r"bladzijden?", r"pagina's uit", r"kopi[eë]ren", r"kopie uit", r"muziek", r"liedje\w*", r"nummer van",
    r"songtekst\w*", r"(?:pers|stock|lucht)foto\w*", r"schoolfotograaf", r"fotograaf\w*", r"plaatje\w* (?:van|via|op|uit) (?:\w+ ){0,3}(?:internet|google)", r"van google", r"van internet",
    r"(?:op|via|van) (?:\w+ )?internet gevonden", r"tekening van", r"gedicht van", r"andermans", r"iemand anders gemaakt", r"werk van een ander", r"werkblad\w* van", r"scannen", r"filmfragment\w*",
    r"gehaald van pinterest", r"pinterest", r"illustratie\w*", r"geen copyright", r"rechtenvrij\w*",
)  # fmt: skip
PUBLISHED = words(
    r"krant\w*", r"(?:les|werk|lees|reken)boek\w*", r"hoofdstuk\w*", r"bladzijden?", r"(?:bekende|beroemde) \w+", r"uitgever\w*", r"tijdschrift\w*", r"liedje\w*", r"songtekst\w*", r"netflix", r"disney",
    r"zonder toestemming", r"filmfragment\w*", r"stockfoto\w*",
)  # fmt: skip
PERMITTED = words(
    r"toestemming (?:van de|van|gekregen|gegeven)", r"(?:maker|fotograaf|auteur|schrijver|uitgever|tekenaar)\w* (?:\w+ ){0,4}(?:goed|toestemming|akkoord|mag|mogen|prima)", r"gaf toestemming",
    r"heeft (?:\w+ )?toestemming gegeven",
)  # fmt: skip
NO_PERMISSION = words(r"zonder toestemming", r"geen toestemming", r"niet gevraagd")
SOURCE = words(
    r"met (?:de )?bron\w*", r"bron (?:erbij|vermeld\w*)", r"bronvermelding", r"(?:auteur|schrijver|maker) erbij", r"met link", r"met vermelding", r"staat in (?:zijn|haar|het|een) persbericht",
    r"met naam van de (?:auteur|schrijver)",
)  # fmt: skip
REASON = words(r"omdat", r"want", r"onderzoek", r"met link", r"bleek dat", r"uit cijfers")
SELF_MADE = words(r"zelf ?gemaakte?\w*", r"eigen (?:materiaal|werk|gedicht|foto|filmpje|tekening)\w*", r"zelf (?:geschreven|genomen|getekend|bedacht)\w*", r"ik maakte")
PERSONAL = words(r"op persoonlijke titel", r"(?:op|onder) eigen (?:titel|naam)", r"priv[eé](?:mening)?", r"als priv[eé]persoon", r"persoonlijk")
FOR_SCHOOL = words(r"namens (?:de|onze|mijn) school", r"uit naam van de school", r"als school", r"voor de school")
DISCLAIMED = words(r"eigen mening is", r"(?:mijn|eigen) (?:eigen )?mening(?:en)?(?: \w+){0,3} niet (?:die )?van de school", r"meningen zijn van mezelf", r"met een disclaimer", r"disclaimer eronder")
NOT_DISCLAIMED = words(r"disclaimer", r"zonder disclaimer")
AGREED = words(
    r"(?:hebben|is) (?:\w+ ){0,2}afgesproken", r"afspraak gemaakt", r"in overleg", r"vindt (?:zij |hij |ze )?(?:dat )?(?:prima|goed|fijn)", r"zijn het (?:er )?over eens",
    r"allebei (?:prima|goed)", r"wil (?:dat )?zelf ook",
)  # fmt: skip
NOT_AGREED = words(r"niets over gezegd", r"niet (?:gevraagd|overlegd|afgesproken)", r"liever niet", r"wil (?:dat |het )?niet", r"zonder (?:te )?overleg\w*")
NEEDED = words(r"erom gevraagd", r"om gevraagd", r"nodig", r"noodzakelijk", r"(?:haar|zijn|hun) eigen kind", r"vroeg(?:en)? erom", r"(?:vraagt|vragen) erom", r"moeten (?:het|dit) weten")
SILENTLY = words(r"stil", r"stiekem", r"stilletjes", r"zonder (?:er )?(?:iets|uitleg|vermelding|te melden)\w*", r"ongemerkt", r"niemand (?:iets )?(?:merkt|ziet)", r"zonder erbij")
MARKED = words(r"aangepast door", r"correctie van mij", r"gewijzigd door", r"erbij (?:zetten|vermelden) dat", r"met uitleg")
ERROR = words(
    r"fout(?:e|en|je|jes)?", r"typefout\w*", r"tikfout\w*", r"verkeerde? (?:\w+)", r"onwaarheid", r"klopt niet", r"niet klopt", r"onjuist\w*", r"vergissing", r"per ongeluk", r"vergist",
)  # fmt: skip
WAITING = words(r"wacht(?:en)? (?:ik )?(?:wel )?(?:nog )?(?:even )?tot", r"laten staan", r"zo laten", r"negeren tot", r"afwachten", r"niets doen")
SUFFICIENT = words(r"volstaa?(?:n|t)?", r"is (?:dat|het|verwijderen) genoeg", r"genoeg", r"datalek", r"moet ik (?:het|dat|dit) melden", r"lek")
DERAILING = words(r"uit de hand", r"ontspoor\w*", r"escaleer\w*", r"loopt op", r"rel", r"shitstorm")
HASTE = words(
    r"nu meteen online", r"(?:zo|heel|erg) (?:kwaad|boos)", r"woedend", r"gooi het (?:er )?nu", r"meteen online", r"gelijk online", r"snel nog even posten", r"ik ben (?:het )?(?:zo )?zat",
)  # fmt: skip
LONG = words(
    r"(?:twee|drie|vier|vijf|2|3|4|5) a4\w*", r"lang (?:verhaal|bericht|stuk)", r"(?:heel |erg )?lange? (?:app|bericht|tekst|verhaal|appje)\w*", r"uitgebreid\w*", r"(?:tien|elf|twaalf|1\d) punten",
    r"hele overdracht", r"alle details", r"paginalang\w*",
)  # fmt: skip
ANNOUNCEMENT = words(r"notulen", r"agenda van", r"besluitenlijst", r"vergaderstukken", r"jaarplan", r"jaarplanning", r"beleidsstuk\w*")
SUBSTANTIVE = words(r"inhoudelijk\w* (?:bespreken|overleg\w*|discussi\w*)", r"(?:rekenmethode|beleid|jaarplan) (?:bespreken|discussi\w*)", r"discussi\w+ over (?:de|het|ons) \w+")
PROTOCOL = words(
    r"wat zegt het protocol", r"wat staat er (?:in het protocol )?over", r"welk artikel", r"welke regel\w*", r"wat zijn de regels", r"wat is de regel", r"waar is (?:dat|het|dit) protocol",
    r"volgens het protocol", r"wie is er verantwoordelijk", r"voor wie geld\w*", r"gelden de", r"geldt (?:dit|dat|het)", r"waarom een protocol", r"wat (?:is|zijn) (?:sociale|social) media", r"valt \w+ onder", r"staat niet in het protocol",
)  # fmt: skip
ASKING = words(
    r"mag", r"mogen", r"kan", r"kunnen", r"zal ik", r"is (?:dit|dat|het) (?:een )?(?:ok[eé]?|oké|goed|prima|handig)\w*", r"goed zo", r"toestemming nodig", r"goed idee", r"oké", r"ok",
)  # fmt: skip

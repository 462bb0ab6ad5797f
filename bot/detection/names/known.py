"""Names that everybody knows and nobody at school has: of people, books, firms and care."""

# People in the news, in history and in books.
_PEOPLE = """
anne frank|max verstappen|johan cruijff|johan cruyff|paul van loon|roald dahl|annie m.g. schmidt
frans bauer|willem van oranje|michiel de ruyter|vincent van gogh|jan terlouw|thea beckman
guus kuijer|jacques vriens|astrid lindgren|dick bruna|max velthuijs|carry slee|harry potter
harry mulisch|mark rutte|dick schoof|geert wilders|donald trump|joe biden|vladimir poetin
taylor swift|albert einstein|isaac newton|charles darwin|marie curie|martin luther king
nelson mandela|rosa parks|anton de kom|andré hazes|johan de witt|simone de beauvoir|jan steen
johannes vermeer|piet mondriaan|karel appel|adolf hitler|greta thunberg|lionel messi
cristiano ronaldo|memphis depay|virgil van dijk|arne slot|louis van gaal|sifan hassan|femke bol
kylian mbappé|jan van galen|balthasar gerards|verstappen|cruijff|cruyff|zelensky|zelenskyy|poetin
trump|obama|mbappé|beyoncé|rihanna|shakespeare|mozart|beethoven|picasso|kafka|einstein|hitler
napoleon|goliath|hercules|odysseus|hamlet|dracula|roodkapje|sneeuwwitje|assepoester|doornroosje
raponsje|nijntje|pinkeltje|jan klaassen|katrijn|mees kees|dikkie dik|jip en janneke|ot en sien
bert en ernie|hans en grietje|romeo en julia|woezel en pip|juf ank|adam en eva|pluk van de petteflet
ronja de roversdochter|pippi langkous|matthäus
"""
# Firms, brands, programs, and organisations of care and education.
_FIRMS = """
william schrikker|hans anders|albert heijn|douwe egberts|neeltje jans|dirk van den broek|van dale
eduroam|woots|bruna|makro|gamma|praxis|ikea|blokker|kruidvat|etos|xenos|wibra|decathlon
casio|dell|lenovo|epson|aygo|picnic|thuisbezorgd|feyenoord|tikkie|canva|padlet|quizlet|blooket
wrts|studygo|itslearning|kwink|leskracht|bazalt|kennisnet|youké|levvel|pluryn|rijndam|parlan|entrea
yulius|altrecht|accare|molendrift|kentalis|auris|visio|bartiméus|cordaan|het sophia|het radboud
windesheim|fontys|inholland|saxion|avans|het amalia|het juliana
"""
# Other words with a capital: languages, countries, regions, ailments, greetings, the Friday drink.
_OTHERS = """
tigrinya|tigrin|dari|pasjtoe|farsi|papiamento|papiamentu|sranan|berbers|tamazight|oekraïens|surinaams
eritrees|syrisch|somalisch|kazachstan|afghanistan|oekraïne|asmara|twente|achterhoek|betuwe|veluwe
duchenne|gilles de la tourette|tourette|asperger|crohn|pfeiffer|alzheimer|parkinson|nask|vrijmibo
günaydın|merhaba|inshallah|mashallah
"""
_ALL = frozenset("|".join((_PEOPLE, _FIRMS, _OTHERS)).replace("\n", "|").split("|")) - {""}
_PHRASES: dict[str, list[str]] = {}  # by each of their words
for _phrase in _ALL:
    for _word in set(_phrase.split(" ")) if " " in _phrase else ():
        _PHRASES.setdefault(_word, []).append(_phrase)


def is_known(lower: str, start: int, end: int) -> bool:
    """Whether a name is one that everybody knows, or part of one; `lower` has no capitals."""
    name = lower[start:end]
    phrases = _PHRASES.get(name.partition(" ")[0], ())
    return name in _ALL or any(_around(lower, start, end, phrase) for phrase in phrases)


def _around(lower: str, start: int, end: int, phrase: str) -> bool:
    """Whether a phrase stands where a name does, with all of the name in it."""
    at = lower.find(phrase, max(0, end - len(phrase)), start + len(phrase))
    behind = at + len(phrase)
    whole = not lower[max(0, at - 1) : at].isalnum() and not lower[behind : behind + 1].isalnum()
    return 0 <= at <= start and end <= behind and whole

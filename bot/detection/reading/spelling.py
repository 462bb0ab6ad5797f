"""How people type in a chat, in the spelling the cues know: "mn lln" is "mijn leerlingen"."""

import re

# Only for reading a question: the draft inside it keeps its own words.
_SHORT = {
    "'k": "ik", "k": "ik", "t": "het", "'t": "het", "n": "een", "'n": "een", "mn": "mijn",
    "m'n": "mijn", "zn": "zijn", "z'n": "zijn", "d'r": "haar", "ff": "even", "effe": "even",
    "effies": "even", "da": "dat", "nie": "niet", "ni": "niet", "dees": "dit",
    "magda": "mag dat", "kunde": "kun je", "gij": "jij", "wa": "wat",
    "ll": "leerling", "lln": "leerlingen", "llen": "leerlingen", "fb": "facebook",
    "wapp": "whatsapp", "whapp": "whatsapp",
    "prive": "privé", "idd": "inderdaad", "gooie": "gooien", "hebbe": "hebben",
    "zette": "zetten", "sture": "sturen", "dele": "delen", "plaatse": "plaatsen",
    "zegge": "zeggen", "appe": "appen", "maile": "mailen", "reagere": "reageren",
    "schrijve": "schrijven", "vertelle": "vertellen", "poste": "posten", "kunne": "kunnen",
    "moete": "moeten", "doorsture": "doorsturen",
}  # fmt: skip
_WORDS = re.compile(
    r"(?<![\w'./@-])(?:" + "|".join(sorted(map(re.escape, _SHORT), key=len, reverse=True)) + ")"
    r"(?![\w'/@-]|\.\w)"
)
_ME = re.compile(r"(?<![\w'])me (?=klas|groep|leerling|collega|team|werk|school|telefoon|account)")
_ON_SNAP = re.compile(r"(?:(?<=\bop )|(?<=\bvia ))snap(?!\w)")
_LOST_E = re.compile(r"(?<![\w.@-])([a-z]{2,}(?:[bdfgklpst]|ch))n(?![\w.@-])")
_NO_VERB = frozenset({"design", "redesign", "assign", "resign", "sign", "align"})
_PAPERS = re.compile(
    r"\b(?:[Dd]e |[Hh]et |[Tt]he )?(?:Gelderlander|Telegraaf|Volkskrant|Trouw|NRC|Stentor|Tubantia"
    r"|Limburger|Parool|PZC|BN ?[Dd]e ?Stem|Leeuwarder Courant|Noordhollands Dagblad"
    r"|Hart van Nederland|EenVandaag|\w+(?:s|se) Dagblad|Dagblad van het Noorden|AD)\b"
)
# What is worth knowing in spite of a slip of the finger; none of these has a real word beside it.
_KEYS = (
    "leerling", "leerlingen", "facebook", "instagram", "whatsapp", "linkedin", "snapchat",
    "twitter", "vriendschapsverzoek", "volgverzoek", "vertrouwelijk", "toestemming", "disclaimer",
    "journalist", "doorsturen", "verwijderen", "protocol", "diagnose", "geschorst",
)  # fmt: skip
_LONG_WORD = re.compile(r"(?<![\w.@-])[a-z]{6,20}(?![\w.@-])")


def _shorter(word: str) -> set[str]:
    return {word[:place] + word[place + 1 :] for place in range(len(word))}


_NEAR = {short: key for key in _KEYS for short in _shorter(key) | {key}}


def spelled(text: str) -> str:
    """The text as somebody would write it who had time; what it means stays the same."""
    text = _PAPERS.sub("de krant", text)
    text = _WORDS.sub(lambda found: _SHORT[found.group()], text)
    text = _ON_SNAP.sub("snapchat", _ME.sub("mijn ", text))
    text = _LOST_E.sub(lambda found: _verb(found.group(), found.group(1)), text)
    return _LONG_WORD.sub(lambda found: _meant(found.group()), text)


def _verb(word: str, stem: str) -> str:
    return word if word in _NO_VERB or stem in _SHORT else f"{stem}en"


def _meant(word: str) -> str:
    """The key word that is one slip away: a letter too few, too many, another or two swapped."""
    if word.startswith(_KEYS):
        return word
    for short in (word, *_shorter(word)):
        key = _NEAR.get(short)
        if key is not None and abs(len(key) - len(word)) < 2 and _one_slip(word, key):
            return key
    return word


def _one_slip(word: str, key: str) -> bool:
    """Whether they differ in one place only (two swapped neighbours are one place)."""
    same = min(len(word), len(key))
    start = next((i for i in range(same) if word[i] != key[i]), same)
    end = next((i for i in range(same - start) if word[-1 - i] != key[-1 - i]), same - start)
    left, right = word[start : len(word) - end], key[start : len(key) - end]
    return max(len(left), len(right)) < 2 or (len(left) == 2 and left == right[::-1])

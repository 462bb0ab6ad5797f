"""The lists behind the name finder: first names, surnames and ordinary Dutch words."""

from array import array
from bisect import bisect_left
from functools import cache
from importlib.resources import files
from zlib import crc32


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


PARTICLES = _words(
    """
    van de den der het ter ten te 't v d vd v/d el al la le bin ben op in 's du di da dos von zu
    y
    """
)
# The same as a pattern, with those that take two words and the ways they are cut short.
PARTICLE = (
    r"(?:van (?:de[nr]?|'t)|(?:aan|op|uit) den|(?:in|op|uit) 't|van|de[nr]?|te[nr]?|el|al|ben|bin"
    r"|von|d[aiu]|das|dos|del|l[ae]|a[iï]t|'t|v\.? ?d\.?|v/d|vdr?|v\.?)"
)
# What stands before the name of somebody it is said of, or before a name that is called.
TITLES = _words(
    """
    juf meester mevrouw mevr mw dhr meneer heer fam familie gezin @ . moeder vader ouders
    """
)
GREETINGS = _words(
    """
    mvg gr groet groetjes groeten liefs hoi hey hé hallo dag lieve beste dank dankje bedankt thanks
    namens xx sorry goedemorgen goed
    """
)
# First names and surnames that are everyday words too: a name only where the words around say so.
AMBIGUOUS = _words(
    """
    roos mees sep wil lente storm bloem vos wolf beer bas jet mei juni april roosje hoop sterre
    iris jasmijn fleur boet lot ben mark marken jan pen piet dag may max bo mo do an tom sam kok
    bakker visser boer groot klein jong lange kort bos berg dijk brink veld meer haan kuiper
    smit meester koning prins jager kramer molenaar slot post storm noor pip mats rein jip ties
    bram floor linde olijf hazel mila ster maan zon bries aura joy vlinder ama sien bies puck
    puk dex nova luna zion ami art bart hans koster schaap kool bol bol kraan dam noot braak
    snel wit zwart bruin blauw rood geel groen will rob don ton pan kees pim toon hein teun job
    sil sem stan abel pien fee guus coos loes mies rita roy rose summer angel ace page grace
    faith hope dean earl duke king loet lies mart marie storm sting das geest laan wal ven kamp
    stam steen vink mol spaan polak jonker ridder graaf leeuw haas ploeg loon sollen appel
    noordam oosten dekker timmer snijder dokter ruiter weg duin horn sluis brug heuvel laat mag
    ab ad anders dolf ebbe feite ger goof han jon mimi minne raven rex rink rinse robbert
    rozemarijn ruby staf stans stoffel tea tibbe tiffany trees wende wisse zwaantje
    hand wie wat waar kan voor naar over bij ook nog wel maar dan als niet alle alles zelf
    """
)


def _lines(name: str) -> list[str]:
    text = files("bot.detection.names").joinpath(name).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


@cache
def first_names() -> frozenset[str]:
    """Lower-case first names."""
    return frozenset(line.lower() for line in _lines("first_names.txt"))


@cache
def last_names() -> frozenset[str]:
    """Lower-case surnames without their particles."""
    return frozenset(line.lower() for line in _lines("last_names.txt"))


@cache
def _hashes(name: str) -> "array[int]":
    hashes: array[int] = array("I")
    hashes.frombytes(files("bot.detection.names").joinpath(name).read_bytes())
    return hashes


def _among(name: str, lower: str) -> bool:
    hashes = _hashes(name)
    key = crc32(lower.encode("utf-8", "replace"))
    at = bisect_left(hashes, key)
    return at < len(hashes) and hashes[at] == key


def is_word(lower: str) -> bool:
    """Whether an ordinary Dutch word is spelled like this (wrong once in ten thousand)."""
    return _among("words.bin", lower)


def is_proper(lower: str) -> bool:
    """Whether Dutch writes this with a capital, and it is no place: somebody's name, most often."""
    return _among("proper.bin", lower)


def is_place(lower: str) -> bool:
    """Whether a place in the Low Countries, a city elsewhere or a country is called so."""
    return _among("places.bin", lower)


def nowhere_a_name(lower: str) -> bool:
    """Whether a place is called so, and nobody on the lists."""
    return is_place(lower) and lower not in first_names() and lower not in last_names()


def is_listed(name: str) -> bool:
    """Whether a part of a name is on the lists."""
    parts = name.lower().split()
    return any(part in first_names() or part in last_names() for part in parts)


# Capitalised words of a school's day that are nobody's name.
NOT_NAMES = _words(
    """
    londen parijs berlijn brussel amsterdam rotterdam utrecht groningen leeuwarden zwolle emmen
    assen lelystad almere arnhem nijmegen eindhoven tilburg breda haarlem leiden delft gouda
    texel efteling blijdorp artis meppel drachten drenthe friesland nederland duitsland
    frankrijk polen turkije marokko syrië eritrea curaçao suriname engeland spanje italië
    nederlands engels frans duits fries pools poolse turks turkse marokkaanse arabisch grieks
    latijn spaans pasen kerst pinksteren hemelvaart koningsdag sinterklaas sint piet carnaval
    ramadan suikerfeest offerfeest kinderboekenweek parnassys magister somtoday esis snappet
    gynzy kahoot teams zoom sharepoint outlook office excel word powerpoint google classroom
    parro whatsapp snapchat snap tiktok instagram facebook youtube netflix chatgpt cito iep dia
    duo ggd ggz cjg uwv vgz nos npo rivm jumbo action lidl aldi hema albert appie bol heutink
    mcdonalds primark audi golf polo kia seat opel volvo bmw ford fiat clio peugeot skoda tesla
    toyota januari februari maart april mei juni juli augustus september oktober november
    december maandag dinsdag woensdag donderdag vrijdag zaterdag zondag jan. feb apr jun jul aug
    sep sept okt nov dec ma di wo do vr za zo idd yes yess yesss haha hihi lesson trouw
    volkskrant veilig jeugdzorg jeugdbescherming nidos halt nee ja ok oke com geb beppe pake
    heit mem loon water elke klein lieve wel harry dahl schmidt moin guten tag quick one fire
    drill groen bsn iban pgn ww wifi ids merci thanks hello good the this can someone dear see
    who
    """
) - frozenset(["appie", "albert", "jan.", "mei", "juni", "april", "lieve", "harry", "albert"])

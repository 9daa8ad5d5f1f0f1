"""What a text spells, however it is written: without case, accents and invisible characters, in Latin letters.

Other alphabets follow the single letters of Unicode UTS #39, "Unicode Security Mechanisms"
(https://www.unicode.org/Public/security/latest/confusables.txt), as far as people can type them. Small letters stand
for what their capitals look like too. Fonts, rings and squares fold by NFKD, or by their names in the standard.
"""

import re
import unicodedata
from functools import cache

MAY_BE = {
    pair[0]: pair[1:]
    for pair in "0o 1il 2z 3e 4a 5s 6gb 7t 8b 9g @a $s €e £l ¢c §s !i |il +t (c Iil ηnh νvn υuy".split()
}
"""What may be read as another letter: digits, signs, and letters whose capitals look different from themselves.

"I" is a capital I after a small letter or after another such I, which looks like an l.
"""

INVISIBLE = frozenset("\u115f\u1160\u3164\uffa0\u17b4\u17b5")
"""Fillers that Unicode counts as letters and that nobody sees; format characters go by their category."""

APOSTROPHES = "’‘´`ʼ′"

_PAIRS = (
    "аa вb бb сc ԁd еe гr ԍg һh нh іi јj кk ӏl мm оo рp ԛq ѕs тt уy үy ѵv ԝw хx ьb"  # Cyrillic
    " αa βb ϲc εe ιi ϳj κk οo σo ρp ςs τt χx γy ζz ωw"  # Greek
    " աw ցg հh յj ոn օo քf զq սu Տs Լl"  # Armenian
    " Ꭺa Ᏼb Ꮯc Ꭰd Ꭼe Ꮐg Ꮋh Ꭵi Ꭻj Ꮶk Ꮮl Ꮇm Ꮲp Ꮢr Ꮪs Ꭲt Ꮩv Ꮃw Ꮓz"  # Cherokee
    " ɑa ɩi þp ðd"
)
LOOKS_LIKE = {
    **{pair[0]: pair[1] for pair in _PAIRS.split()},
    **dict.fromkeys(APOSTROPHES, "'"),
    "æ": "ae",
    "œ": "oe",
    "⠀": " ",
}

_NAMED = re.compile(
    r"(?:LATIN (?:SMALL |CAPITAL )?LETTER |NEGATIVE (?:CIRCLED|SQUARED) LATIN CAPITAL LETTER "
    r"|REGIONAL INDICATOR SYMBOL LETTER )(?:(?:SMALL CAPITAL|DOTLESS|SCRIPT|TURNED|REVERSED|OPEN) )*"
    r"([A-Z])(?: WITH .+)?"
)
_UNSEEN = frozenset({"Mn", "Me", "Cf"})


def spelled(text: str) -> list[tuple[str, int]]:
    """Each character that is left of ``text``, with the position where it stood.

    Letters are small and Latin wherever they look so; digits and signs stay, for MAY_BE to read.
    """
    found: list[tuple[str, int]] = []
    for at, char in enumerate(text):
        if char == "I" and at > 0 and (text[at - 1].islower() or found[-1:] == [("I", at - 1)]):
            found.append((char, at))
        else:
            found += [(one, at) for one in _letters(char)]
    return found


@cache
def _letters(char: str) -> str:
    if char in LOOKS_LIKE:
        return LOOKS_LIKE[char]
    decomposed = [one for one in unicodedata.normalize("NFKD", char) if unicodedata.category(one) not in _UNSEEN]
    return "".join(_letter(one) for one in decomposed if one not in INVISIBLE)


def _letter(char: str) -> str:
    small = char.casefold()
    if (known := LOOKS_LIKE.get(char) or LOOKS_LIKE.get(small)) is not None:
        return known
    if not char.isascii() and (named := _NAMED.fullmatch(unicodedata.name(char, ""))):
        return named[1].lower()
    return small

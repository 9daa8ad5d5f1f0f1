"""Blocked words: what is found however it is written, and what is innocent; one labelled table of each."""

import pytest

from generation.teaching.blocked_words import BlockedWords, Hit, letter_count

RUDE = (
    *("ass", "anal", "balls", "bite", "bitch", "bollocks", "cock", "cum", "cunt", "dick", "drug", "fag", "fuck*"),
    *("god", "gore", "hate", "hell", "hoe", "kill yourself", "naked", "nazi", "nude", "penis", "piss", "porn", "pus"),
    *("rape", "rapist", "sex", "shell shock", "shit", "slut", "tit", "tits", "whore", "*wank*", "x-rated"),
    *("хуй", "сука", "πούτσα", "裸体", "엉덩이", "नग्न", "1488", "88", "🍆", "4chan"),
)

HITS = {
    "case": ["shit", "Shit", "SHIT", "sHiT", "a shit day", "shit.", "(shit)", "“shit”", "shit, slowly", "holy-shit"],
    "accents": ["shít", "shïţ", "ŝĥìť", "çünt", "núdé", "s̶h̶i̶t̶", "sh̷i̸t", "cöck", "nakéd", "ƒuck", "pørn", "łłshit shıt"],
    "Cyrillic": ["ѕhіt", "соск", "реnіs", "сunt", "аss", "рогn", "ѕех", "НЕLL", "nаkеd", "пи fuсk", "ТІТ"],
    "Greek and others": ["ρenis", "αnal", "ροrn", "nυde", "cοck", "ΗΕLL", "ΤΙΤ", "сօск", "ᎢᎥᎢ", "ѕһіt", "ȿhit"],
    "fonts": ["𝓼𝓱𝓲𝓽", "ｓｈｉｔ", "𝚏𝚞𝚌𝚔", "ⓢⓗⓘⓣ", "🅢🅗🅘🅣", "🆂🅷🅸🆃", "ꜱʜɪᴛ", "ˢʰⁱᵗ", "🇸​🇭​🇮​🇹", "ﬁ ﬀ ﬃ shit"],
    "leet": [
        "sh1t",
        "5h1t",
        "$h!t",
        "a55",
        "@ss",
        "p3n1s",
        "pr0n porn",
        "c0ck",
        "h3ll",
        "n4k3d",
        "5lu7",
        "d1ck",
        "p0rn",
    ],
    "leet, other signs": [
        "ba11s",
        "bo||ocks",
        "¢unt",
        "©unt cunt",
        "fu(k fuck",
        "na2i",
        "7i7",
        "8itch",
        "€xit s€x",
        "6ore",
    ],
    "signs behind it": ["shit2", "shit123", "2shit", "kill!yourself hell!", "shit!now", "hell!", "$hit!", "shit_2"],
    "mixed": ["s-h-1-t", "ｓ.h.1.ţ", "ѕ​h​і​t", "s-h-1-t", "S.H.I.T", "f​u​c​k", "F_U_C_K", "f.u.ç.k"],
    "spaces": [
        "s h i t",
        "s  h  i  t",
        "f u c k",
        "a s s",
        "t i t",
        "a ss",
        "fu ck",
        "f uck",
        "fuc k",
        "sh it",
        "c u n t",
    ],
    "more spaces": [
        "s\nh\ni\nt",
        "s\u00a0h\u00a0i\u00a0t",
        "so s h i t all day",
        "s h it",
        "p enis",
        "wh ore",
        "b itch",
    ],
    "punctuation": ["s.h.i.t", "s-h-i-t", "s_h_i_t", "s*h*i*t", "s/h/i/t", "s,h,i,t", "s'h'i't", "s|h|i|t", "s~h~i~t"],
    "more punctuation": [
        "sh.it",
        "s-hit",
        "pe-nis",
        "pen.is",
        "(s)(h)(i)(t)",
        "s•h•i•t",
        "s…h…i…t",
        "x-rated",
        "x rated",
    ],
    "masked": ["sh*t", "f*ck", "f**k", "s**t", "c*nt", "b*tch", "d!ck", "a*s"],
    "repeated": [
        "shiiit",
        "shiit",
        "shhit",
        "sshit",
        "shitt",
        "shitttt",
        "ffuucckk",
        "fuuuuck",
        "asss",
        "aasss",
        "hellll",
    ],
    "more repeated": [
        "hhell",
        "nuuude",
        "nudee nuudde",
        "gooood",
        "haaate",
        "sssssex",
        "s s h h i i t t",
        "kkill yourself",
    ],
    "zero width": [
        "s\u200bh\u200bi\u200bt",
        "s\u200dhit",
        "sh\ufeffit",
        "s\u00adh\u00adit",
        "shi\u2060t",
        "s\u034fhit",
    ],
    "more zero width": ["s\u180ehit", "\u202eshit\u202c", "s\u3164hit", "shi\ufe0ft", "s\u115fh\u1160it", "s⠀h⠀i⠀t"],
    "capital I": ["heIl", "hoIes he11", "bolIocks", "baIls", "heII", "baIIs"],
    "neighbours": [
        "well-dressed ass",
        "ass-kicking",
        "smart/ass",
        "ass's",
        "hell's kitchen",
        "the cock’s comb",
        "l'ass",
    ],
    "phrases": ["kill yourself", "Kill  yourself", "kill-yourself", "killyourself", "k1ll yours3lf", "shell\nshock"],
    "open ends": [
        "fucking",
        "fucked",
        "motherfucker fucker",
        "fuckers",
        "f-u-c-king",
        "fuuuucking",
        "f*cking",
        "wanker",
        "bewanked",
    ],
    "other scripts": [
        "хуй",
        "ХУЙ",
        "х у й",
        "х.у.й",
        "xyй",
        "сука",
        "сукааа",
        "ΠΟΎΤΣΑ",
        "नग्न आदमी",
        "一个裸体女人",
        "裸 体",
    ],
    "no spaces there": ["裸-体", "ＡＢ裸体", "그의 엉덩이가", "엉덩이"],
    "no letters": ["1488", "the 88", "88!", "an 🍆", "🍆🍆", "4chan", "4CHAN"],
}

INNOCENT = {
    "ass": [
        "class",
        "classic",
        "assassin",
        "grass",
        "glass",
        "brass",
        "pass",
        "passing",
        "compass",
        "Assisi",
        "assess",
    ],
    "more ass": [
        "mass",
        "bass",
        "embassy",
        "massage",
        "potassium",
        "cassette",
        "ambassador",
        "as",
        "as S",
        "a letter S",
    ],
    "ass apart": [
        "as sand",
        "as seen",
        "has sails",
        "such as S and T",
        "gas station",
        "as s-curves",
        "was slow",
        "1455",
    ],
    "anal": [
        "analyse",
        "analog",
        "canal",
        "banal",
        "manual",
        "analysis",
        "an al dente pasta",
        "an Al statue",
        "annals",
    ],
    "balls": ["ball", "ballet", "bails water", "balloons", "ba11 games", "ballad", "wallball"],
    "bite": ["bitter", "arbiter", "bitte", "Bitte langsam", "bit by bit", "orbiter", "b it e-mail"],
    "cock": ["cockpit", "cocktail", "peacock", "hancock", "cockatoo", "weathercock", "co-creator", "clock"],
    "cunt": ["Scunthorpe", "count", "country", "discount", "cant", "can't", "c unter"],
    "cum": ["cumulus", "document", "cucumber", "circumference", "accumulate", "cumin", "scum"],
    "dick": ["Dickens", "dickie", "addict", "predict", "dictionary", "medic kit"],
    "drug": ["a 3D rug", "the 2d rug", "drugstore", "rug", "dr rug", "a red rug"],
    "fag and god": ["fagot", "leaf age", "good", "goods", "a good dog", "go d'accord", "godfather", "flag"],
    "hate": ["hatte", "sie hatte", "whatever", "chateau", "hat e-paper", "that elf"],
    "hell": [
        "World War II",
        "MacOS IIs, he II",
        "hello",
        "shell",
        "Michelle",
        "he'll smile",
        "she’ll wave",
        "he´ll",
        "helmet",
        "Seychelles",
        "othello",
        "heil",
    ],
    "hoe": ["shoe", "phoebe", "who else", "horse shoes", "who're", "hooe"],
    "naked": ["snaked", "a naker", "naked-eye".replace("naked", "nacre")],
    "penis": ["the pen is red", "pen is mightier", "a pen, is it", "penisula".replace("penis", "penin"), "open issue"],
    "porn and pus": [
        "popcorn",
        "pornic",
        "puss in boots",
        "push",
        "campus",
        "octopus",
        "opus",
        "pussy willow",
        "corpus",
    ],
    "rape": [
        "grape",
        "drapes",
        "scraper",
        "trapeze",
        "parapet",
        "skyscraper",
        "raped".replace("raped", "rapid"),
        "crape",
    ],
    "rapist": ["therapist", "the therapist", "physiotherapist", "a trap is theirs", "rap is the best"],
    "sex": ["Essex", "Sussex", "Middlesex", "sextant", "sextet", "unisex", "his exit", "asexual", "six"],
    "shit": ["shitake", "it's hit by a wave", "James' hit", "mishit", "this hit", "fish it", "wish it", "push it"],
    "shit, contractions": ["the wind's hit", "that’s hit", "it´s hit", "ship", "shirt", "s-hitches", "shift", "sheet"],
    "tit": ["title", "titan", "constitution", "petite", "titter", "isn't it", "at it", "it it", "can’t it", "stitch"],
    "whore": ["who're they", "who’re", "shore", "anywhere", "who relies", "w. horeca", "whooper swan"],
    "phrases": [
        "kill it yourself",
        "skill yourself",
        "yourself kill",
        "shell",
        "shock",
        "a shell, shocked",
        "shells hock",
    ],
    "x-rated": ["x ratedly", "unrated", "rated x", "x rate"],
    "numbers": [
        "5 seconds",
        "35mm",
        "4k",
        "1080p",
        "16:9",
        "1.5 s",
        "h264",
        "f1.8",
        "1999",
        "1920x1080",
        "50s",
        "455",
        "a 55",
    ],
    "numbers too": [
        "8 8",
        "1988",
        "880",
        "14:88".replace("88", "08"),
        "3d",
        "24fps",
        "10,000 people",
        "100%",
        "#5",
        "a 5 s clip",
        "4:55",
        "plan A, 5 s",
    ],
    "camera": [
        "camera B pans left",
        "a T-shirt",
        "an x-ray",
        "a U-turn",
        "plan A",
        "the S-bend",
        "vitamin C",
        "rock 'n' roll",
    ],
    "signs": [
        "C++",
        "a+b",
        "50 €",
        "$5",
        "user@example.org",
        "**bold** move",
        "2*3",
        "a|b",
        "(c) 2026",
        "wow!!!",
        "co(s)y",
    ],
    "prompts": [
        "slow zoom in, gentle wind, leaves swaying",
        "static camera, she turns her head to the left and smiles",
        "The assistant passes the glass; a cassette spins in the classic bass speaker",
        "a peacock spreads its tail in the grass near Scunthorpe, shot on 35mm",
        "it is hit by a wave, the pen is on the table, he'll analyse the canal",
        "la caméra avance lentement, l'herbe bouge; der Wind weht, sie hatte Spaß, bitte",
        "камера медленно приближается, ветер качает листья; сок в стакане, кот спит",
        "镜头缓慢推进，微风吹动树叶",
        "카메라가 천천히 다가간다",
        "कैमरा धीरे धीरे आगे बढ़ता है",
    ],
}


@pytest.fixture(scope="module")
def rude() -> BlockedWords:
    return BlockedWords(RUDE)


@pytest.mark.parametrize("kind", HITS)
def test_a_blocked_word_is_found_however_it_is_written(rude: BlockedWords, kind: str) -> None:
    assert [] == [text for text in HITS[kind] if rude.find(text) is None]


@pytest.mark.parametrize("kind", INNOCENT)
def test_innocent_words_are_left_alone(rude: BlockedWords, kind: str) -> None:
    assert [] == [(text, hit) for text in INNOCENT[kind] if (hit := rude.find(text)) is not None]


def test_the_tables_are_large_and_no_text_is_in_both() -> None:
    hits = {text for texts in HITS.values() for text in texts}
    innocent = {text for texts in INNOCENT.values() for text in texts}

    assert (len(hits) > 190, len(innocent) > 220) == (True, True)
    assert set() == hits & innocent


@pytest.mark.parametrize(
    ("text", "hit"),
    [
        ("a (Sh1t) day", Hit("shit", "Sh1t")),
        ("so s.h.i.t!", Hit("shit", "s.h.i.t")),
        ("ohne ѕ​hіt, bitte", Hit("shit", "ѕ​hіt")),
        ("Kill  Yourself", Hit("kill yourself", "Kill  Yourself")),
        ("motherfucking fucker", Hit("fuck*", "fucker")),
        ("一个裸 体女人", Hit("裸体", "裸 体")),
        ("in 1488", Hit("1488", "1488")),
        ("Weiß, groß, sshhiitt", Hit("shit", "sshhiitt")),
        ("f**k", None),
    ],
)
def test_a_hit_names_the_entry_and_what_its_person_wrote(rude: BlockedWords, text: str, hit: Hit | None) -> None:
    assert (rude.find(text) if hit else BlockedWords(["shit"]).find(text)) == hit


def test_an_open_end_is_the_instructors_own_choice() -> None:
    assert BlockedWords(["ass*"]).find("assassin") == Hit("ass*", "assassin")
    assert BlockedWords(["*ass"]).find("a donkey, jackass") == Hit("*ass", "jackass")
    assert BlockedWords(["ass*"]).find("class") is None


def test_an_empty_list_finds_nothing_and_an_entry_without_anything_to_find_is_seen() -> None:
    assert BlockedWords([]).find("anything at all") is None
    entries = ("fuck*", "**", "\u200b", "88", "🍆", "kill yourself")
    assert [4, 0, 0, 2, 1, 12] == [letter_count(entry) for entry in entries]


def test_a_long_prompt_made_to_be_slow_is_read_at_once(rude: BlockedWords) -> None:
    # Each of these took time that grew with its square in a matcher that tries every way to skip signs.
    for piece in ("a*", "f.", "s ", "f**", "((", "1l", "aa ", "f" * 50 + "*"):
        assert rude.find((piece * 1000)[:1000]) is None

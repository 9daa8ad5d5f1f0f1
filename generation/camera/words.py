"""The vocabulary with which a motion prompt is read: camera moves, directions, speeds, wind and water."""

from dataclasses import dataclass
from typing import Final, Literal

MoveKind = Literal["zoom", "dolly", "pan", "tilt", "truck", "crane", "roll", "orbit", "handheld"]
Direction = Literal["", "in", "out", "left", "right", "up", "down", "clockwise", "counterclockwise"]
Meaning = tuple[MoveKind, Direction]
NatureKind = Literal["wind", "water"]


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _canonical(**forms: str) -> dict[str, str]:
    return {form: word for word, all_forms in forms.items() for form in all_forms.split()}


CANONICAL: Final = _canonical(
    zoom="zooms zoomed zooming zooom zomm",
    pan="pans panned panning pann",
    tilt="tilts tilted tilting",
    dolly="dollies dollied dollying",
    push="pushes pushed pushing",
    pull="pulls pulled pulling",
    truck="trucks trucked trucking tracks track tracking slides slide sliding",
    move="moves moved moving motion movement glides glide gliding drifts drift drifting flies fly flying travels travel"
    " travelling traveling goes go going floats float floating creeps creep creeping",
    crane="cranes craned craning boom booms booming pedestal pedestals jib jibs",
    rise="rises rising ascends ascending ascend lifts lifting",
    descend="descends descending lowers lowering lower sinks sinking",
    roll="rolls rolled rolling rotates rotate rotated rotating rotation spins spin spinning twists twist twisting",
    orbit="orbits orbiting arc arcs arcing circles circle circling revolves revolving revolve 360",
    turn="turns turned turning swivels swivel swiveling looks look looking",
    dutch="canted",
    handheld="shaky wobbly jittery",
    shake="shakes shaking shook wobbles wobble wobbling",
    static="stationary motionless locked tripod immobile unmoving",
    still="fixed steady put",
    left="leftward leftwards lfet letf",
    right="rightward rightwards rigth rihgt",
    up="upward upwards",
    down="downward downwards",
    inward="inwards",
    outward="outwards",
    forward="forwards ahead",
    back="backward backwards",
    clockwise="cw",
    counterclockwise="anticlockwise ccw anticlock",
    toward="towards",
    stop="stops stopped stopping",
)
"""Word forms, and the commonest slips of the finger, to the one form that the tables below know."""

PAIRS: Final[dict[tuple[str, ...], str]] = {
    ("left", "to", "right"): "right",
    ("left", "to", "the", "right"): "right",
    ("right", "to", "left"): "left",
    ("right", "to", "the", "left"): "left",
    ("top", "to", "bottom"): "down",
    ("bottom", "to", "top"): "up",
    ("counter", "clockwise"): "counterclockwise",
    ("anti", "clockwise"): "counterclockwise",
    ("hand", "held"): "handheld",
    ("do", "not"): "not",
    ("does", "not"): "not",
    ("not", "too", "fast"): "slow",
    ("not", "too", "quickly"): "slowly",
    ("slow", "move"): "slowmotion",
    ("slow", "mo"): "slowmotion",
    ("time", "lapse"): "timelapse",
    ("dolly", "zoom"): "vertigo",
    **{(no, "stop"): "keep" for no in ("not", "never", "don't", "dont", "doesn't", "doesnt", "without")},
    ("do", "not", "stop"): "keep",
    ("does", "not", "stop"): "keep",
    **{(to, "a", "stop"): "stop" for to in ("to", "into")},
    **{(verb, "to", "a", "stop"): "stop" for verb in ("come", "comes", "coming", "slow", "slows")},
    **{(verb, "closer"): "closer" for verb in ("get", "gets", "getting", "come", "comes", "coming")},
}
"""Groups of words that mean one word, or one move that no warp can make."""

SLOW: Final = _words(
    "slow slowly gentle gently subtle subtly gradual gradually slight slightly soft softly calmly leisurely faint"
)
FAST: Final = _words("fast quick quickly rapid rapidly swift swiftly sudden suddenly whip crash strong strongly hard")
CAMERA: Final = _words("camera cam shot view frame viewpoint lens drone steadicam gimbal perspective")
NEGATIONS: Final = _words(
    "no not without don't dont doesn't doesnt didn't never avoid isn't isnt aren't arent wasn't weren't can't cant"
    " cannot won't wont wouldn't shouldn't nor neither none zero nothing nobody"
)
ANY_MOVE: Final = _words("move animation animate animated")
"""What is not wanted at all where it is negated: “don't animate”."""
STILLNESS: Final = _words("still freeze freezes frozen everything anything")
"""All that an order to stand still consists of: “freeze everything”."""
HOLDING: Final = _words(
    "hold holds keep keeps stay stays remain remains perfectly completely everything freeze freezes"
)
"""Words beside which that is an order, and not a word for the picture."""
ARTICLES: Final = _words("the a an this that his her its their my our some")
PRONOUNS: Final = _words("she he it they who i we you everyone everybody")
PREPOSITIONS: Final = _words(
    "on onto upon to toward into in over across around round along past through behind from at of above below until"
    " till about by near between under for"
)
CONNECTORS: Final = _words("and while as then but except plus with or nor followed before")
FILLERS: Final = _words(
    "is are be being very super really extremely too more bit little all just make makes let please add use want"
    " there also to of on in smooth smoothly"
    " steadily cinematic any movement move video clip animation footage style effect scene image"
    " picture only simple nice beautiful dramatic sequence start starts begin begins keep keeps from further it"
    " stay stays remain remains hold holds stand stands perfectly completely place off down by documentary angle"
    " 45 90 180 270 degree degrees"
)
NEUTRAL: Final = FILLERS | SLOW | FAST | CAMERA | NEGATIONS | ARTICLES | CONNECTORS
GLUE: Final = SLOW | FAST | CAMERA | ARTICLES | _words("to toward from very further steadily smoothly even more it")
"""What may stand between a verb and its direction."""


@dataclass(frozen=True, slots=True)
class Verb:
    """One way to say a move: what each direction word makes of it, and what it is ``alone``.

    Things in a picture do some of these too (``of_camera`` is true): those count only with the camera as subject or as
    an order at the start of a phrase.
    """

    meanings: dict[str, Meaning]
    alone: Meaning | None = None
    of_camera: bool = True


NEARNESS: Final = ("closer", "nearer")
"""Moves by themselves, and only the manner of another one."""
_NEARER: Final = ("in", "inward", "forward", "closer", "nearer", "into", "inside", "toward")
_FARTHER: Final = ("out", "outward", "back", "away")


def _distance(kind: MoveKind) -> dict[str, Meaning]:
    return {**dict.fromkeys(_NEARER, (kind, "in")), **dict.fromkeys(_FARTHER, (kind, "out"))}


_TRUCK: Final[dict[str, Meaning]] = {"left": ("truck", "left"), "right": ("truck", "right")}
_CRANE: Final[dict[str, Meaning]] = {"up": ("crane", "up"), "down": ("crane", "down")}
_TURN: Final[dict[str, Meaning]] = {
    "left": ("pan", "left"),
    "right": ("pan", "right"),
    "up": ("tilt", "up"),
    "down": ("tilt", "down"),
}
_ROLL: Final[dict[str, Meaning]] = {
    "clockwise": ("roll", "clockwise"),
    "right": ("roll", "clockwise"),
    "counterclockwise": ("roll", "counterclockwise"),
    "left": ("roll", "counterclockwise"),
}
_ORBIT: Final[dict[str, Meaning]] = {
    "left": ("orbit", "left"),
    "clockwise": ("orbit", "left"),
    "right": ("orbit", "right"),
    "counterclockwise": ("orbit", "right"),
    "around": ("orbit", "right"),
}

VERBS: Final[dict[str, Verb]] = {
    "zoom": Verb(_distance("zoom"), ("zoom", "in"), of_camera=False),
    "dolly": Verb({**_distance("dolly"), **_TRUCK}, ("dolly", "in"), of_camera=False),
    "push": Verb(dict.fromkeys(_NEARER, ("dolly", "in")), ("dolly", "in")),
    "pull": Verb(dict.fromkeys(_FARTHER, ("dolly", "out")), ("dolly", "out")),
    **dict.fromkeys(NEARNESS, Verb({}, ("dolly", "in"))),
    "move": Verb({**_distance("dolly"), **_TRUCK, **_CRANE}),
    "truck": Verb({**_distance("dolly"), **_TRUCK, **_CRANE}),
    "pan": Verb({**_TURN, "across": ("pan", "right"), "around": ("pan", "right")}, ("pan", "right")),
    "tilt": Verb({**_TURN, "left": ("roll", "counterclockwise"), "right": ("roll", "clockwise")}, ("tilt", "up")),
    "turn": Verb(_TURN),
    "crane": Verb(_CRANE, ("crane", "up")),
    "rise": Verb({"up": ("crane", "up")}, ("crane", "up")),
    "descend": Verb({"down": ("crane", "down")}, ("crane", "down")),
    "roll": Verb({**_ROLL, "around": ("orbit", "right")}, ("roll", "clockwise")),
    "dutch": Verb({}, ("roll", "clockwise"), of_camera=False),
    "orbit": Verb(_ORBIT, ("orbit", "right")),
    "shake": Verb({}, ("handheld", "")),
    "handheld": Verb({}, ("handheld", ""), of_camera=False),
}
SHOTS: Final = _words("tilt crane orbit push pull")
"""Moves that are nouns too, so that an adjective before them tells a shot from what somebody does."""
UNHURRIED: Final = _words("slow fast quick rapid gentle subtle smooth cinematic dramatic")
"""Such adjectives."""
COOKWARE: Final = _words("frying sauce baking roasting iron copper steel hot oily dust")
"""Words before a pan that is no camera's."""
ACROSS: Final = _words("across over along")
"""What names the way of a pan and leaves its direction open."""
DIRECTIONS: Final = frozenset(word for verb in VERBS.values() for word in verb.meanings) - {"into", "toward", "across"}

NATURE: Final[dict[str, NatureKind]] = {
    **dict.fromkeys(
        _words(
            "wind winds windy breeze breezy gust gusts leaf leaves foliage hair grass grasses reeds wheat branches"
            " trees flag flags curtain curtains flowers"
        ),
        "wind",
    ),
    **dict.fromkeys(
        _words("water waters wave waves ripple ripples rippling sea ocean lake river stream pond surf tide waterfall"),
        "water",
    ),
}
ALSO_VERBS: Final = _words("waves wave leaves ripple ripples")
"""Nature's nouns that people do as well: "she waves", "he leaves"."""

OBJECTS: Final = _words("the a an his her their at to goodbye hello for back hand hands room home")
"""What follows such a word when it is a verb."""

SWAYS: Final = _words(
    "blow blows blowing sway sways swaying rustle rustles rustling flutter flutters fluttering ripple ripples rippling"
    " move roll shimmer shimmers shimmering wave waves waving lap laps lapping bend bends bending dance dances"
    " dancing stir stirs stirring flow flows flowing drift tremble trembles trembling surface shore slowly gently"
    " long tall green light small big soft calm breaking rough choppy little summer evening spring cool warm turn shake"
)
"""What nature does that a warp can show, and the words that go with it."""

CALM: Final = _words("calm still flat glassy frozen")

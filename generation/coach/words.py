"""The vocabulary with which the coach reads a prompt: what moves, who is in it, what models cannot do."""

from typing import Final


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _third_person(stem: str) -> str:
    if stem.endswith(("s", "sh", "ch", "x", "z", "o")):
        return f"{stem}es"
    return f"{stem[:-1]}ies" if stem.endswith("y") and stem[-2] not in "aeiou" else f"{stem}s"


def _gerunds(stem: str) -> set[str]:
    return {f"{stem}ing", f"{stem}{stem[-1]}ing", *([f"{stem[:-1]}ing"] if stem.endswith("e") else ())}


def _finite(stems: frozenset[str]) -> frozenset[str]:
    """The forms that only a verb has: third person and gerund."""
    return frozenset(form for stem in stems for form in (_third_person(stem), *_gerunds(stem)))


_BIG: Final = _words(
    "run walk jump leap gallop climb throw catch open close drive swim bark kick hug kiss stand sit fall roll spin"
    " turn laugh clap wave juggle sing shout scream cry eat drink cook paint write explode crash collapse land hop"
    " crawl skate ski surf ride chase push pull drop pick grab reach enter leave disappear appear transform morph bow"
    " kneel march skip splash dive talk speak yell cheer applaud bounce swing pour knock break dance fight"
)
"""What a body or a thing does with all of itself; two of these in one clip compete."""

_SMALL: Final = _words(
    "smile blink nod breathe raise lift look glance gaze twitch wag sway tilt shift lean lower lick sniff yawn sigh"
    " chew swallow wink grin giggle chuckle frown squint shiver tremble stretch scratch rub stroke hold touch point"
    " whisper purr shrug swish flick flap peek stare steer type stir sip inhale exhale"
)

_AMBIENT: Final = _words(
    "drift flow flicker float blow rustle flutter ripple shimmer swirl curl rise sink glide rock burn glow sparkle"
    " twinkle fade rain snow drip trickle stream spray foam lap billow bend quiver pulse rotate revolve tick scatter"
    " spread part unfold bloom melt dissolve steam smoke evaporate gather travel move creep pass slide fly soar hover"
    " circle dangle hang-glide ebb surge undulate vibrate wobble shake blaze crackle crumble grow come go stop"
    " approach arrive start begin put brighten darken dim change settle whirl cascade gush spill turn set sail rush"
    " race flash glint dart"
)

_HANDLING: Final = _words(
    "accelerate ascend assemble bake beckon bite blast blush bob boil braid brake bring brush bubble build burrow"
    " buzz carry carve chime chirp chop clasp clatter comb conduct contract crack creak croak cross crouch crumble"
    " crumple cuddle cut deepen deflate depart descend dig dock doze drag drain dribble droop drum dunk echo emerge"
    " empty erupt expand fasten fidget fill fizz flake flare fling flip flood fold follow fry gesture give gleam"
    " glisten glitter gnaw graze greet growl gulp gurgle hammer harden hatch haul hiss hit hobble howl hum hurl ignite"
    " inflate jerk jiggle jingle jolt knead knit launch leak lengthen limp load loop loosen meow mix mop munch narrow"
    " nibble nudge ooze overflow pack paddle park pat peck pedal peel perch pinch play pluck plummet plunge poke"
    " polish pop pounce pray preen prod puff quake rake rattle redden release rip ripen roar rot ruffle rumble salute"
    " saw scrub scuttle seep send serve sew shatter shimmy shoot shred shrink shuffle simmer sizzle skid slam slice"
    " slither slump slurp smolder snap sneak snore soak soften spew splatter splinter split sprout spurt squeak"
    " squeeze squirm squirt stack stagger stalk stoop straighten stride stroll strum stumble sweep swell swerve tap"
    " tear teeter thaw thicken tickle tighten tip tiptoe topple toss tow trot tuck tumble twist uncurl unload unlock"
    " unpack unravel unroll untangle untie unwrap vanish veer waddle wake wander wash weave whisk widen wilt wipe"
    " wither wrap wriggle zigzag"
)
"""What else moves or is moved; like a drifting cloud it competes with nothing by itself."""

STATIVE: Final = _words(
    "stands sits lies holds leans stays remains wears has is was hangs looks standing sitting lying holding leaning"
    " wearing facing posing resting hanging staring shining sleeping dreaming showing featuring containing being"
    " seated shows depicts features contains"
)
"""States of a picture: somebody stands in it, nothing changes. (“Looks down” is caught by its direction.)"""

_NOT_VERBS: Final = _words(
    "morning evening building buildings painting ceiling ring king spring thing things clothing wedding lighting"
    " string wing wings sling nothing something anything everything during according amazing stunning interesting"
    " charming breathtaking glowing outstanding boring exciting relaxing striking boxing rocks stands falls cliffs"
    " parts looks turns rides streams waves leaves lands drinks paints sparkles swings slides points bows drops rings"
    " pulses evening's sibling earring earrings viking duckling dumpling crossing clearing opening dining living"
    " parking shopping wedding's flooring railing awning stuffing icing sterling landing meeting listing heading"
    " rating pudding plumbing wiring tubing siding roofing fencing scaffolding carving engraving etching bedding"
    " seating upcoming surrounding surroundings shading grading texturing rendering coating marking furnishing"
    " dazzling flattering blinding inspiring appealing imposing lasting missing existing matching contrasting"
    " overlooking"
)

THINGS_FOR: Final = _words(
    "pool ring shoes stick machine chair chairs room glasses lot bag table kit board boots suit gear rod pan pin"
    " buttress trail path track station dress mat needle bell lamp glass desk hall lodge jacket post"
)
"""What a gerund before it is only the use of: “a swimming pool”."""
NEGATION_ENDS: Final = _words("only just with stop stops stopping")
"""Words after which what was negated is so no more: “never stops dancing”."""

AMBIENT_FORMS: Final = _finite(_AMBIENT | _HANDLING) - STATIVE
BIG_FORMS: Final = _finite(_BIG) - STATIVE
SMALL_FORMS: Final = _finite(_SMALL) - STATIVE
ACTION_FORMS: Final = AMBIENT_FORMS | BIG_FORMS | SMALL_FORMS
NEVER_NOUNS: Final = _words(
    "twinkle flicker shimmer flutter sway breathe rotate revolve dissolve unfold hover soar glide blink sparkle"
    " wobble tremble gallop kneel inhale exhale vibrate rustle billow"
)
BASE_FORMS: Final = _AMBIENT | _HANDLING | _BIG | _SMALL
NOUN_TOO: Final = _words(
    "rocks stands falls parts looks turns rides streams waves leaves lands drinks paints sparkles swings slides"
    " points bows drops rings pulses steams smokes snows rains tilts shifts sets sails flashes races darts rolls runs"
    " walks jumps passes changes lifts spins burns curls dances fights writes sways hits pops puffs tips twists folds"
    " tears rips slices cuts saws hammers rakes brushes combs braids mixes bites cracks splits flakes leaks drains"
    " floods hums echoes taps drums pats loads packs stacks crosses loops brakes parks docks flips shoots blasts"
    " launches bubbles chimes gestures squirts fries peels starts stops"
)
"""Forms that are nouns as often as verbs."""
PLURALS: Final = _words("rocks falls looks streams waves leaves lands rides drinks snows rains steams parts")
"""Of those the ones that are things when a phrase begins with them."""

NOT_GERUNDS: Final = _NOT_VERBS | STATIVE
BIG_VERBS: Final = {form: stem for stem in _BIG for form in (stem, *_finite(frozenset({stem})))}
SMALL_VERBS: Final = {form: stem for stem in _SMALL for form in (stem, *_finite(frozenset({stem})))}

DIRECTIONS: Final = _words(
    "up down left right away back around over forward backwards backward off towards toward out upward upwards"
    " downward downwards inward outward"
)
MANNER: Final = _words("slowly gently softly gradually subtly slightly calmly steadily lightly")
LIT: Final = _words("lit curved blurred coloured colored glowing faded tinted sloping focused rounded")
EVENTS: Final = _words(
    "wind breeze sunrise lapse gust gusts ripple ripples waves timelapse hyperlapse parallax breathing snowfall"
    " explosion earthquake blinking movement motion swaying"
)
"""Nouns that are a movement by themselves."""

PRONOUNS: Final = _words("he she it they i we you who")
BASE_SUBJECTS: Final = _words("they we him them fog smoke hair fish")
"""What else stands before a verb without an s: “they run”, “let him run”, “fish swim”."""
OWN: Final = _words("his her their its my our your")
ARTICLES: Final = _words("a an the this that these those some")
PREPOSITIONS: Final = _words(
    "in on at of with under over near by beside behind above below inside between from into through during against"
    " across along around before after for without"
)
QUALITIES: Final = _words(
    "beautiful stunning gorgeous cute amazing pretty lovely awesome epic majestic breathtaking handsome young very"
    " really dramatic incredible realistic photorealistic"
)
ADJECTIVES: Final = _words(
    "old new young big small little tall short long huge tiny large red blue green yellow white black grey gray brown"
    " golden orange pink purple dark bright warm cold soft hard wet dry snowy sunny rainy cloudy misty foggy neon"
    " modern ancient medieval futuristic wooden stone glass metal colourful colorful beautiful pretty cute many"
    " several few different other wild rocky empty full broken distant tropical green-eyed curly straight high low"
    " deep wide narrow fresh autumn summer winter spring city street mountain sea garden night evening morning flower"
    " christmas palm pine"
)
"""What stands before a plural in a description; nouns that make compounds included."""

NUMBERS: Final = _words("two three four five six seven eight nine ten many several some all both few hundred")
COMMON_PLURALS: Final = _words(
    "eyes clothes stairs glasses jeans trousers lights flowers buildings mountains trees houses windows clouds stars"
    " colours colors books candles towers streets boats hills fields petals details tones sneakers shoes boots hands"
    " walls roses plants cars lanterns ruins woods sixties seventies eighties nineties always perhaps across"
)

SHOP_TALK: Final = _words(
    "cinematic 4k 8k hd uhd hdr quality high ultra realistic photorealistic detailed masterpiece best professional"
    " awesome cool nice amazing epic beautiful great fun funny style look looking good better viral hollywood"
)
ORDERS: Final = _words(
    "animate animated animation make makes turn create generate give bring life video clip movie film gif picture"
    " photo image it this that my the a an please me into out of to from something anything and some for with more"
    " alive do can you be just in very really want i here thing stuff anime"
)
"""Words with which a bot is told to do its work, which says nothing about what should move."""

SOMEBODY: Final = _words(
    "person man woman guy girl boy people someone somebody character subject object he she it they everything"
    " something things thing picture image photo all them him her stuff anything figure scene body"
)
GENERIC: Final = _words(
    "move moves moving moved motion movement movements animation animations does do doing happens happen happening"
    " acts act action"
)
GENERIC_REST: Final = _words(
    "a the some add make makes let should will can could is are be little bit slightly around please now just more to"
    " of lot in and then something anything things naturally realistically nicely slowly gently slight small any this"
    " that my it want i see for clip video here there about somehow random randomly really"
)

EXTREME: Final = _words(
    "extreme extremely wild wildly crazy insane violent violently super hyper frantic frantically chaotic chaotically"
    " aggressive aggressively whip whips crash vertigo jerky dizzying lightning fast faster quick quickly rapid"
    " rapidly swift swiftly sudden suddenly speed speedy hectic ultra-fast shaky hyperspeed furious furiously"
    " breakneck"
)
EMPHASIS: Final = _words("first finally next afterwards after that super extremely extreme really ultra hyper insanely")
CAMERA_ONLY: Final = _words(
    "camera cam zoom zooms zooming pan pans panning dolly tilt tilts tilting orbit orbits orbiting shot lens handheld"
    " drone flythrough 360 closer nearer"
)
CAMERA_MOVES: Final = _words(
    "zoom zooms zooming pan pans panning dolly tilt tilts tilting orbit orbits orbiting handheld"
)
CAMERA_PAIRS: Final = frozenset(
    {("push", "in"), ("pull", "out"), ("pull", "back"), ("ken", "burns"), ("moving", "in"), ("track", "in")}
)
CAMERA_NOUNS: Final = _words("camera cam shot lens drone view frame")

TEXT_ALWAYS: Final = _words(
    "subtitle subtitles caption captions text lettering typography headline headlines watermark slogan textbox"
)
TEXT_SHOWN: Final = _words(
    "title titles logo word words letters name names credits sign number numbers message sentence quote letter"
    " inscription writing font headline banner label"
)
SHOWING: Final = _words(
    "appear appears appearing fade fades fading written saying says say reads spell spells spelling form forms"
    " forming pop pops popping scroll scrolls scrolling typed typing reveal reveals show shows display displays"
    " displayed animated write writes roll"
)
ARRIVING: Final = _words(
    "fly flies flying slide slides sliding drop drops dropping drift drifts drifting zoom zooms zooming spin spins"
    " spinning float floats floating bounce bounces bouncing rise rises rising change changes changing"
)
"""How letters come into a picture that has none."""
WRITTEN: Final = _words("title titles words letters headline credits name names")
"""Of what is shown as text that which is nothing else: a sign may swing, and a letter may fly away."""

SPEAKING: Final = _words("mouths speaks whispers says reads reading writes nothing")

PERSONS: Final = _words(
    "man woman boy girl child kid lady guy baby king queen prince princess knight soldier dancer singer teacher"
    " student mother father mom dad mum brother sister son daughter friend wife husband grandma grandpa grandmother"
    " grandfather bride groom warrior wizard boxer ballerina monk farmer fisherman skater toddler player robot"
    " astronaut"
)
ANIMALS: Final = _words(
    "dog cat horse puppy kitten cow fox wolf lion tiger elephant rabbit squirrel monkey pony dragon deer owl"
)
MANY: Final = _words(
    "people men women boys girls children kids persons couple couples crowd crowds family friends audience students"
    " players soldiers dancers boxers guys ladies twins siblings brothers sisters parents everyone everybody"
    " classmates team group choir orchestra crew mob lovers pedestrians tourists dogs cats horses knights warriors"
    " puppies kittens wolves robots teammates fighters musicians skaters bystanders grandparents babies"
)
TOGETHER: Final = _words("kiss hug talk argue fight dance laugh chat embrace handshake")
TOYS: Final = _words("statue sculpture toy teddy doll figurine poster plush painting drawing mural photo picture")

DANCES: Final = _words(
    "dance dances dancing breakdance breakdances breakdancing ballet pirouette pirouettes waltz waltzes waltzing"
    " tango salsa cartwheel cartwheels somersault somersaults backflip backflips handstand handstands acrobatics"
    " gymnastics twerk twerks twerking moonwalk moonwalks moonwalking tapdance choreography"
)
FIGHTS: Final = _words(
    "fight fights fighting fought punch punches punching wrestle wrestles wrestling battle battles battling brawl"
    " duel duels duelling dueling karate swordfight swordfighting sparring attacks attacking stabs"
)
THINGS: Final = _words(
    "leaf leaves light lights flame flames fire snowflakes snow shadows shadow sparks embers reflections reflection"
    " dust curtain curtains sunlight petals smoke particles stars waves grass sunbeams rays bubbles fireflies glow"
    " moonlight candlelight colours colors ripples clouds mist fog branches trees drops raindrops droplets tears paint"
    " boat ship plane flag water"
)
"""What dances or fights in a manner of speaking only."""

FOREIGN: Final = _words(
    "la der und ist mit ein eine im von den dem das auf sich bewegt langsam kamera le les et est une avec dans el los"
    " las con una di che il nel della y del lentamente lentement zum wird ihre"
)
"""Small words of German, French, Spanish and Italian that English has not."""

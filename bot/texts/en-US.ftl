# Everything a person sees, in English. Variables come from the code that shows the text.

## Commands: descriptions as Discord shows them (100 characters at most)

command-animate = Animate a still: attach a picture and say how it should move
command-animate-still = The picture to animate: sharp, well lit, one subject, best from 1280×720
command-animate-prompt = What moves and how the camera moves, e.g. “slow zoom in, gentle wind”
command-animate-model = Who makes the clip; prices are in /credits
command-animate-shape = Size and crop; unset keeps your still's own proportions
command-animate-seconds = Length of the clip
command-animate-quality = fast: few steps, cheaper. standard: more steps, finer
command-animate-camera = A camera move, added in front of your prompt
command-animate-seed = The same seed and settings give the same clip again; unset is random
command-animate-end-still = A picture to end on, where the model can do that
command-animate-negative = What should not be in the clip, where the model reads it
command-animate-sound = With sound, where the model makes it
command-imagine = Make a clip from words alone, without a still, and compare it with /animate
command-imagine-prompt = What the clip shows and how it moves
command-credits = Your credits: what is left, what is held, what things cost (only you see it)
command-queue = Who is next, and what is being made now
command-cancel = Cancel one of your clips; its credits come back
command-cancel-clip = Which clip
command-show = Post one of your finished clips here again
command-show-clip = Which clip
command-class-why = What happened to a job, step by step (only you see it)
command-class-why-job = The number behind the # under the clip
command-help = How to write a motion prompt that works
command-class = For instructors
command-class-demo = Animate a still before everybody else's, to show it to the class
menu-animate = Animate this image

quality-fast = fast
quality-standard = standard

## Camera moves offered as choices

camera-choice = { $move } ({ $effect })
camera-static = static camera
camera-static-effect = only the subject moves
camera-zoom-in = slow zoom in
camera-zoom-in-effect = draws attention to the middle
camera-zoom-out = slow zoom out
camera-zoom-out-effect = reveals the surroundings
camera-pan-left = panning left
camera-pan-left-effect = the view turns left
camera-pan-right = panning right
camera-pan-right-effect = the view turns right
camera-tilt-up = tilting up
camera-tilt-up-effect = the view rises
camera-tilt-down = tilting down
camera-tilt-down-effect = the view sinks
camera-dolly-in = dolly forward
camera-dolly-in-effect = moves into the scene, near things grow faster
camera-dolly-out = dolly backward
camera-dolly-out-effect = moves out of the scene
camera-truck-left = truck left
camera-truck-left-effect = slides sideways to the left, near things pass faster
camera-truck-right = truck right
camera-truck-right-effect = slides sideways to the right, near things pass faster
camera-crane-up = crane up
camera-crane-up-effect = lifts off, looks from higher up
camera-crane-down = crane down
camera-crane-down-effect = comes down, looks from lower down
camera-roll = slow roll clockwise
camera-roll-effect = tilts the horizon, unsettling
camera-roll-back = slow roll counterclockwise
camera-roll-back-effect = tilts the horizon the other way
camera-orbit = slow orbit
camera-orbit-effect = circles the subject
camera-orbit-left = slow orbit to the left
camera-orbit-left-effect = circles the subject the other way
camera-handheld = handheld
camera-handheld-effect = a slight natural shake

## Shapes offered as choices

shape-still = As the still, 480p
shape-still-hd = As the still, 720p
shape-landscape = Landscape { $width }×{ $height }
shape-portrait = Portrait { $width }×{ $height }
shape-square = Square { $width }×{ $height }
shape-square-hd = Square { $width }×{ $height }
shape-landscape-hd = Landscape { $width }×{ $height }
shape-portrait-hd = Portrait { $width }×{ $height }

## The status message

status-head = **{ $person }** { $task ->
    [imagine] is making a clip from words
   *[animate] is animating a still
} with **{ $model }**, { $seconds } s at { $width }×{ $height }, seed { $seed } · { $price ->
    [one] 1 credit
   *[other] { $price } credits
} { $payer ->
    [pool] held, **the class pays**
   *[person] held
}
status-queued = In line: place { $place }
status-next = Next in line
status-far = In line, far back; /queue shows how long it is
begins = likely to begin { $earliest } to { $latest }
begins-at = likely to begin { $moment }
begins-from-now = likely to begin at once, { $latest } at the latest
begins-by = likely to begin by { $latest }
begins-now = likely to begin at once
begins-soon = likely to begin soon
begins-paused = begins when the instructors let the class go on
begins-unknown = start: estimating
renders = then renders for about { $duration }
renders-unknown = render time: estimating
ready = ready about { $when }
ready-soon = ready in a few seconds
ready-unknown = ready: estimating
status-starting = Getting ready…
status-load = Loading the model…
status-encode_prompt = Reading the prompt…
status-denoise = { $bar } { $percent } % · step { $done } of { $total }
status-decode = { $bar } { $percent } % · frame { $done } of { $total }
status-again = Something broke and was put right; trying again (attempt { $attempt })
status-kept-place = -# I was away for a moment; your place in line was kept.
status-resting = -# This model failed several times and is being looked after by the instructors. { $when } Your place and your credits are kept, it does not count among your clips in the making, and you may cancel at any time.
resting-tried-at = I try it again by myself { $when }.
resting-tried-now = It is being tried again now.
status-succeeded = Finished: { $link }
status-posting = Finished, on its way…
status-cancelled = Cancelled. { $charge ->
    [release] Not charged: { $price ->
        [one] the held credit is
       *[other] the { $price } held credits are
    } back { $payer ->
        [pool] where the class pays from
       *[person] with { $person }
    }.
    [unread] {""}
   *[other] { -astray }
}
status-failed = Not finished. { $charge ->
    [release] Not charged.
    [unread] {""}
   *[other] { -astray }
}
-astray = What was held for it has not come back. That is our fault: please tell your instructor.
status-kept = The clip is ready, but { $why ->
    [size] it could not be made small enough for the upload limit here. It is kept as #{ $job }.
   *[posting] I may not post it here. It is kept as #{ $job }: type /show { $job } in a channel where I may post.
}
order-taken = { $count ->
    [one] Your clip { $jobs } is in line. This channel has much to carry, so its message comes a little later;
   *[other] Your clips { $jobs } are in line. This channel has much to carry, so their messages come a little later;
} /queue shows where it stands now.
clip-kept = <@{ $user }> your clip “{ $prompt }” is ready, but { $why ->
    [size] it could not be made small enough for the upload limit in <#{ $channel }>. It is kept as #{ $job }; please tell your instructor.
   *[posting] I may not post it in <#{ $channel }>. It is kept as #{ $job }: type /show { $job } in a channel where I may post.
}
advice = Tip for your next still: { $advice }
advice-small = it is small; at least 1280×720 gives the model more to work with
advice-dark = it is dark; a well lit picture moves better
advice-blurred = it is blurred; a sharp picture keeps its details in motion

## The finished clip

clip-done = <@{ $user }> your clip: “{ $prompt }”
clip-recipe = -# #{ $job } · { $model } · { $made } · { $width }×{ $height } · { $frames } frames at { $fps } fps · { $steps ->
    [one] 1 step
   *[other] { $steps } steps
} · seed { $seed } · waited { $waited } · rendered in { $rendered } · { $price ->
    [one] 1 credit
   *[other] { $price } credits
} { $payer ->
    [class] paid by the class
    [pool] paid for you, { $left } of that left
   *[person] used, { $left } left
}
made-ai = AI-generated
made-draft = computed camera move
was-away = -# While I was away, this was finished:
clip-lost =
    <@{ $user }> your clip “{ $prompt }” was made, but its file is lost. **Refunded:** { $price ->
        [one] the credit is
       *[other] the { $price } credits are
    } { $payer ->
        [pool] back where the class pays from
       *[person] yours again
    }. Please ask for it once more.
    -# #{ $job } ·
clip-smaller = -# Made smaller to fit this server's upload limit.
clip-alt = { $task ->
    [imagine] Generated clip
   *[animate] Animated still
}, { $seconds } seconds: { $prompt }
clip-failed =
    <@{ $user }> your clip “{ $prompt }” could not be made. { $why } { $charge ->
    [release] **Not charged:** { $price ->
        [one] the held credit is
       *[other] the { $price } held credits are
    } { $payer ->
        [pool] back where the class pays from
       *[person] yours again
    }.
   *[other] **{ -astray }**
    } { $todo }
    -# #{ $job } ·
duration-seconds = { $seconds } s
duration-minutes = { $minutes } min { $seconds } s

remark-draft-understood = Camera: { $camera }.
remark-draft-edges = A draft cannot know what lies beyond the picture's edges: it shrinks the middle within them. A model makes it up.
remark-draft-needs-model = Not done: “{ $asked }”. The draft only moves the camera, wind and water; what people and things do needs a model.
remark-draft-default = The draft reads English and found no camera move in the prompt, so it pushes in gently. Try “pan right” or “slow zoom out”.

fault-crashed = The renderer stopped three times.
fault-crashed-todo = Please try again; if it happens once more, tell your instructor.
fault-out_of_memory = It is too large for this GPU.
fault-out_of_memory-todo = Try fewer seconds, a 480p shape if it was larger, or another model.
fault-encoder = The video could not be encoded.
fault-encoder-todo = Please try again; if it happens once more, tell your instructor.
fault-bad_frames = The model returned broken frames.
fault-bad_frames-todo = Try another seed.
fault-stalled = The render stopped moving forward.
fault-stalled-todo = Please try again.
fault-internal = Something broke on our side.
fault-internal-todo = Please try again; if it happens once more, tell your instructor.
fault-disk_full = Our disk is full.
fault-disk_full-todo = Please tell your instructor; try again when there is room.
fault-too_big = It does not fit this server's upload limit, however small.
fault-too_big-todo = Try fewer seconds.
fault-unusable = This model's files on our side are damaged or incomplete.
fault-unusable-todo = Please choose another model and tell your instructor.
fault-cancelled = It was cancelled.
fault-cancelled-todo = Run /animate again whenever you like.

## Buttons

button-cancel = Cancel
cancelled-private = Cancelled. { $charge ->
    [release] Not charged: { $price ->
        [one] the held credit is back
       *[other] the { $price } held credits are back
    }{ $payer ->
        [pool] {" "}where the class pays from.
       *[person] .
    }
   *[other] { -astray }
}
cancel-too-late = This clip is already { $state ->
    [succeeded] finished
    [failed] over; it failed and was not charged
   *[cancelled] cancelled
}.
cancel-choice = #{ $job } · { $state ->
    [queued] in line
   *[running] in the making
} · { $prompt }

## /credits

credits-title = Your credits
credits-balance = **{ $available }** available, **{ $held }** held for clips in the making
credits-next = { $kind ->
    [gift] { $allowance } more, up to { $cap } in all, { $when }
   *[fill] Filled up to { $allowance } { $when }
}
credits-prices = Prices
credits-price = { $model }, { $preset }: **{ $price }** for { $seconds } s at { $width }×{ $height } · enough for { $clips ->
    [one] 1 clip
   *[other] { $clips } clips
}
credits-history = Last entries
credits-entry = { $when } · { $kind ->
    [capture] { $amount } paid from what was held
   *[other] { $sign }{ $amount } · { $kind ->
        [grant] received
        [hold] held
        [release] returned
        [refund] refunded
        [prize] won
        [take] taken back
       *[other] { $kind }
    }
} · { $reason }{ $clip }
reason-allowance = the class's allowance
reason-clip = a clip
reason-rendered = a finished clip
reason-failed = a clip that failed
reason-cancelled = a clip that was cancelled
reason-lost = a clip whose file was lost
reason-declined = a clip that was not approved
reason-removed = a clip that could not be handed over
credits-none = Nothing yet: your first clip will stand here.

## /queue

queue-title = The line
queue-empty = Nobody is waiting: your clip would start at once.
queue-running = In the making
queue-waiting = Waiting
queue-row-running = { $who } · { $model } · since { $when } · { $ready }
queue-row-waiting = { $place }. { $who } · { $model } · { $begins }
queue-anonymous = an entry of a challenge{ $own ->
    [yes] , yours
   *[no] {""}
}
queue-more = … and { $more } more
queue-set-aside = { $count ->
    [one] 1 more clip waits
   *[other] { $count } more clips wait
} for a model that the instructors look after at present.
queue-rule = Whoever used the GPU least in the last hours goes next, a little sooner if their model is already loaded; whoever was passed over for more than { $minutes } minutes, or one and a half rounds of a long line, goes before everybody else.

## /help

help-title = How to write a motion prompt
help-body =
    Your still already says what the picture shows. The prompt says **what changes**.

    {""}**1. One movement of the subject:** “her hair moves in the wind”, “the boat rocks gently”
    {""}**2. One camera move:** “static camera”, “slow zoom in”, “pan right”, “dolly forward”
    {""}**3. How:** “slowly”, “gently”; small movements come out best

    {""}**Good:** “gentle wind, leaves swaying, static camera”
    {""}**Good:** “slow zoom in, she smiles”
    {""}**Weak:** “a beautiful castle at sunset” (describes the picture, nothing moves)
    {""}**Weak:** “zoom in, then pan left, then orbit” (one camera move at a time)

    A still that works: at least 1280×720, sharp, well lit, one subject.
    Try a prompt with the **draft** model first: it costs least and shows the camera move.

    `/animate` makes a clip · `/credits` shows what is left · `/queue` shows who is next · `/cancel` takes one back

## Instructors

why-title = Job #{ $job }
why-head = <@{ $user }> · { $model } · ordered { $when } · { $attempts ->
    [one] 1 attempt
   *[other] { $attempts } attempts
}
why-credits-held = Hold { $hold }: { $price } held { $payer ->
    [pool] of a pool
   *[person] of their own
}, not charged
why-credits-capture = Hold { $hold }: { $price } charged { $payer ->
    [pool] to a pool
   *[person] to them
}
why-credits-refund = Hold { $hold }: { $price } charged and refunded { $payer ->
    [pool] to a pool
   *[person] to them
}
why-credits-release = Hold { $hold }: { $price } returned { $payer ->
    [pool] to a pool
   *[person] to them
}, not charged
why-took = Waited { $waited }, loaded { $loaded }, rendered { $rendered }
why-shown = Last message: { $link }
why-failed = **Failed ({ $fault }):** { $words }
why-rests = **It waits for { $model },** which rests after failures; /class models on ends the rest.
why-waits = { $place ->
    [0] It waits far back in the line
    [1] It is next
   *[other] It is number { $place } in line
} · { $begins }
why-progress = Last progress: { $stage }, { $done } of { $total }
why-no-progress = Last progress: none since the last start
why-history = History
why-earlier = … { $count ->
    [one] 1 earlier step
   *[other] { $count } earlier steps
}
why-event = { $when } **{ $state }** · attempt { $attempts }{ $worker ->
    [none] {""}
   *[other] {" "}· worker { $worker }
}{ $delivery ->
    [none] {""}
   *[other] {" "}· delivery { $delivery }
}{ $trouble ->
    [none] {""}
   *[other] {" "}· { $trouble }
}
staff-model-resting =
    {""}**{ $model } is off the menu:** { $worker } failed three jobs in a row with it, the last one with “{ $fault }”: `{ $cause }`
    Nobody was charged, and its jobs keep their places. It is tried again with one job { $when }, then after longer and longer pauses, or with all of them after a restart.
staff-size-refused =
    {""}**{ $model }, { $quality }, at { $size } for { $seconds } s and more is refused:** three clips, none larger, had no room in the GPU's memory, the last one with `{ $cause }`
    Nobody was charged, and smaller clips are made as before. { $when } another clip may try whether there is room then; at once after /class models on or a restart.
staff-model-awake = **{ $model } is on the menu again**{ $why ->
    [trial] , because a trial went well
   *[word] { "" }
}. The jobs that waited for it are back in line.

## The coach

command-coach = A look at your prompt before credits move
command-coach-on = Show me the coach's card when it finds something in my prompt
command-coach-off = Never show me the coach's card
coach-on = The coach will look at your prompts before credits move, and say something only where it finds something.
coach-off = The coach keeps quiet from now on: your clips are ordered at once. `/coach on` brings it back.

coach-head =
    {""}**Before any credits move** (nothing is held yet)
    { $model }, { $seconds } s at { $width }×{ $height } · **{ $price ->
        [one] 1 credit
       *[other] { $price } credits
    }**{ $payer ->
        [pool] , which the class pays
       *[person] { "" }
    } · { $wait }{ $task ->
        [animate] { "" } · below: your still as the model gets it
       *[other] { "" }
    }
    {""}**What the coach noticed**
coach-nothing-left = • Nothing any more.
coach-yours = **Yours:** “{ $prompt }”
coach-rewrite = **Movement first:** “{ $prompt }”
coach-foot = -# It is your choice, nothing is changed without you. This card waits until { $until }. Never see it again: `/coach off`
coach-still-alt = Your still, cropped as the model gets it: { $width }×{ $height }

coach-found-no_movement = • **Nothing moves:** say what should change, for example “she smiles” or “slow zoom in”.
coach-found-description = • **It describes the picture** (“{ $quote }”): the still shows that already. Say what changes.
coach-found-several_camera_moves = • **{ $count } camera moves** ({ $quote }): one in a clip comes out best.
coach-found-competing_movements = • **{ $count } movements at once** ({ $quote }): one movement of the subject comes out best.
coach-found-too_many_words = • **{ $count } words:** over 30 the model loses sight of the movement.
coach-found-vague = • **Vague** (“{ $quote }”): which movement? “turns her head”, “waves her hand”.
coach-found-rapid_camera = • **A rapid or extreme camera** (“{ $quote }”): it smears. Slow moves come out sharp.
coach-found-text = • **Text in the video** (“{ $quote }”): letters come out garbled. Add them afterwards.
coach-found-several_characters = • **More than one character** ({ $quote }): faces and limbs get mixed up. One subject comes out best.
coach-found-dance_or_fight = • **A dance or a fight** (“{ $quote }”): whole-body movement breaks. Try a part of it, such as a turn of the head.
coach-found-too_long_clip = • **{ $count } seconds:** over 10 clips drift away from the still. Try 5 and continue.

coach-button-go-draft = Go · { $price ->
    [0] the class pays
    [one] 1 credit
   *[other] { $price } credits
}
coach-button-rewrite = Use the rewrite · { $price ->
    [0] the class pays
    [one] 1 credit
   *[other] { $price } credits
}
coach-button-edit-draft = Edit
coach-button-withdraw = Cancel
coach-edit-title = Change the prompt
coach-edit-prompt = What moves, and how the camera moves
coach-withdrawn = Withdrawn. Nothing was held, and your still is not kept.
error-draft-over = This card is over: withdrawn, or older than three hours. Run the command again.
error-not-your-card = That card belongs to somebody else.

## Exercises and the limits board

command-exercise = The exercises of the course, with a start button
command-exercise-a = Exercise A: animate a still of yours
command-exercise-b = Exercise B: one still, three prompts
command-exercise-c = Exercise C: finding the limits
command-limits = Where this class's clips broke, how often and with which model

exercise-a =
    {""}**Exercise A: animate a still of yours**
    1. Choose a still: sharp, well lit, one subject, best from 1280×720.
    2. Write what **changes**, not what the picture shows: one movement, one camera move, under 30 words.
    3. Watch what stays anchored to the still and what the model invents.
    4. Start fills a form; you send it. It costs what one clip costs.
exercise-b =
    {""}**Exercise B: the effect of prompts**
    1. One still, three prompts, one seed: only the prompt differs.
    2. “static, no movement” · “slow zoom in” · “gentle wind, leaves swaying”; you may change them.
    3. Compare: which prompt moved the subject, which the camera, which was followed best?
    4. Start fills a form; you send it. It costs three clips, held together or not at all.
exercise-c =
    {""}**Exercise C: finding the limits**
    1. Choose below what models are known to break on; the form is filled with a prompt for it.
    2. Attach a still that goes with it. Here the coach keeps quiet: you are meant to go too far.
    3. Watch the clip closely, then press **{ $button }** under it: what broke, at which second.
    4. `/limits` shows what the whole class found. It costs what one clip costs.
exercise-start-a = Start A
exercise-start-b = Start B
exercise-limit-run = A running person
exercise-limit-talk = Two people talking
exercise-limit-text = Text appearing
exercise-limit-dance = A dance
exercise-limit-fall = A fall
exercise-limit-long = More than 10 seconds
exercise-modal-a = Exercise A
exercise-modal-b = Exercise B
exercise-modal-c = Exercise C
exercise-modal-still = Your still
exercise-modal-prompt = What moves, and how the camera moves
exercise-modal-prompt-number = Prompt { $number }
exercise-modal-model = Model
exercise-modal-seconds = Seconds (leave empty for the usual length)
exercise-modal-model-price = { $price ->
    [one] 1 credit
   *[other] { $price } credits
} for { $count ->
    [one] { "" }
   *[other] { $count } clips of{ " " }
}{ $seconds } s
exercise-modal-b-price = { $price } with { $model }, held together or not at all

button-broke = Mark where it broke
broke-title = Where did it break?
broke-kind = What broke
broke-seconds = At which second
broke-seconds-hint = 0 to { $length }; empty takes the mark back
broke-face = The face changed
broke-physics = Physics
broke-characters = Characters mixed up
broke-text = Text
broke-movement = A complex movement
broke-length = Length: it drifted away
broke-nothing = Nothing broke
broke-marked = Marked for clip #{ $job }: { $marks }. Press again to change it; `/limits` shows the class's board.
broke-unmarked = Clip #{ $job } has no marks any more.
broke-mark = { $what } at { $seconds } s
error-mark = A second between 0 and { $length } is needed here; leave it empty only to take a mark back that is there.
error-mark-not-ready = Only a finished clip can be marked.
error-seconds-number = “{ $given }” is not a number of seconds.

limits-title = Where our clips break
limits-subtitle = { $marks ->
    [one] 1 mark
   *[other] { $marks } marks
} by this class, by model; the frame is an example at the marked second
limits-empty = No marks yet. Start with /exercise c.
limits-caption = #{ $job } at { $seconds } s
limits-caption-whole = #{ $job }
limits-example = • { $what } ({ $marks }): { $link }
limits-alt-row = { $what }: { $marks }
limits-alt = Board of where this class's clips broke. { $rows }

## Under a finished clip

button-again = Again
button-edit = Edit
button-continue = Continue
button-compare = Compare
button-recipe = Recipe
button-join = Join the parts
button-report = Report
button-go = Go · { $price ->
    [0] the class pays
    [one] 1 credit
   *[other] { $price } credits
}
button-leave = Never mind

clip-continues = -# Continues #{ $parent } · part { $part }
clip-compared = -# { $letter } in compare-{ $comparison }
clip-joined =
    <@{ $user }> your chain in one piece: { $parts } · { $count } parts, { $seconds } s
    -# { $made } · joined on the CPU: nothing was charged.
clip-joined-alt = Joined clip, { $seconds } seconds: { $prompts }

offer-clip = **{ $title }** “{ $prompt }”
offer-again = Again, as #{ $job } with another seed:
offer-edited = Edited, from #{ $job }:
form-edited = Edit #{ $job }
offer-continue = Continues #{ $job }:
form-continue = Continue #{ $job }: what happens next?
offer-common = { $count ->
    [one] -# { $facts }
   *[other] -# The same for all: { $facts }
}
offer-noticed = {""}**What the coach noticed**
offer-price = { $count ->
    [one] { "" }
   *[other] { $sum } ={ " " }
}**{ $price ->
    [one] 1 credit
   *[other] { $price } credits
}**{ $payer ->
    [pool] , which the class pays
   *[person] {" "}of your { $available }
}. Nothing is held before you press Go.
offer-wait = -# { $wait }
offer-taken = { $count ->
    [one] Ordered as { $jobs }; its message comes in the channel.
   *[other] Ordered as { $jobs }; their messages come in the channel, and after them the comparison.
}
offer-left = Nothing was ordered and nothing was held.

form-prompt = How should it move?
form-model = Model
form-models = Models ({ $least } to { $most })
form-quality = Quality
form-seconds = Length in seconds
form-seed = Seed
form-seed-hint = empty: a new one

recipe-head = The recipe of #{ $job }: the same model, revision, still, seed and settings give the same clip again.

report-title = Report #{ $job }
report-reason = What should the instructors know?
report-hint = What is wrong with this clip
reported = Thank you. { $heard ->
    [yes] The instructors have it.
   *[no] It is noted, but no channel is set for the instructors here, or I may not write there; they get it as soon as there is one. If it is urgent, please tell one of them in person.
}

error-not-your-button = That clip is somebody else's, so only they can do that. Recipe shows how it was made, Compare makes clips of your own from it.
error-clip-file-gone = The file of #{ $job } is gone, so there is no last frame to go on from. Make it again first.
error-still-gone = The still of that clip was deleted, so it cannot be made again. Attach it once more with /animate.
error-recipe-outdated = The menu has changed since this clip was made with { $model }, so it cannot be made in the same way. Press Edit to choose what there is now.
error-offer-gone = That offer is too old. Press the button under the clip again.
error-offer-outdated = The menu or its prices have changed since that offer. Press the button under the clip again.
error-form-seconds = The length is a number of seconds, such as 5 or 2.5.
error-join-under-way = These parts are being joined already; the clip will be here in a moment.
error-join-part-gone = Part #{ $job } was deleted, hidden or is private, so the chain cannot be joined.
error-join-failed = { $why ->
    [too_big] These { $count } parts are too much for one clip that may be uploaded here.
   *[other] These { $count } parts could not be joined: it failed, or took longer than five minutes.
} Press Join the parts under an earlier one for a shorter chain; every part stays where it is.
error-reported-before = You have reported this clip already; the instructors have it.
error-report-empty = Please say in a few words what is wrong.

## /compare

command-compare = Compare two to four clips of one still: one thing differs, all else is the same
command-compare-vary = What shall differ
vary-prompts = Prompts
vary-models = Models
vary-seeds = Seeds
vary-quality = Quality
vary-still = With and without the still

compare-title-prompts = Compare prompts
compare-title-models = Compare models
compare-title-seeds = Compare seeds
compare-title-quality = Compare qualities
compare-title-still = With the still, and without
compare-choose = What shall differ? Everything else stays the same, and you see the price before anything is held.
compare-prompt = { $letter } · how should it move?
compare-prompt-hint-a = static camera, no movement
compare-prompt-hint-b = slow zoom in
compare-prompt-hint-c = gentle wind, leaves swaying
compare-prompt-hint-d = left empty: three clips
compare-seeds = Seeds
compare-seeds-hint = two to four numbers, such as 1 2 3; empty: { $count } new ones
compare-row = **{ $letter }** { $facts }

fact-prompt = “{ $value }”
fact-camera = camera: { $value }
fact-negative_prompt = without: { $value }
fact-model = { $value }
fact-preset = { $value }
fact-steps = steps: { $value }
fact-still = { $value ->
    [imagine] from words alone
   *[animate] from the still
}
fact-seed = seed { $value }
fact-size = { $value }
fact-seconds = { $value } s
fact-fps = { $value } fps

compare-done = { $shown ->
    [0] <@{ $user }> your comparison is over, without a picture: { $made ->
        [0] none of its clips could be made
        [one] only one of its clips is there
       *[other] its clips could not be put side by side
    }.
   *[other] <@{ $user }> your comparison: the same still and settings, other { $varied ->
        [models] models
        [seeds] seeds
        [quality] qualities
        [still] beginnings
       *[prompts] prompts
    }.
}
compare-made = #{ $job } · rendered in { $rendered } · { $price ->
    [one] 1 credit
   *[other] { $price } credits
}
compare-failed = could not be made: { $why } Not charged.
compare-cancelled = cancelled, not charged
compare-withdrawn = { $by ->
    [hidden] hidden by an instructor
    [declined] not approved by an instructor, refunded
   *[other] taken out by its owner
}
compare-vote = **Which followed its prompt best?**
compare-hint = { $shown ->
    [0] what came of it
   *[other] one vote each, press another letter to change yours
}
compare-alt = { $count } clips side by side, in step: { $rows }

error-compare-count = A comparison has { $least } to { $most } clips.
error-compare-prompts = Give at least two prompts, each a different one.
error-compare-seeds = Give { $least } to { $most } different seeds, or none to have new ones drawn.
error-compare-no-prompts = No model here can do that at present. Ask an instructor.
error-compare-no-seeds = No model here can do that at present. Ask an instructor.
error-compare-no-models = There are not two models here that can do that at present. Compare prompts or seeds.
error-compare-no-quality = No model here has more than one quality at present. Compare prompts or seeds.
error-compare-no-still = No model here can make a clip both with a still and without at present. Compare prompts or seeds.
error-vote-gone = That comparison is no longer known here.

## The still-clip guard

remark-guard-still = **Hardly anything moves in this clip.** { $advice ->
    [nothing] The prompt says what the picture shows; say what changes in it: “the boat rocks gently, slow zoom in”.
    [camera] The camera stands still as asked, and the subject did not follow. Say its movement first and in plain words: “she turns her head to the left”.
    [draft] The draft only moves the camera, wind and water, and a picture with little in it hardly shows that. “slow zoom in” shows most; what people and things do needs a model.
    [only-still] Wind and water are small movements; “strong wind” shows more, or add “slow zoom in”.
   *[again] The movement was asked for and did not come; another seed often brings it.
}
remark-guard-black = **Much of this clip is black.** That is not your prompt's fault.
remark-guard-green = **Much of this clip is plain green:** the model's output broke. That is not your prompt's fault.
remark-guard-plain = **Much of this clip is a single colour:** the model's output broke. That is not your prompt's fault.
remark-guard-blank-still = **The picture has nothing in it to animate:** seen from a step back it is black or of a single colour, and so is the clip. Take a photo of something.
remark-guard-freeze = It stands still from { NUMBER($start, maximumFractionDigits: 1) } s to { NUMBER($end, maximumFractionDigits: 1) } s.
remark-guard-flash = There is a flash at { NUMBER($at, maximumFractionDigits: 1) } s.
button-retry = Try again for free
retried = Refunded and ordered again with another seed, as #{ $job }: { $payer ->
    [pool] the class paid for this clip and pays for the retry, and nothing of yours is touched
    [class] what paid for this clip is over, so the class pays for the retry, and nothing of yours is touched
   *[person] { $price ->
        [one] 1 credit came back
       *[other] { $price } credits came back
    }, { $now ->
        [one] 1 credit is held
       *[other] { $now } credits are held
    }
}. The free retry of this clip is used up.
retried-before = The free retry of this clip was used before: it is #{ $job }. Nothing was charged now.
reason-still = a clip that came out still
error-clip-no_retry = This clip has no free retry, or it was refunded before.

## /history and /portfolio

command-history = Your clips, newest first, with thumbnails (only you see it)
command-history-model = Only clips of this model
command-history-only = Only those that failed
command-portfolio = Your clips as a zip with a page that works without the internet (only you see it)
command-portfolio-page = Which part, where they do not fit into one
history-title = ## Your { $which ->
    [failed] failed clips
   *[all] clips
}{ $filtered ->
    [yes] { " " }with { $model }
   *[no] { "" }
}
history-none = { $which ->
    [failed] Nothing of yours has failed here{ $filtered ->
        [yes] { " " }with { $model }
       *[no] { "" }
    }.
   *[all] { $filtered ->
        [yes] You have no clips with { $model } here yet.
       *[no] You have no clips here yet. `/animate` makes the first one.
    }
}
history-row = “{ $prompt }”
history-row-facts = -# #{ $job } · { $model } · seed { $seed } · { $when } · { $state ->
    [queued] in line
    [running] in the making
    [failed] failed, not charged
    [cancelled] cancelled, not charged
   *[succeeded] { $approval ->
        [waiting] waits for approval
        [declined] not approved, refunded
       *[none] { $price ->
            [one] 1 credit
           *[other] { $price } credits
        }
    }
}{ $visibility ->
    [private] { " " }· **private**
    [hidden] { " " }· **hidden by an instructor**
   *[shown] { "" }
}
history-row-deleted = -# #{ $job } · deleted · { $when } · { $price ->
    [0] not charged
    [one] 1 credit stays spent
   *[other] { $price } credits stay spent
}
history-alt = First, middle and last frame. { $alt }
history-newer = ◀ Newer
history-older = Older ▶
history-failed = Only failed
history-all = Show all
button-show = Show here
button-private = Keep private
button-share = Share again
button-delete = Delete
button-delete-yes = Delete for good
kept-private = #{ $job } is private now: its messages are being taken out of the channels. You find it in /history.
shared = #{ $job } may be shown again. “Show here” posts it.
delete-ask = Delete #{ $job } for good? Its clip, its picture and its prompt are removed, and its messages are taken out of the channels. { $price ->
    [0] It cost nothing.
    [one] The credit it cost stays spent.
   *[other] The { $price } credits it cost stay spent.
} This cannot be undone.
deleted = #{ $job } is deleted: its clip, its picture and its prompt. { $price ->
    [0] It had cost nothing.
    [one] The credit it cost stays spent.
   *[other] The { $price } credits it cost stay spent.
}
take-back-ask = Take #{ $job } back for good? Nobody but the instructors has seen it: it is never posted, its clip, its picture and its prompt are removed, its card is taken away, and { $price ->
    [one] the credit it cost is
   *[other] the { $price } credits it cost are
} refunded{ $payer ->
    [pool] {" "}to where the class pays from
   *[person] {" "}to you
}. This cannot be undone.
taken-back = #{ $job } is taken back: it is never posted, and its clip, its picture and its prompt are removed. { $price ->
    [one] The credit it cost is
   *[other] The { $price } credits it cost are
} { $payer ->
    [pool] back where the class pays from
   *[person] yours again
}.
portfolio-done = { $pages ->
    [one] Here { $clips ->
        [one] is your clip
       *[other] are your { $clips } clips
    }.
   *[other] Part { $page } of { $pages }: { $clips ->
        [one] 1 clip
       *[other] { $clips } clips
    }, newest first.
} Unpack it and open `index.html`; it needs no internet.
portfolio-more = { $left ->
    [one] 1 older clip does
   *[other] { $left } older clips do
} not fit into what may be uploaded here: `/portfolio page:{ $next }` has more.
portfolio-too-large = { $count ->
    [one] 1 clip is
   *[other] { $count } clips are
} left out as too large for any zip here: { $clips }. /show posts { $count ->
    [one] it
   *[other] them
} made smaller.
portfolio-missing = { $count ->
    [one] 1 clip is
   *[other] { $count } clips are
} left out because the file is no longer there.
portfolio-title = Clips by { $person }
portfolio-subtitle = { $clips ->
    [one] 1 clip
   *[other] { $clips } clips
}, newest first
portfolio-recipe = Recipe
portfolio-closing = Synthetic video, made with Stillmotion. The recipes also lie in the folder “recipes”, one JSON file per clip.
portfolio-facts = #{ $job } · { $model } · { $date } · { $seconds } s at { $width }×{ $height } · seed { $seed }
error-portfolio-empty = You have no clips here yet. /animate makes the first one.
error-portfolio-gone = { $count ->
    [one] The file of your clip is no longer there, so there is nothing to pack.
   *[other] The files of your { $count } clips are no longer there, so there is nothing to pack.
}
error-portfolio-page = { $last ->
    [0] None of your clips fits into what may be uploaded here, packed as they are. /show posts them made smaller.
    [one] There is only one part.
   *[other] There are { $last } parts.
}
error-portfolio-refused = Discord did not take the zip. Please try again later, or use /show for single clips.
error-not-your-history = This history belongs to somebody else. /history shows yours.
error-clip-not_yours = That clip belongs to somebody else.
error-clip-unfinished = That clip is not finished, or still on its way. /cancel takes one back that is in line.
error-clip-deleted = That clip was deleted by its owner.
error-clip-hidden = That clip was hidden by an instructor.
error-clip-no_clip = There is no clip of that number: it failed or was cancelled.
error-clip-waiting = That clip waits for approval and nobody has seen it yet. Decline it on its card in the instructors' channel.
error-clip-not_hidden = That clip is not hidden.
error-clip-declined = That clip was declined and paid back, so it stays out of sight. Its owner may make another one.

## Pools, grants and the roster

command-class-role = Who is an instructor here: a role, or without one whoever may manage the server
command-class-role-role = The instructors' role; leave it out to go back to “Manage Server”
class-role-set = From now on <@&{ $role }> are the instructors here. If they do not see /class yet, allow the role to use it in Server Settings → Integrations.
class-role-cleared = From now on whoever may manage the server is an instructor here.
credits-pools = Paid for you
credits-pool = { $kind ->
    [session] The class session pays for your clips · { $used ->
        [one] 1 credit
       *[other] { $used } credits
    } used
   *[challenge] **{ $left }** left for you in the challenge “{ $title }” · { $used } used
}
reason-prize = a prize
reason-session = a class session
reason-challenge = a challenge
reason-rest = the rest of a pool
error-pool-cap = { $kind ->
    [session] The class session pays for no more clips of yours; after it your own credits pay.
   *[challenge] This clip costs { $needed ->
        [one] 1 credit
       *[other] { $needed } credits
    } and { $left ->
        [0] “{ $pool }” pays for no more clips of yours
       *[other] { $left } of what “{ $pool }” pays for you are left
    }. You may pay with your own credits.
}
error-pool-exhausted = This clip costs { $needed ->
    [one] 1 credit
   *[other] { $needed } credits
} and { $kind ->
    [session] the class session has only { $available } left for everybody. Make a shorter clip, or ask an instructor to stop the session; after it your own credits pay.
   *[challenge] “{ $pool }” has only { $available } left for everybody. You may pay with your own credits, or ask an instructor.
}
error-pool-closed = { $kind ->
    [session] The class session that was to pay for this is over. Run the command again; your own credits pay then.
   *[challenge] “{ $pool }” is over and pays for nothing any more. You may pay with your own credits.
}

command-class-reason = Why; it stands in the log
command-class-allowance = Set how many credits everybody here gets each week or month
command-class-allowance-credits = Credits per person and week or month
command-class-allowance-every = How often; each month unless you say otherwise
command-class-allowance-cap = Never more than this through the allowance; unset fills up to the credits above
class-allowance-set = From the next { $every } on everybody here gets { $credits } credits each { $every }, up to { $cap } in all. Balances stay as they are.
error-allowance-cap = Up to { $cap } in all is less than the { $credits } credits given at a time. Leave the cap out, or set it higher.

command-class-channel = Where the instructors are told what needs them, such as requests for credits
command-class-channel-channel = The instructors' channel; leave it out for none of your own
class-channel-set = The instructors of this server are told in <#{ $channel }> what needs them.
class-channel-cleared = This server has no instructors' channel of its own any more.{ $approval ->
    [on] {" "}**Finished clips wait for approval here:** without a channel nobody can give it, so they go on waiting. /class approval off posts new ones at once.
   *[off] {""}
}
error-no-staff-channel = I cannot reach the instructors: no channel is set for them, or I may not write there. Please ask one of them in person; they can set it with /class channel.

command-class-log = What instructors did here, newest first (only you see it)
command-class-log-refused = Show what was refused to people who are no instructors
log-title = What instructors did
log-title-refused = What was refused
log-empty = Nothing yet.
log-line = { $when } { $who } { $act }{ $why }
log-bot = the bot
log-older = Older
log-newer = Newer
act-unworded = did “{ $what }”
act-refused = tried { $tried }
act-role = { $whom ->
    [nobody] cleared the instructors' role
   *[other] made <@&{ $whom }> the instructors' role
}
act-channel = { $whom ->
    [nobody] cleared the instructors' channel
   *[other] made <#{ $whom }> the instructors' channel
}
act-allowance = set the allowance to { $credits } credits each { $every }, up to { $cap }
act-grant = gave { $credits } credits to { $whose ->
    [person] <@{ $whom }>
    [role] { $people ->
        [one] 1 person
       *[other] { $people } people
    } with <@&{ $whom }>
   *[list] { $people ->
        [one] 1 person
       *[other] { $people } people
    } of a list ({ $named })
}
act-take = took { $credits } credits back from { $whose ->
    [person] <@{ $whom }>
    [role] { $people ->
        [one] 1 person
       *[other] { $people } people
    } with <@&{ $whom }>
   *[list] { $people ->
        [one] 1 person
       *[other] { $people } people
    } of a list ({ $named })
}
act-demo = had a clip made before everybody else's
act-request-approved = gave <@{ $whom }> { $credits } credits on request
act-request-declined = gave <@{ $whom }> none of { $credits } credits asked for
act-pause = paused the class
act-drain = let the class drain
act-resume = let the class run
act-block = blocked <@{ $whom }>
act-unblock = unblocked <@{ $whom }>
act-models = put { $model } { $switch } the menu
act-channels = { $change } <#{ $whom }> for clips
act-limits = set limits of <@&{ $whom }>: seconds { $seconds }, size { $size }, clips { $clips }

command-class-grant = Give credits to a person, a role or a list; you see the sum before anything happens
command-class-take = Take credits back from a person, a role or a list; you see the sum before anything happens
command-class-grant-credits = Credits for each; a list may have its own in a second column
command-class-grant-person = One person
command-class-grant-role = Everybody the bot knows with this role
command-class-grant-people = A CSV file: a user id per line, and credits in a second column if they differ
error-grant-whom = Say whom: a person, a role or a list, one of the three.
error-grant-credits = Say how many credits each.
error-grant-role = I know nobody with <@&{ $role }>: I only learn people's roles when they use me. Give me a list of ids instead.
error-roll-size = This list is too large; at most { $limit } KB. Does it have more columns than ids and credits?
error-roll-download = Discord did not hand over the list. Please try again in a moment.
roll-refused = **Nothing was done.** { $count ->
    [one] 1 line
   *[other] { $count } lines
} cannot be read, { $good } are fine. Please mend the file and send it again:
roll-line = line { $line }: { $problem }
roll-more = … and { $more } more
roll-not_text = this is not a text file in UTF-8; save it as “CSV UTF-8”
roll-no_table = this is no table with one person in each line; save it as “CSV UTF-8”
roll-no_rows = there is nobody in this file
roll-too_many = { $found } lines are more than I take at once
roll-id = “{ $found }” is no user id
roll-id_rounded = “{ $found }” was rounded by a spreadsheet; format the column as text and paste the ids again
roll-credits = “{ $found }” is no number of credits from 1 to { $limit }
roll-no_credits = “{ $found }” has no credits, and none were given with the command
roll-twice = “{ $found }” is in the list twice
draft-grant = Give **{ $total }** credits in all to { $whose ->
    [role] the { $people ->
        [one] 1 person
       *[other] { $people } people
    } I know with <@&{ $whom }>
    [list] { $people ->
        [one] 1 person
       *[other] { $people } people
    } of the list
   *[person] <@{ $whom }>
} · “{ $reason }”?
draft-take = Take **{ $total }** credits in all back from { $whose ->
    [role] the { $people ->
        [one] 1 person
       *[other] { $people } people
    } I know with <@&{ $whom }>
    [list] { $people ->
        [one] 1 person
       *[other] { $people } people
    } of the list
   *[person] <@{ $whom }>
} · “{ $reason }”?
draft-role = -# I learn people's roles only when they use me, so these { $people } are as I saw them last. Whoever never used me is not among them.
draft-strangers = -# I have never met { $people ->
    [1] them
   *[other] { $strangers } of them
} here; the credits wait for whoever that is. A wrong id looks the same, so please compare.
draft-short = -# { $people ->
    [one] 1 of them has
   *[other] { $people } of them have
} less than that; I take what is there and never what is held.
draft-confirm = Do it
draft-discard = Leave it
draft-done-grant = Done: { $people ->
    [one] 1 person has
   *[other] { $people } people have
} { $total } more credits in all · “{ $reason }”
draft-done-take = Done: { $total } credits in all came back from { $people ->
    [one] 1 person
   *[other] { $people } people
} · “{ $reason }”
draft-discarded = Nothing was moved.
error-draft-done = This was done already; nothing was moved a second time.
error-draft-discarded = This was discarded; nothing was moved. Run the command again.
error-draft-gone = I do not know this list any more; nothing was moved. Run the command again.
reason-instructor = an instructor
reason-asked = your request

ask-button = Ask the instructors for more
ask-title = Ask for credits
ask-amount = How many credits?
ask-why = What for?
error-ask-gone = Whoever asked for these credits has been forgotten since, so there is nothing to decide any more.
error-ask-amount = Ask for a whole number of credits from 1 to { $limit }.
ask-sent = The instructors have your request for { $credits } credits. You are told as soon as one of them answers.
ask-known = The instructors have a request of yours already, for { $credits } credits. You are told as soon as one of them answers.
ask-card = <@{ $user }> asks for **{ $credits }** credits: “{ $why }”
ask-card-answered = { $state ->
    [approved] **Approved** by <@{ $by }>.
   *[declined] **Declined** by <@{ $by }>.
}
ask-button-approved = Approve
ask-button-declined = Decline
ask-answer = <@{ $user }> { $verdict ->
    [approved] your instructors gave you the { $credits } credits you asked for. /credits shows them.
   *[declined] your instructors did not give you the { $credits } credits you asked for. Please talk to them if you need more.
}
error-request-decided = This request was { $state } by <@{ $by }> already; nothing was given a second time.

command-class-pause = Start nothing more; whoever waits keeps their place and sees your reason
command-class-drain = Take nothing new; what waits is still made, and everybody sees your reason
command-class-resume = Let the class run again
command-class-public-reason = Why; everybody sees it
command-class-block = Keep a person from ordering clips; they see your reason
command-class-unblock = Let a person order clips again
command-class-block-person = Whom
command-class-block-reason = Why; the person sees it
class-paused = **The class is paused:** { $reason } · Nothing starts; everybody who waits keeps their place and credits.
class-draining = **Nothing new is taken at present:** { $reason } · What waits is still made.
class-resumed = The class runs again.
class-runs = The class runs.
class-blocked = <@{ $user }> cannot order clips any more. What they have in line is still made.
class-unblocked = <@{ $user }> can order clips again.
class-blocked-because = <@{ $user }> cannot order clips: “{ $reason }”
class-blocked-more = … and { $more } more who cannot
class-staff = Instructors are { $role ->
    [none] whoever has “Manage Server”
   *[other] those with <@&{ $role }>
}; { $channel ->
    [none] no channel tells them what needs them.
   *[other] <#{ $channel }> tells them what needs them.
}
class-not-blocked = <@{ $user }> was not blocked.
error-block-yourself = You cannot block yourself.
status-paused = Paused by the instructors: { $reason } · Your place and your credits are kept; you may cancel at any time.
error-rule-draining = Nothing new is taken at present: “{ $reason }”.
error-rule-blocked = The instructors do not let you order clips at present: “{ $reason }”.
error-rule-channel = Clips are not asked for in this channel here; please use { $channels }.
error-rule-model_off = { $model } is not on this class's menu at present. Please pick another model.
error-rule-seconds = At most { $limit } seconds are allowed for you here. Please ask for a shorter clip.
error-rule-pixels = { $asked } is larger than allowed for you here (at most { $limit } megapixels). Please pick a smaller shape.

command-class-models = Which models are on this class's menu
command-class-models-on = Put a model on the menu again
command-class-models-off = Take a model off the menu
command-class-models-model = Which model
class-model = { $model } is { $switch } this class's menu.
command-class-channels = Where clips may be asked for
command-class-channels-allow = Allow a channel; once one is allowed, the others are not
command-class-channels-remove = Take a channel off the list; without any, all are allowed
command-class-channels-channel = Which channel; its threads count as the channel
class-channels-all = Clips may be asked for in every channel.
class-channels = Clips may be asked for in { $channels }.
command-class-limits = What people with a role may ask for; without any number the role has no limits
command-class-limits-role = Which role; @everyone is all people
command-class-limits-seconds = Longest clip in seconds
command-class-limits-size = Largest size
command-class-limits-clips = Clips in the making at one time
class-limits = <@&{ $role }>: seconds { $seconds }, size { $size }, clips in the making { $clips }. Of several roles the most generous number counts.
command-class-rules = Show what is in force in this class (only you see it)

# (end)

## Class sessions

command-class-session = Class sessions: for some minutes the class pays for everybody's clips
command-class-session-start = Begin: the class pays, one order each at a time, and a pinned board shows the line
command-class-session-start-minutes = How long; it ends by itself
command-class-session-start-model = The one model that it is held with; unset leaves the choice
command-class-session-start-clips = The most clips for each person; unset is without a bound
command-class-session-start-pool = The most credits for everybody together; unset is as many as it takes
command-class-session-stop = End it now: nothing new is taken, what waits is still made, then it is summed up
command-class-session-show = What came of this class's sessions, newest first (only you see it)
session-title = Class session
session-started = **The class session runs** until { $until } ({ $distance }). The class pays for every clip ordered in this server, and nobody's own credits are touched. `/class demo` shows one of yours before everybody else's.
session-board-pinned = The board is pinned in <#{ $channel }>: { $link }
session-board-forbidden = The board stands in <#{ $channel }>: { $link } I may not pin messages there. Pin it yourself, and allow me “Pin Messages” before the next session.
session-board-full = The board stands in <#{ $channel }>: { $link } The channel has as many pinned messages as Discord allows; unpin one and pin the board yourself.
session-board-pending = Discord does not let me post the board in <#{ $channel }> yet; I go on trying.
session-board-abandoned = I could not post a board in <#{ $channel }>; `/queue` shows the line.
session-stopped = The class session is over; nothing new is taken in it. { $unfinished ->
    [0] It is summed up in <#{ $channel }> now.
    [one] 1 clip is still being made; then it is summed up in <#{ $channel }>.
   *[other] { $unfinished } clips are still being made; then it is summed up in <#{ $channel }>.
} So far: { $numbers }.
session-numbers-none = no clip was made
session-numbers = { $made ->
    [one] **1** clip
   *[other] **{ $made }** clips
} for { $people ->
    [one] **1** person
   *[other] **{ $people }** people
}{ $demonstrations ->
    [0] {""}
    [one] {" "}and 1 demonstration
   *[other] {" "}and { $demonstrations } demonstrations
} · { $wait ->
    [unknown] nobody has waited yet
   *[other] median wait **{ $wait }**
} · { $spent ->
    [one] 1 credit
   *[other] { $spent } credits
} of the class used
session-head = ## Class session · until { $until } ({ $distance })
session-head-over = ## Class session · over
session-terms = **The class pays**, nobody's own credits are touched · one order at a time each{ $clips ->
    [none] {""}
    [one] , 1 clip each at most
   *[other] , { $clips } clips each at most
}{ $model ->
    [any] {""}
   *[other] {" "}· made with **{ $model }**
} · begin with `/animate`
session-draining = Nothing new is taken in it any more; { $unfinished ->
    [one] 1 clip is
   *[other] { $unfinished } clips are
} still being made.
session-machine = **Machine**
session-so-far = So far: { $numbers }
session-device-busy = { $device } · <@{ $user }> with { $model }, since { $since }{ $lane ->
    [demo] {" "}· demonstration
   *[class] {""}
}
session-device-elsewhere = { $device } · busy with a clip of another server
session-device-free = { $device } · free{ $loaded ->
    [none] {""}
   *[other] {" "}· { $loaded } is loaded
}
session-device-down = { $device } · is being started
session-waiting = { $count ->
    [0] **Waiting:** nobody
   *[other] **Waiting: { $count }**, in the order of service
}
session-person = { $place } <@{ $user }>{ $lane ->
    [demo] {" "}(demonstration)
   *[class] {""}
}
session-part-board = board
session-part-summary = summary
session-closing =
    {""}**The class session is over** after { $minutes ->
        [one] 1 minute
       *[other] { $minutes } minutes
    }: { $numbers }.
    What was left of its pool went back; nobody's own credits were touched.
session-lost = -# { $failed ->
    [0] {""}
    [one] 1 clip failed
   *[other] { $failed } clips failed
}{ $both ->
    [yes] {" "}and{" "}
   *[no] {""}
}{ $cancelled ->
    [0] {""}
    [one] 1 order was taken back
   *[other] { $cancelled } orders were taken back
}; nobody paid for that.
sessions-title = Class sessions
sessions-none = There was none yet: `/class session start` begins one.
sessions-line = **{ $session }** · { $when } · { $minutes } min · begun by <@{ $user }> · { $state ->
    [running] runs until { $until }: { $numbers }
    [draining] over, its last clips are being made: { $numbers }
   *[over] { $numbers }
}{ $link ->
    [none] {""}
   *[other] {" "}· { $link }
}
error-session-running = A class session runs in <#{ $channel }> until { $ends_at }. `/class session stop` ends it.
error-session-none = No class session is running here; `/class session start` begins one.
error-session-unknown = I do not know this session here.
error-session-model = { $model } is off this class's menu. `/class models on` puts it there again, or choose another one.
error-rule-session_turn = In the class session everybody has one order in the making at a time, and yours is not finished. Wait for it, or take it back with /cancel.
error-rule-session_model = This class session is held with another model than { $asked }. Leave the model out, and you get the one that its board names.
error-rule-session_clips = { $left ->
    [0] You have had your { $limit ->
        [one] clip
       *[other] { $limit } clips
    } of this class session. It ends { $ends_at }; after that your own credits pay for more.
   *[other] You may have { $left } more of your { $limit } clips in this class session, and this asks for { $more }. Compare fewer, or make them one by one.
}
act-session-start = began class session { $session }: { $minutes } minutes, pool { $pool }, clips each { $clips }, model { $model }
act-session-stop = ended class session { $session }; { $returned } credits of its pool went back
act-session-end = ended class session { $session } because its time was over; { $returned } credits of its pool went back
act-session-summary = summed up class session { $session }: { $made } clips for { $people } people, { $spent } credits

# (end)

## /challenge

command-challenge = Challenges: tasks for the class, for instructors
command-challenge-post = Set a challenge; a form asks for its title, brief, prompt and required words
command-challenge-post-channel = Where; it gets a thread of its own, or a post in a forum. Unset: here
command-challenge-post-still = A starter still, for everybody who brings no picture of their own
command-challenge-post-model = The model that every entry is made with; unset is the first on the menu
command-challenge-post-opens = When entering begins: “in 2 h”, “18:00”, “2026-11-30 18:00”. Unset: now
command-challenge-post-closes = When it ends, in the same words (voting none: entering ends). Unset: when you close it
command-challenge-post-entries = How many entries each person may have
command-challenge-post-pool = Credits that pay for entries and the prize; what is left returns
command-challenge-post-cap = The most that one person may have of the pool
command-challenge-post-prize = Credits for the winner, out of the pool
command-challenge-post-voting = blind: no names, no counts until the end. open: both shown. none: you decide

command-challenge-challenge = Which challenge
command-challenge-close = End a challenge now: winners, prize, contact sheet and reel
command-challenge-close-without-waiting = Close although entries are made or wait for approval: they take no part then
command-challenge-close-winners = Where you decide: the numbers of the winning entries, such as “3” or “3, 5”
command-challenge-cancel = Call a challenge off: every hold is released and the pool returns
command-challenge-edit = Change a challenge's words, its end, or the entries per person
command-challenge-entries = Everything that was entered, as CSV: person, prompt, votes, credits (only you see it)
command-challenges = Challenges of this class: look, and take your entry back
command-challenges-list = The newest challenges (only you see it)
command-challenges-show = A challenge with links to its entries (only you see it)
command-challenges-withdraw = Take your entry back while the challenge is open
command-challenges-withdraw-entry = Which of your entries

challenge-button-enter = Enter
challenge-button-vote-entry = Vote
challenge-button-own-credits = { $price ->
    [0] Use my own credits
   *[other] Use my own credits ({ $price })
}
brief-form = The challenge
brief-form-title = Title
brief-form-brief = Brief: what should the clips show?
brief-form-prompt = A motion prompt to begin with
brief-form-prompt-hint = Stands in the form for everybody to change
brief-form-words = Required words
brief-form-words-hint = Separated by commas; every entry's prompt has to contain them
enter-title = { $title }
enter-prompt = How should it move?
enter-words = Required: { $words }
enter-picture = A picture of your own
enter-picture-hint = { $still ->
    [yes] Leave it out to use the starter still
   *[no] Leave it out to make a clip from words alone
}
enter-clip = Or one of your finished clips
enter-clip-hint = It is entered as it is and costs nothing; prompt and picture are not used then

challenge-head = ## { $title }
challenge-opens = Opens { $when } ({ $distance })
challenge-closes = { $voting ->
    [none] Entering ends { $when } ({ $distance }), then the instructors decide
   *[other] Closes { $when } ({ $distance })
}
challenge-decide = Entering “{ $title }” has ended. <@{ $user }>, please choose: `/challenge close challenge:{ $challenge } winners:…` with the numbers of the entries that win, or without any for nobody.
challenge-closes-by-hand = Closes when the instructors say so
challenge-ended = { $state ->
    [closed] **Closed** { $when }
   *[cancelled] **Called off** { $when }
}
challenge-rules = { $each ->
    [one] 1 entry
   *[other] { $each } entries
} per person · { $voting ->
    [blind] everybody has one vote, never for their own; names and counts stay hidden until the end
    [open] everybody has one vote, never for their own
   *[none] the instructors decide
}
challenge-prompt = Begin with: “{ $prompt }”
challenge-words = Your prompt has to contain: { $words }
challenge-pool = Entries are paid for you, from { $pool ->
    [one] 1 credit
   *[other] { $pool } credits
}{ $cap ->
    [none] {" "}for everybody together, one clip for each entry
   *[other] , up to { $cap } each
}
challenge-prize = Prize: { $prize ->
    [one] 1 credit
   *[other] { $prize } credits
}
challenge-still-alt = Starter still of the challenge “{ $title }”
challenge-part-brief = brief
challenge-part-results = results
challenge-set = { $state ->
    [called_off] I may not post in <#{ $place }>, so challenge { $challenge } was called off and its pool returned.
    [waits] Challenge { $challenge } is set; Discord does not let me post it in <#{ $place }> yet, I go on trying.
   *[posted] Challenge { $challenge } is set: <#{ $place }>
}
challenge-set-times = It opens { $opens } and { $closes ->
    [none] stays open until you close it
   *[other] { $voting ->
        [none] takes entries until { $closes }; then I ask you who wins
       *[other] closes { $closes }
    }
}.
challenge-entered = You have **entry { $number }** of “{ $title }”: it stands in <#{ $thread }>{ $voting ->
    [blind] , without your name until the end
   *[other] {""}
}. { $payer ->
    [nobody] It cost nothing.
    [pool] { $price ->
        [one] 1 credit of the challenge is
       *[other] { $price } credits of the challenge are
    } held for it, none of yours.
    [class] { $price ->
        [one] 1 credit of the class session is
       *[other] { $price } credits of the class session are
    } held for it, none of yours.
   *[person] { $price ->
        [one] 1 credit of yours is
       *[other] { $price } credits of yours are
    } held for it.
}
challenge-voted = { $is_given ->
    [yes] Your vote is on entry { $number }. Press Vote under another one to move it, or here again to take it back.
   *[no] Your vote is taken back from entry { $number }.
}
challenge-votes-now = It has { $votes ->
    [one] 1 vote
   *[other] { $votes } votes
} now.
challenge-closed = “{ $title }” is closed; its results are being posted in <#{ $thread }>.
challenge-cancelled = “{ $title }” is called off. Every hold is released, and its pool went back.
challenge-edited = “{ $title }” is changed.
challenge-entries = { $count ->
    [one] 1 entry
   *[other] { $count } entries
} in “{ $title }”, taken back ones included.
challenge-withdrawn = Entry { $number } of “{ $title }” is taken back. { $state ->
    [succeeded] Its clip stays yours: /show { $job }
    [declined] Its clip was not approved and was refunded before.
   *[other] **Not charged:** { $price ->
        [one] the held credit is
       *[other] the { $price } held credits are
    } back.
}
challenges-title = Challenges
challenges-none = There are none yet.
challenges-line = **{ $challenge }** · { $title }{ $link ->
    [none] {""}
   *[other] {" "}· { $link }
} · { $state ->
    [open] { $when ->
        [none] open
       *[other] open, closes { $when }
    }
    [closed] closed { $when }
   *[cancelled] called off { $when }
}
gallery-entry = **Entry { $number }** { $link }{ $maker ->
    [hidden] {""}
   *[other] {" "}by { $maker }
}{ $votes ->
    [hidden] {""}
    [one] {" "}· 1 vote
   *[other] {" "}· { $votes } votes
}{ $own ->
    [yes] {" "}· yours
   *[no] {""}
}{ $chosen ->
    [yes] {" "}· **your vote**
   *[no] {""}
}
gallery-empty = There is no finished entry yet.
gallery-more = … and { $more } more
sheet-person = person
sheet-name = name
sheet-entry = entry
sheet-state = state
sheet-prompt = prompt
sheet-votes = votes
sheet-credits = credits
sheet-paid-by = paid by
sheet-prize = prize
sheet-time = time (UTC)
sheet-states = { $state ->
    [succeeded] finished
    [withdrawn] taken back
    [waiting] waits for approval
    [declined] not approved
    [private] kept private
    [deleted] deleted
    [hidden] hidden
    [failed] failed
    [cancelled] cancelled
   *[other] in the making
}
sheet-payers = { $payer ->
    [nobody] {"–"}
    [pool] pool
   *[person] person
}
results-head = **“{ $title }” is over:** { $entries ->
    [one] 1 entry
   *[other] { $entries } entries
}{ $voting ->
    [none] .
   *[other] , { $votes ->
        [one] 1 vote
       *[other] { $votes } votes
    }.
}
results-cancelled = **“{ $title }” was called off.** What was held for clips in the making is back where it came from; finished entries stay here.
results-nobody = { $voting ->
    [none] The instructors chose nobody.
   *[other] Nobody has won, as nobody was voted for.
}
results-winner = **Winner: entry { $number }** by <@{ $user }>{ $voting ->
    [none] {""}
   *[other] {" "}with { $votes ->
        [one] 1 vote
       *[other] { $votes } votes
    }
}{ $prize ->
    [0] {""}
    [one] , who gets 1 credit
   *[other] , who gets { $prize } credits
}{ $shown ->
    [yes] : “{ $prompt }” { $link }
   *[no] {""}
}
results-winners-more = { $more ->
    [one] and 1 more winner,
   *[other] and { $more } more winners,
} as listed below
results-tie = { $voting ->
    [none] They share the first place{ $prize ->
        [0] .
       *[other] {" "}and the prize of { $prize } evenly, in whole credits.
    }
   *[other] **A tie:** they have equally many votes{ $prize ->
        [0] .
       *[other] {" "}and share the prize of { $prize } evenly, in whole credits.
    }
}
results-label = -# All clips are synthetic: AI-generated, or computed camera moves.
results-unfinished = -# { $unfinished ->
    [one] 1 entry was
   *[other] { $unfinished } entries were
} still being made and could not take part.
results-late = -# { $late ->
    [one] 1 entry waits
   *[other] { $late } entries wait
} for an instructor's approval and could not take part.
results-pool = -# What was left of the pool went back.
results-entry = **{ $number }** <@{ $user }>{ $voting ->
    [none] {""}
   *[other] {" "}· { $votes ->
        [one] 1 vote
       *[other] { $votes } votes
    }
}{ $shown ->
    [yes] {""}
   *[no] {" "}· not shown any more
}
results-alt = Entries of “{ $title }”
results-alt-entry = { $number }: { $prompt }
results-more = … and { $more } more; the instructors' CSV has them all
entry-name = entry { $number } of “{ $title }”
entry-status = **Entry { $number }** of “{ $title }” is being made with **{ $model }**, { $seconds } s at { $width }×{ $height }
entry-status-cancelled = Taken back.
entry-clip-hidden = **Entry { $number }** of “{ $title }”
entry-clip = **Entry { $number }** of “{ $title }” by <@{ $user }>: “{ $prompt }”
entry-recipe = -# #{ $job } · { $model } · { $made } · { $width }×{ $height } · { $seconds } s

error-challenge-unknown = I do not know this challenge here.
error-challenge-not_posted = This challenge is still being posted. Please press again in a moment.
error-challenge-early = This challenge is not open yet; entering begins { $opens_at }.
error-challenge-over = This challenge is over; nothing can be entered, changed or voted on any more.
error-challenge-too_many = You have { $limit ->
    [one] an entry
   *[other] { $limit } entries
} in this challenge, which is the most for each person. You may take one back with /challenges withdraw while it is open.
error-challenge-words = Your prompt lacks what this challenge asks for: { $words }. Add it and enter again.
error-challenge-twice = You have entered this already. Change the prompt or the picture and enter again.
error-challenge-not_yours = That belongs to somebody else.
error-challenge-not_finished = That clip is not finished, or waits for approval. Enter it when it is posted, or enter with a prompt.
error-challenge-unfinished = Nothing is closed yet: { $count ->
    [one] entry { $numbers } is
   *[other] entries { $numbers } are
} still being made and could not take part. Close it later, or now with “without_waiting: True”.
error-challenge-waiting = Nothing is closed yet: { $count ->
    [one] entry { $numbers } waits for approval and could not take part. Decide on its card
   *[other] entries { $numbers } wait for approval and could not take part. Decide on their cards
} in the instructors' channel first, or close it with “without_waiting: True”.
error-challenge-not_shown = That clip is kept private, hidden or deleted. Share it in /history first, or enter with a prompt.
error-challenge-own_entry = Nobody votes for their own entry. Your vote is as it was.
error-challenge-no_voting = The instructors decide in this challenge; there are no votes.
error-challenge-not_standing = This entry was taken back, is hidden, private or deleted, or is not finished. Your vote is as it was.
error-challenge-not_an_entry = There is no finished entry { $number } that could win. Nothing was closed.
error-challenge-votes_decide = The votes decide in this challenge; leave the winners out. Nothing was closed.
error-challenge-taken_back = You took this entry back. Press Enter under the brief to enter anew.
error-challenge-time = I cannot read “{ $typed }” as a time ({ $which }). Try “in 2 h”, “90 min”, “18:00” or “2026-11-30 18:00”.
error-challenge-past = “{ $typed }” is in the past or more than a year ahead ({ $which }). Choose another time.
error-challenge-kept-open = The form was open for so long that its end is over. Run the command again with a later one.
error-challenge-order = It would close before it opens. Choose a later end.
error-challenge-prize = A prize of { $prize } credits does not fit into a pool of { $pool }. Make the pool larger; it pays for the entries too.
error-challenge-channel = A challenge needs a text channel or a forum. Run the command there, or choose one with “channel”.
error-challenge-permissions = I cannot set a challenge in <#{ $channel }>: I am missing { $missing }. Allow it, or choose another channel.
permission-create_public_threads = “Create Public Threads”
act-challenge-post = set challenge { $challenge } “{ $title }” with a pool of { $pool }
act-challenge-edit = changed challenge { $challenge }
act-challenge-decide = asked who wins challenge { $challenge }, as its time was over
act-challenge-close = closed challenge { $challenge }
act-challenge-entries = took the entries of challenge { $challenge } away as a table
act-challenge-cancel = called off challenge { $challenge }

# (end)

## The report on a class

command-class-report = Who did what, who has not tried yet, how long the credits last (only you see it)
command-class-report-weeks = How many weeks the picture shows; 8 unless you say otherwise
command-class-report-role = Only people with this role, as I saw them last
command-class-report-people = The class list: a CSV file with a user id per line. So I know of people who never came
error-report-whom = Name the class by a role or by a list, not by both.
act-report = looked at the report on { $people ->
    [one] 1 person
   *[other] { $people } people
}
report-head = **{ $scope ->
    [list] Your list
    [role] <@&{ $role }>
   *[known] Everybody I know here
}: { $people ->
    [0] nobody yet
    [one] 1 person
   *[other] { $people } people
}**
report-sums = { $made ->
    [one] 1 of them has
   *[other] { $made } of them have
} clips · { $clips ->
    [one] 1 clip
   *[other] { $clips } clips
} made, { $failed } failed · { $spent ->
    [one] 1 credit
   *[other] { $spent } credits
} of their own used{ $sponsored ->
    [0] .
   *[other] , { $sponsored } more paid by pools.
}
report-soon-out = **Out of credits before the next top-up** ({ $when }) at their own pace, { $count }: { $people }
report-stuck = **Ordered, but no clip yet,** { $count }: { $people }
report-untried = **Not tried yet,** { $count }: { $people }
report-all-tried = { $scope ->
    [list] Everybody on your list has ordered a clip.
   *[other] Everybody I know of has ordered a clip.
}
report-more = … and { $more } more, all in the table
report-who = -# { $scope ->
    [list] { $others ->
        [0] Nobody else here has ordered a clip.
        [one] 1 person who is not on your list has ordered clips here.
       *[other] { $others } people who are not on your list have ordered clips here.
    }
    [role] I learn people's roles only when they use me, so these are as I saw them last, and whoever never used me is missing. Give me the class list as “people” (a CSV file of user ids) to see everybody who has not tried.
   *[known] Discord does not tell me who is in this server: I know whoever used me, in any way, or was given credits, less instructors who never ordered. Whoever did neither is missing here. Give me the class list as “people” (a CSV file of user ids) to see everybody who has not tried.
}
report-column-person = person
report-column-name = name
report-column-progress = progress
report-column-clips = clips
report-column-failed = failed
report-column-ordered = ordered
report-column-used = own credits used
report-column-sponsored = credits paid by pools
report-column-left = credits left
report-column-held = credits held
report-column-runs-out = runs out at this pace (UTC)
report-column-seen = last seen (UTC)
report-column-exercises = exercises done
report-column-challenges = challenges entered
report-progress = { $progress ->
    [made] has clips
    [stuck] ordered, no clip yet
   *[untried] not tried yet
}
runway-idle = No credits of their own were used in the last four weeks, so there is no pace to go by; { $left } are left.
runway-lasts = At { $pace } a week, the { $left } credits left outlast half a year with the allowance{ $when ->
    [never] .
   *[other] ; without it they end about { $when }.
}
runway-out = At { $pace } a week, the { $left } credits left are used up about { $when }, the allowance included.
runway-end = At { $pace } a week, the { $left } credits left { $when ->
    [never] last for years.
   *[other] are used up about { $when }; there is no allowance.
}
usage-title = How the class uses its credits
usage-subtitle = { $people ->
    [one] 1 person
   *[other] { $people } people
}, as of { $date }{ $soon ->
    [0] {""}
    [one] {" "}· 1 of them is out of credits before the top-up of { $when }
   *[other] {" "}· { $soon } of them are out of credits before the top-up of { $when }
}
usage-clips = Clips a week
usage-made = made
usage-failed = failed
usage-people = people
usage-credits = Credits used a week
usage-spent = their own
usage-sponsored = paid by pools
usage-this-week = so far
usage-empty = { $weeks ->
    [one] Nothing in this week.
   *[other] Nothing in these { $weeks } weeks.
}
usage-left = Credits left, if the class goes on as in the last four weeks
usage-left-now = Credits left
usage-out = used up about { $date }
usage-alt-panel = { $title }: { $weeks }.
usage-day = { $month ->
    [1] Jan
    [2] Feb
    [3] Mar
    [4] Apr
    [5] May
    [6] Jun
    [7] Jul
    [8] Aug
    [9] Sep
    [10] Oct
    [11] Nov
   *[12] Dec
} { $day }
usage-date = { $day }, { $year }

## A class that is safe

command-class-words = Words that nobody may use in prompts here, however they are written
command-class-words-add = Block words; “gore*” also blocks what begins so
command-class-words-remove = Let words be used again
command-class-words-list = Show the blocked words (only you see it)
command-class-words-words = Words or phrases, with commas between them
command-class-hide = Take a clip out of its channels; it keeps its credits and its number
command-class-hide-reason = Why; the clip's owner reads it
command-class-unhide = Let a hidden clip be seen again
command-class-approval = Whether an instructor looks at each clip before it is posted
command-class-approval-switch = on: new clips wait for a click in the instructors' channel

words-added = { $changed ->
    [0] Nothing new:
    [one] Blocked from now on: { $words }.
   *[other] { $changed } words are blocked from now on: { $words }.
}{ $unchanged ->
    [0] {""}
   *[other] {" "}{ $others } { $unchanged ->
        [one] was
       *[other] were
    } blocked before.
} { $count ->
    [one] 1 entry is on the list.
   *[other] { $count } entries are on the list.
}
words-hint = -# I find them as whole words in any spelling: accents, look-alikes, s p a c e s, sh1fted, streeetched. Not inside other words, and not their other forms: block those too, or end a word with a star. They bind everybody, you too; what is in line already is still made.
words-removed = { $changed ->
    [0] Nothing was taken off the list.
   *[other] { $words } may be used again.
}{ $unchanged ->
    [0] {""}
   *[other] {" "}{ $others } { $unchanged ->
        [one] is
       *[other] are
    } not on the list.
} { $count ->
    [0] The list is empty now.
    [one] 1 entry is on the list.
   *[other] { $count } entries are on the list.
}
words-listed = { $count ->
    [0] No words are blocked here.
    [one] 1 entry is blocked here:
   *[other] { $count } entries are blocked here:
}
error-rule-word = Your text has something in it that this class's instructors do not want in clips here: “{ $found }”. Please say it in other words. If that was an innocent word, tell an instructor: they can mend the list.
error-words-none = There is no word in that. Type words with commas between them.
error-words-long = “{ $word }” is too long; at most { $limit } characters each.
error-words-unusable = { $word ->
    [none] The list would have more than 500 entries. Nothing was added; take some off first.
   *[other] “{ $word }” has too few letters: it would fire at every turn. Nothing was added. Give at least two letters, or three before or after a star.
}
act-words-add = blocked { $count ->
    [0] words that were blocked before
    [one] a word: { $words }
   *[other] { $count } words: { $words }
}
act-words-remove = unblocked { $count ->
    [0] words that were not blocked
    [one] a word: { $words }
   *[other] { $count } words: { $words }
}
act-word = wrote something with “{ $word }” in it ({ $tried })

card-report =
    {""}**Report:** <@{ $reporter }> reported #{ $job } by <@{ $owner }>: { $link }
    Prompt: “{ $prompt }”
    Reason: “{ $reason }”
card-approve =
    {""}**To approve:** #{ $job } by <@{ $owner }>, for <#{ $channel }>
    Prompt: “{ $prompt }”{ $negative ->
        [none] {""}
       *[other] {" "}· without: “{ $negative }”
    }
card-without-clip = -# I cannot show the clip here: its file is lost, or too large however small.
card-button-hide = Hide
card-button-approve = Approve
card-button-decline = Decline
card-approved = **Approved** by <@{ $by }>.
card-declined = **Declined** by <@{ $by }>: “{ $reason }”. Refunded.
card-hidden = **Hidden** by <@{ $by }>: “{ $reason }”.
card-over = This clip waits for nothing any more.
form-hide = Hide #{ $job }
form-hint-hide = It is taken out of its channels; its owner reads this
form-decline = Decline #{ $job }
form-hint-decline = It is not posted and is refunded; its owner alone reads this
reason-form-label = Why?
error-reason-empty = Please say in a few words why; the clip's owner reads it.
hidden-told = Your clip #{ $job } was hidden by an instructor: “{ $reason }”. It was taken out of its channels; your credits are as they were. Please talk to your instructors if you see it differently.
class-hidden = #{ $clip } by <@{ $owner }> is hidden: its messages are being taken out of the channels. /class unhide lets it be seen again.
class-unhidden = #{ $clip } by <@{ $owner }> may be seen again. Nothing is posted by itself; they find it in /history.
class-approval = { $switch ->
    [on] From now on each finished clip waits for a click on its card in the instructors' channel before it is posted. Demonstrations with /class demo are posted at once.
   *[off] From now on finished clips are posted at once.
}{ $waiting ->
    [0] {""}
    [one] {" "}1 clip waits for approval now, and goes on waiting.
   *[other] {" "}{ $waiting } clips wait for approval now, and go on waiting.
}
class-approval-state = { $switch ->
    [on] Finished clips wait for an instructor's approval{ $waiting ->
        [0] .
        [one] ; 1 waits now.
       *[other] ; { $waiting } wait now.
    }
   *[off] Finished clips are posted at once{ $waiting ->
        [0] .
        [one] ; 1 of before waits for approval.
       *[other] ; { $waiting } of before wait for approval.
    }
}{ $heard ->
    [yes] {""}
   *[no] {" "}**I cannot reach the instructors' channel:** nobody can approve before /class channel sets one where I may write and attach files.
}
class-words-state = { $count ->
    [0] No words are blocked.
    [one] 1 word is blocked; /class words list shows it.
   *[other] { $count } words are blocked; /class words list shows them.
}
error-approval-channel = There is no instructors' channel where I may write and attach files, so nobody could approve anything. Set one with /class channel first.
error-approval-over = { $by ->
    [nobody] This clip was taken back by its owner and waits for nothing any more; there is nothing left to decide.
   *[other] <@{ $by }> has { $approved ->
        [yes] approved
       *[no] declined
    } this clip already; nothing was changed.
}
error-show-hidden = That clip was hidden by an instructor: “{ $reason }”.
status-waits = Finished. An instructor looks at it before it is posted here. { $heard ->
    [yes] It waits as #{ $job } and is not lost, however long that takes.
   *[no] **I cannot reach the instructors' channel at present, so please tell one of them:** /class channel sets one. The clip waits as #{ $job } and is not lost.
}
status-declined = Not posted: the instructors did not approve it. Refunded.
clip-declined =
    <@{ $user }> your clip #{ $job } was looked at by an instructor and is not posted. **Refunded:** { $price ->
        [one] the credit is
       *[other] the { $price } credits are
    } { $payer ->
        [pool] back where the class pays from
       *[person] yours again
    }. “Why?” shows you what they wrote; you may change it and try again.
    -# #{ $job } ·
button-declined-why = Why?
declined-why = What the instructor wrote about #{ $job }: “{ $reason }”
staff-unreachable = I cannot reach the instructors' channel of the server { $server }: it is gone, or I may not write and attach files there. Reports and clips to approve wait for it and are not lost. Set one with /class channel.
act-hide = hid #{ $clip } by <@{ $whom }>
act-unhide = let #{ $clip } by <@{ $whom }> be seen again
act-clip-approved = approved #{ $clip } by <@{ $whom }>
act-clip-declined = declined #{ $clip } by <@{ $whom }>
act-approval = { $switch ->
    [on] had finished clips wait for approval
   *[off] had finished clips posted at once
}
act-unheard = could not reach the instructors' channel: { $about ->
    [report] a report of #{ $clip } waits
   *[approval] #{ $clip } waits for approval
}

# (end)

## People: the notice, being forgotten, how long things are kept

error-notice =
    {""}**Before your first clip here**
    • **Kept on the class's own machine:** your still, your prompt, the clip, your credits, your name and your roles{ $kept ->
        [days] , stills, clips and prompts for { $days ->
            [one] 1 day
           *[other] { $days } days
        }
       *[always] {""}
    }. `/my-data` shows all of it, `/forget-me` removes it.
    • **Who sees it:** whoever reads the channel sees the clip with your name and prompt, until you keep it private or delete it. The instructors may look at everything that is kept about you.
    • **Labelled:** each clip says in its message whether it is AI-generated or a computed camera move, and in the file that it is synthetic. Use only pictures that you may use, and of people who agree.
    Your order is ready and costs **{ $price ->
        [one] 1 credit
       *[other] { $price } credits
    }**; nothing is held before you accept.
button-accept = Accept and go on · { $price ->
    [one] 1 credit
   *[other] { $price } credits
}
challenge-button-kept-entry = Enter
error-rule-forgetting = You asked to be forgotten here and that is being done. As soon as it is, you may begin anew.
forgotten-person = somebody who was forgotten
reason-forgotten = being forgotten

command-my-data = Everything that is kept about you here, as a file (only you see it)
my-data = Everything that is kept about you on this server. Your clips themselves are in /portfolio; /forget-me removes all of it.
command-forget-me = Remove your clips, stills, prompts and your name from this server; you are asked first
forget-goes = **To be forgotten on this server** removes { $clips ->
    [0] { $orders ->
        [0] everything that is kept about you
        [one] the prompt and the still of your 1 order
       *[other] the prompts and stills of your { $orders } orders
    }
    [one] your 1 clip with its still and prompt, and their messages in the channels
   *[other] your { $clips } clips with their stills and prompts, and their messages in the channels
}{ $entries ->
    [0] {""}
    [one] {" "}(your challenge entry too)
   *[other] {" "}(your { $entries } challenge entries too)
}; also open offers, comparisons, marks, reports, votes in open challenges, requests for credits, your name, roles and settings. Take your clips along first with `/portfolio`, your data with `/my-data`.
forget-making = { $count ->
    [0] {""}
    [one] • The clip of yours that is in the making is cancelled first; its credits come back.
   *[other] • Your { $count } clips in the making are cancelled first; their credits come back.
}
forget-waiting = { $count ->
    [0] {""}
    [one] • The clip of yours that waits for approval is taken back; its credits come back.
   *[other] • Your { $count } clips that wait for approval are taken back; their credits come back.
}
forget-credits = • Your credits{ $credits ->
    [0] {""}
    [one] {" "}(1 at present)
   *[other] {" "}({ $credits } at present)
} go back to the class. You may begin anew at any time, but with none before { $when }: until then a keyed number is kept that recognises you and does not say who you are.
forget-stays =
    • **What stays:** how many credits went where and when, and how challenges ended, with a number in your place; clips that classmates made from your stills; what others have downloaded; what the instructors have in their channel; older copies of the data.
forget-stays-blocked = • You are blocked here at present, and you stay blocked.
forget-stays-acts = • What you did as an instructor stays in the log under your name.
forget-ask = This cannot be undone.
button-forget-me = Forget me
button-forget-me-not = Keep everything
forget-not = Everything is as it was.
forget-done = You are forgotten here. Messages and files are being removed now; that takes a moment.
forget-under-way = You are being forgotten: something of yours is still on its way into a channel, so it takes a little longer. You need do nothing more.

command-class-export = Everything that is kept about a person, as a file (only you see it; it stands in the log)
command-class-export-person = Whom
class-export = Everything that is kept about <@{ $user }> on this server. The log says that you looked.
command-class-retention = For how many days stills, clips and prompts are kept; you see what would go before it does
command-class-retention-days = Days; 0 keeps everything until it is deleted
class-retention-ask = { $days ->
    [0] Nothing would be removed because of its age any more. **Nothing has changed yet.**
   *[other] Kept for { $days ->
        [one] 1 day
       *[other] { $days } days
    }, this would go now: **{ $clips ->
        [one] 1 clip
       *[other] { $clips } clips
    }, { $stills ->
        [one] 1 still
       *[other] { $stills } stills
    } and { $prompts ->
        [one] 1 prompt
       *[other] { $prompts } prompts
    }**, with their messages in the channels; later whatever gets older, once a day. Credits, names and the log stay, and clips in an open challenge wait for its end. **Nothing has changed yet.**
}
button-retention = { $days ->
    [0] Keep everything
    [one] Keep for 1 day
   *[other] Keep for { $days } days
}
class-retention-set = { $days ->
    [0] Everything is kept until its person deletes it.
    [one] Stills, clips and prompts are kept for 1 day from now on; what is older is being removed.
   *[other] Stills, clips and prompts are kept for { $days } days from now on; what is older is being removed.
}
class-retention-now = Stills, clips and prompts are kept { $days ->
    [0] until they are deleted
    [one] for 1 day
   *[other] for { $days } days
}.
act-export = looked at everything that is kept about <@{ $whom }>
act-forgotten = forgot somebody who wished it; the books know them by the number { $number }
act-retention = let stills, clips and prompts be kept { $days ->
    [0] until they are deleted
    [one] for 1 day
   *[other] for { $days } days
}

## The modal of “Animate this image”

modal-animate-title = Animate this image
modal-animate-prompt = How should it move?
modal-animate-prompt-hint = slow zoom in, gentle wind

## What goes wrong (each says what it cost and what to do)

error-not-charged = **Not charged.**
error-charge-held = **Not charged:** { $price ->
    [one] 1 credit is
   *[other] { $price } credits are
} held for clip #{ $job }, which is in line; if it fails { $price ->
    [one] it comes
   *[other] they come
} back.
error-charge-capture = { $payer ->
    [pool] **Not charged:** the class paid for clip #{ $job }, which is finished.
   *[person] **Charged { $price ->
        [one] 1 credit
       *[other] { $price } credits
    }** for clip #{ $job }, which is finished.
}
error-charge-release = **Not charged:** { $price ->
    [one] the credit
   *[other] the { $price } credits
} held for clip #{ $job } came back.
error-charge-refund = **Refunded:** { $price ->
    [one] the credit
   *[other] the { $price } credits
} paid for clip #{ $job } came back.
error-charge-unknown = I cannot look into the accounts right now; /credits will show whether anything is held, and what no clip came of comes back by itself.
error-storage = I cannot write anything down right now: the disk is full or in use. Please try again in a few minutes, and tell your instructor if it lasts.
error-model-resting = { $model } is being looked after by the instructors. Please pick another model, or try again later.
error-unknown_model = There is no model “{ $model }” here. Pick one from the list that appears while typing.
error-unknown_shape = { $model } does not make that shape. Pick one from the list that appears while typing.
error-task = { $model } cannot do that. Pick another model.
error-nobody-can-animate = No model here can animate a still at present. Ask an instructor.
error-nobody-can-imagine = No model here can make a clip from words alone at present; use /animate with a still.
error-quality = { $model } has no such quality; it has { $qualities }.
error-negative_unused = { $model } does not read a negative prompt at the quality “{ $quality }”. Leave it out, or choose another quality.
error-prompt_empty = The prompt is empty: there are no words in it. Say what should move, for example “slow zoom in, gentle wind”.
error-prompt_long = The prompt has { $length } characters; at most { $limit } are read. Please shorten it: one movement is enough.
error-seed = A seed is a number from 0 to { $limit }.
error-too_large = { fault-out_of_memory } { fault-out_of_memory-todo }
error-outstanding = You have { $limit ->
    [one] 1 clip
   *[other] { $limit } clips
} in the making, which is the most at one time. Please wait for one, or take one back with /cancel.
error-outstanding_set = You have { $now ->
    [0] no clip
    [one] 1 clip
   *[other] { $now } clips
} in the making and may have { $limit } at one time, so { $more } more are too many. Wait for one, take one back with /cancel, or compare fewer.
error-seconds = That length is not possible; at most { $longest } seconds.
error-size = { $model } cannot make that size. Pick a shape from the list that appears while typing.
error-aspect = This still is more than { $limit } times as long as it is wide. Please crop it first.
error-feature = { $model } { $feature ->
    [end_still] cannot end a clip on a second still
    [negative] takes no negative prompt
    [sound] makes no sound
   *[other] cannot do that
}. Pick another model or leave it out.
error-still-type = { $found ->
    [empty] This file is empty.
    [unknown] This file is not a picture that I can read.
   *[other] This file is not a picture that I can read ({ $found }).
} Send a PNG, JPEG, WebP, AVIF, HEIC, GIF or TIFF.
error-still-broken = This picture is damaged and cannot be opened. Save it again as PNG or JPEG and send that.
error-still-truncated = This picture is incomplete: the end of the file is missing. Please send it again.
error-still-bomb = This picture has more pixels than I may open (at most { $limit } megapixels). Please make it smaller.
error-still-too_small = This picture is only { $width }×{ $height }; at least { $limit } pixels on each side are needed, 1280×720 is best.
error-still-too_big = This file is too large ({ $size }; at most { $limit }). Please send a smaller one.
error-still-download = Discord did not hand over the picture. Please try again in a moment.
error-still-slow = This picture took too long to read. Save it again as PNG or JPEG and send that.
error-insufficient = This clip costs { $needed ->
    [one] 1 credit
   *[other] { $needed } credits
} and you have { $available }. { $cheaper ->
    [yes] Try a shorter clip, the fast quality or the draft model; your
   *[no] Your
} next credits come { $when }. If you need more, ask the instructors.
error-permissions = I may not post clips here: I am missing { $missing }. Ask an instructor to allow it, or use another channel.
error-no-image = That message has no picture I could animate.
error-not-yours = That button belongs to somebody else's clip.
error-not-your-clip = That clip belongs to somebody else.
error-show-not-ready = That clip is not finished, or still on its way; /queue shows the line.
error-show-gone = Clip #{ $job } was posted in its channel, and I keep no copy of it any more.
error-show-lost = The file of #{ $job } is lost. **Refunded:** { $price ->
    [one] the credit is
   *[other] the { $price } credits are
} yours again. Asking now was free.
error-show-too-big = That clip does not fit the upload limit here, however small.
error-gone = That clip is no longer known here.
error-server-only = This works in servers only.
error-not-allowed = Only instructors can do that.
error-answer-lost = Discord lost my first answer on its way, so I stopped there. Please try again.
error-restarting-taken = I am being restarted at this moment. Your clip #{ $job } is taken and will be brought; there is nothing to do.
error-restarting = I am being restarted at this moment. Please try again in a minute.
error-posting = I could not post in this channel. Ask an instructor whether I may write here.
error-posting-late = I could not post in this channel. { $finished } had been made by then and is kept; type /show in a channel where I may post. { $others ->
    [0] {""}
    [one] The other one was cancelled.
   *[other] The other { $others } were cancelled.
} Ask an instructor whether I may write here.
error-form-forgotten = I was restarted while this form was open, or it was open for more than an hour, so I do not know any more what it was for. Please open it again.
error-unexpected = Something broke on our side and has been noted (#{ $reference }). Please try again.
permission-attach_files = “Attach Files”
permission-send_messages = “Send Messages”
permission-send_messages_in_threads = “Send Messages in Threads”
permission-read_messages = “View Channel”
permission-read_message_history = “Read Message History”
error-cancel-nothing = You have no such clip in line or in the making.

"""Messages that use everything a bot can send, posted as the bot without one being connected."""

from sandbox import Channel, Message, Sandbox, Upload
from sandbox.posting import Draft
from sandbox.wire import Json

COMPONENTS_V2 = 1 << 15
_MOODS = [{"label": "Calm", "value": "c"}, {"label": "Stormy", "value": "s"}]
_PROMPT = {"type": 4, "custom_id": "prompt", "style": 2, "placeholder": "slow zoom in, gentle wind"}
MODAL: Json = {
    "interaction": "1",
    "title": "Enter the challenge",
    "components": [
        {
            "type": 18,
            "label": "Title",
            "description": "What will stand above it",
            "component": {"type": 4, "custom_id": "title", "style": 1, "max_length": 60},
        },
        {"type": 18, "label": "How should it move?", "component": _PROMPT},
        {"type": 18, "label": "Mood", "component": {"type": 3, "custom_id": "mood", "options": _MOODS}},
        {"type": 18, "label": "Your still", "component": {"type": 19, "custom_id": "still"}},
    ],
}
"""A form with a field of every usual kind, as the page holds it when a bot has shown it."""


def post(sandbox: Sandbox, channel: Channel, body: Json, *uploads: Upload) -> Message:
    """A message of the bot; `files[n]` are described by `attachments` in the body, if at all."""
    return sandbox.posting.post(channel, sandbox.world.bot, Draft(body, dict(enumerate(uploads))))


def words(sandbox: Sandbox, channel: Channel) -> Message:
    """Every mark of Discord's markdown."""
    now = int(sandbox.clock.now())
    text = f"""\
# Storyboard review
Two shots are **ready**, one is *nearly* there and one is ~~lost~~ __found__. The ending: ||the keeper was the sea||
> Make the waves slower than you think.
- Shot 1: `slow zoom in`
- Shot 2: [reference](https://example.org/waves)
  - with <#{channel.id}> in mind
1. first light
2. second light
```python
for shot in board:
    shot.render()
```
Due <t:{now + 5400}:R> · <t:{now}:D>
-# 4 shots · 2 credits each"""
    return post(sandbox, channel, {"content": text})


def embed(sandbox: Sandbox, channel: Channel) -> Message:
    """An embed with all its parts."""
    fields = [
        {"name": "Available", "value": "**312** credits", "inline": True},
        {"name": "Held", "value": "8 credits", "inline": True},
        {"name": "Next", "value": f"<t:{int(sandbox.clock.now()) + 86_400 * 9}:R>", "inline": True},
        {"name": "Last entries", "value": "- 8 held for #14\n- 4 returned for #12"},
    ]
    body = {
        "author": {"name": "Film class"},
        "title": "Your credits",
        "description": "What is left this month.",
        "fields": fields,
        "color": 0x4FC4BB,
        "footer": {"text": "Ask an instructor for more"},
    }
    return post(sandbox, channel, {"embeds": [body]})


def rows(sandbox: Sandbox, channel: Channel) -> Message:
    """Buttons of every style and a select, of the first generation."""
    styles = [(1, "Start"), (2, "Skip"), (3, "Approve"), (4, "Delete")]
    buttons: list[Json] = [{"type": 2, "style": style, "label": label, "custom_id": label} for style, label in styles]
    buttons.append({"type": 2, "style": 5, "label": "Guide", "url": "https://example.org/"})
    options = [
        {"label": "Lighthouse", "value": "a", "description": "Evening, calm sea", "emoji": {"name": "🗼"}},
        {"label": "Sailing", "value": "b", "description": "Morning, light wind", "emoji": {"name": "⛵"}},
        {"label": "Forest", "value": "c"},
    ]
    select = {"type": 3, "custom_id": "stills", "placeholder": "Pick up to two stills", "max_values": 2}
    rows: list[Json] = [{"type": 1, "components": buttons}, {"type": 1, "components": [select | {"options": options}]}]
    return post(sandbox, channel, {"content": "What shall we animate next?", "components": rows})


def layout(sandbox: Sandbox, channel: Channel, still: bytes) -> Message:
    """A container with everything of Components V2 in it."""
    media = {"url": "attachment://still.jpg"}
    inside: list[Json] = [
        {"type": 10, "content": "## Challenge: one breath of wind\nMake a still move **without** moving the camera."},
        {
            "type": 9,
            "components": [{"type": 10, "content": "The starting still\n-# 1280×720, evening light"}],
            "accessory": {"type": 11, "media": media, "description": "A lighthouse at dusk"},
        },
        {"type": 14, "divider": True, "spacing": 1},
        {"type": 12, "items": [{"media": media, "description": "A lighthouse at dusk"}]},
        {"type": 13, "file": {"url": "attachment://rules.txt"}},
        {
            "type": 1,
            "components": [
                {"type": 2, "style": 3, "label": "Enter", "custom_id": "enter"},
                {"type": 2, "style": 2, "label": "Entries", "custom_id": "entries"},
            ],
        },
    ]
    body = {"flags": COMPONENTS_V2, "components": [{"type": 17, "accent_color": 0xE6B450, "components": inside}]}
    return post(sandbox, channel, body, Upload("still.jpg", still), Upload("rules.txt", b"Be kind.\n"))


HOSTILE = [
    "<img src=x onerror=\"document.title='owned'\"> <script>document.title='owned'</script>",
    '**<b>bold</b>** [click](javascript:alert(1)) [ok](https://example.org/"onmouseover=alert(1)) `<i>`',
    "W" * 1500,
    "\u202eevil.exe\u202c آموزش ساخت ویدیو with عربي and עברית mixed in",
    "👩\u200d👩\u200d👧\u200d👦" * 60,
    "a\u0301\u0302\u0303\u0304" * 100,
    "<@1> <#2> <@&3> <t:99999999999999:R> <t:0:R> </nothing:1> <:x:1>",
    "> " * 999,
    "||" * 30 + "**" * 40 + "_" * 50 + "`" * 61 + "> " * 20,
]


def hostile(sandbox: Sandbox, channel: Channel) -> None:
    """Texts that want to break out of their place, in every place that shows text."""
    for text in HOSTILE:
        post(sandbox, channel, {"content": text})
    nasty = HOSTILE[0][:200]
    field = {"name": nasty, "value": "V" * 900, "inline": True}
    post(
        sandbox,
        channel,
        {"embeds": [{"title": nasty, "description": HOSTILE[3], "fields": [field] * 3, "url": "javascript:alert(1)"}]},
    )
    buttons = [{"type": 2, "style": 2, "label": ("L" * 80), "custom_id": f"x{n}"} for n in range(5)]
    options = [{"label": "O" * 100, "value": "1", "description": nasty[:100]}]
    select = {"type": 3, "custom_id": "s", "placeholder": "P" * 150, "options": options}
    rows = [{"type": 1, "components": buttons}, {"type": 1, "components": [select]}]
    post(sandbox, channel, {"content": "rows", "components": rows})
    somebody = sandbox.person("\u202e" + "W" * 31)
    somebody.opens_thread(channel, "<b>" + "Q" * 97)
    post(
        sandbox,
        channel,
        {"content": "file"},
        Upload("<svg onload=alert(1)>.svg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"),
    )

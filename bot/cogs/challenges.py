"""/challenge: instructors set tasks for the class, look after them and end them."""

import io
import re
from collections.abc import Callable
from dataclasses import replace

import discord
from discord import app_commands
from discord.ext import commands

from bot.challenges.board import ChallengeBoard
from bot.challenges.choices import Choices, choices_of
from bot.challenges.forms import Brief, BriefForm
from bot.challenges.galleries import Galleries
from bot.challenges.setting import ChallengeSetting, Terms
from bot.challenges.sheet import entries_csv
from bot.errors import Refused
from bot.places import TextOrForum
from bot.quoting import quoted
from bot.staff.instructors import act_of, check_instructor, staff_of
from bot.suggestions import suggested_models
from bot.words import Words, command_text, timestamp
from generation.catalog import Catalog
from generation.challenges.use_cases import Challenges
from generation.clock import Clock
from generation.dispatch import Dispatcher
from generation.errors import ChallengeRefused, RequestError
from generation.teaching.rolls import CREDITS_LIMIT
from generation.teaching.roster import Roster
from storage.challenges import Challenge, Voting

Entries = app_commands.Range[int, 1, 100]
Credits = app_commands.Range[int, 0, CREDITS_LIMIT]
Cap = app_commands.Range[int, 1, CREDITS_LIMIT]
When = app_commands.Range[str, 1, 40]
Reason = app_commands.Range[str, 0, 200]
Winners = app_commands.Range[str, 0, 100]


@app_commands.guild_only()
@app_commands.default_permissions(manage_guild=True)
class ChallengeCog(commands.GroupCog, group_name="challenge", group_description=command_text("command-challenge")):
    """For instructors; Discord shows these commands to them only, and each checks again."""

    def __init__(
        self,
        *,
        challenges: Challenges,
        setting: ChallengeSetting,
        board: ChallengeBoard,
        galleries: Galleries,
        dispatcher: Dispatcher,
        roster: Roster,
        catalog: Catalog,
        words: Words,
        clock: Clock,
    ) -> None:
        self._challenges = challenges
        self._setting = setting
        self._board = board
        self._galleries = galleries
        self._dispatcher = dispatcher
        self._roster = roster
        self._catalog = catalog
        self._words = words
        self._clock = clock

    async def interaction_check(self, interaction: discord.Interaction) -> bool:
        """Called by discord.py before each command of this cog."""
        return await check_instructor(interaction)

    @app_commands.command(name="post", description=command_text("command-challenge-post"))
    @app_commands.describe(
        **{
            name: command_text(f"command-challenge-post-{name}")
            for name in ("channel", "still", "model", "opens", "closes", "entries", "pool", "cap", "prize", "voting")
        }
    )
    async def post(
        self,
        interaction: discord.Interaction,
        channel: TextOrForum | None = None,
        still: discord.Attachment | None = None,
        model: str | None = None,
        opens: When | None = None,
        closes: When | None = None,
        entries: Entries = 1,
        pool: Credits = 0,
        cap: Cap | None = None,
        prize: Credits = 0,
        voting: Voting = "blind",
    ) -> None:
        """Ask for the words, then set the challenge."""
        assert interaction.guild_id is not None
        if model is not None and model not in self._catalog.models:
            raise RequestError("unknown_model", model=model)
        terms = Terms(
            place=self._setting.place(interaction, channel),
            still=still,
            model_id=model,
            opens_at=await self._setting.moment(interaction.guild_id, opens, "opens") or self._clock(),
            closes_at=await self._setting.moment(interaction.guild_id, closes, "closes"),
            entries=entries,
            pool_credits=pool,
            cap_credits=cap,
            prize_credits=prize,
            voting=voting,
        )
        self._setting.check(terms)

        async def submit(submitted: discord.Interaction, brief: Brief) -> None:
            await self._set(submitted, terms, brief)

        await interaction.response.send_modal(BriefForm(str(interaction.locale), submit))

    async def _set(self, interaction: discord.Interaction, terms: Terms, brief: Brief) -> None:
        await interaction.response.defer(ephemeral=True, thinking=True)
        challenge = await self._setting.set(interaction, terms, brief)
        challenge = await self._board.post(challenge.id)
        say, locale = self._words, str(interaction.locale)
        state = "called_off" if challenge.state != "open" else "waits" if challenge.thread_id is None else "posted"
        place = str(challenge.thread_id or terms.place.id)
        text = say(locale, "challenge-set", challenge=str(challenge.id), place=place, state=state)
        if challenge.state == "open":
            closes = "none" if terms.closes_at is None else timestamp(terms.closes_at, "f")
            about = {"opens": timestamp(terms.opens_at, "f"), "closes": closes, "voting": terms.voting}
            text += "\n" + say(locale, "challenge-set-times", **about)
        await interaction.followup.send(text, ephemeral=True)

    @app_commands.command(name="close", description=command_text("command-challenge-close"))
    @app_commands.describe(
        challenge=command_text("command-challenge-challenge"),
        winners=command_text("command-challenge-close-winners"),
        without_waiting=command_text("command-challenge-close-without-waiting"),
    )
    async def close(
        self, interaction: discord.Interaction, challenge: int, winners: Winners = "", without_waiting: bool = False
    ) -> None:
        """End a challenge now; asks back while entries are made or wait for approval."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        chosen = [int(number) for number in re.findall(r"\d+", winners)]
        act = act_of(interaction, "challenge-close", challenge=challenge)
        ended = await self._challenges.close(act, challenge, chosen=chosen, leaves_out_waiting=without_waiting)
        self._board.over(ended.challenge)
        await self._tell(interaction, "challenge-closed", ended.challenge)

    @app_commands.command(name="cancel", description=command_text("command-challenge-cancel"))
    @app_commands.describe(
        challenge=command_text("command-challenge-challenge"), reason=command_text("command-class-reason")
    )
    async def cancel(self, interaction: discord.Interaction, challenge: int, reason: Reason = "") -> None:
        """Call a challenge off."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        act = act_of(interaction, "challenge-cancel", why=reason, challenge=challenge)
        ended = await self._challenges.cancel(act, challenge)
        for job in ended.cancelled:
            await self._dispatcher.cancel(job.id, actor=interaction.user.id)
        self._board.over(ended.challenge)
        await self._tell(interaction, "challenge-cancelled", ended.challenge)

    @app_commands.command(name="edit", description=command_text("command-challenge-edit"))
    @app_commands.describe(
        challenge=command_text("command-challenge-challenge"),
        closes=command_text("command-challenge-post-closes"),
        entries=command_text("command-challenge-post-entries"),
    )
    async def edit(
        self,
        interaction: discord.Interaction,
        challenge: int,
        closes: When | None = None,
        entries: Entries | None = None,
    ) -> None:
        """Change the words, the end, or how many entries each person may have."""
        assert interaction.guild_id is not None
        closes_at = await self._setting.moment(interaction.guild_id, closes, "closes")
        known = await self._challenges.get(interaction.guild_id, challenge)
        if known.state != "open":
            raise ChallengeRefused("over")

        async def submit(submitted: discord.Interaction, brief: Brief) -> None:
            await submitted.response.defer(ephemeral=True, thinking=True)
            act = act_of(submitted, "challenge-edit", challenge=challenge)
            changed = await self._challenges.edit(act, challenge, changing(brief, closes_at, entries))
            await self._board.refresh(changed)
            await self._tell(submitted, "challenge-edited", changed)

        await interaction.response.send_modal(BriefForm(str(interaction.locale), submit, known))

    @app_commands.command(name="entries", description=command_text("command-challenge-entries"))
    @app_commands.describe(challenge=command_text("command-challenge-challenge"))
    async def entries(self, interaction: discord.Interaction, challenge: int) -> None:
        """Everything that was entered, as a table."""
        assert interaction.guild_id is not None
        await interaction.response.defer(ephemeral=True, thinking=True)
        gallery = await self._challenges.gallery(interaction.guild_id, challenge)
        names = await self._roster.names(interaction.guild_id)
        data = entries_csv(self._words, str(interaction.locale), gallery, names)
        await staff_of(interaction).note(act_of(interaction, "challenge-entries", challenge=challenge))
        sheet = discord.File(io.BytesIO(data), filename=f"challenge-{challenge}.csv")
        title, count = quoted(gallery.challenge.title), len(gallery.entries)
        text = self._words(str(interaction.locale), "challenge-entries", title=title, count=count)
        await interaction.followup.send(text, file=sheet, ephemeral=True)

    @app_commands.command(name="list", description=command_text("command-challenges-list"))
    async def list_(self, interaction: discord.Interaction) -> None:
        """Show the newest challenges."""
        await self._galleries.list(interaction)

    @app_commands.command(name="show", description=command_text("command-challenges-show"))
    @app_commands.describe(challenge=command_text("command-challenge-challenge"))
    async def show(self, interaction: discord.Interaction, challenge: int) -> None:
        """Show a challenge with its entries."""
        await self._galleries.show(interaction, challenge)

    @entries.autocomplete("challenge")
    @show.autocomplete("challenge")
    async def _all_challenges(self, interaction: discord.Interaction, typed: str) -> Choices:
        return await choices_of(self._challenges, interaction, str(typed), lambda _: True)

    async def _tell(self, interaction: discord.Interaction, key: str, challenge: Challenge) -> None:
        thread = "none" if challenge.thread_id is None else str(challenge.thread_id)
        title = quoted(challenge.title)
        text = self._words(str(interaction.locale), key, challenge=str(challenge.id), title=title, thread=thread)
        await interaction.followup.send(text, ephemeral=True)

    @close.autocomplete("challenge")
    @cancel.autocomplete("challenge")
    @edit.autocomplete("challenge")
    async def _open_challenges(self, interaction: discord.Interaction, typed: str) -> Choices:
        return await choices_of(self._challenges, interaction, str(typed), lambda one: one.state == "open")

    @post.autocomplete("model")
    async def _models(self, interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        return suggested_models(self._catalog, typed)


def changing(brief: Brief, closes_at: float | None, entries: int | None) -> Callable[[Challenge], Challenge]:
    """How an open challenge becomes what was typed; what was left out stays."""

    def change(known: Challenge) -> Challenge:
        ends = known.closes_at if closes_at is None else closes_at
        if ends is not None and ends <= known.opens_at:
            raise Refused("challenge-order")
        return replace(
            known,
            title=brief.title,
            brief=brief.brief,
            prompt=brief.prompt,
            required_words=brief.required_words,
            closes_at=ends,
            entries_per_person=known.entries_per_person if entries is None else entries,
        )

    return change

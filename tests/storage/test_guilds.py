"""Settings of a server."""

import sqlite3

import pytest

from storage import guilds
from storage.guilds import GuildSettings

GUILD = 2**63 - 1


def test_server_never_set_has_the_operators_defaults(tx):
    assert guilds.get(tx, GUILD) == GuildSettings(allowance_credits=None, timezone=None)


def test_settings_are_replaced_as_a_whole(tx):
    guilds.set(tx, GUILD, GuildSettings(200, "Europe/Berlin"), updated_by=7, now=1.0)
    guilds.set(tx, GUILD, GuildSettings(timezone="Asia/Tokyo"), updated_by=8, now=2.0)
    assert guilds.get(tx, GUILD) == GuildSettings(None, "Asia/Tokyo")
    assert tx.execute("SELECT updated_by, updated_at FROM guild_settings").fetchall() == [(8, 2.0)]


def test_servers_do_not_share_settings(tx):
    guilds.set(tx, GUILD, GuildSettings(0), updated_by=7, now=1.0)
    assert (guilds.get(tx, GUILD).allowance_credits, guilds.get(tx, 1).allowance_credits) == (0, None)


@pytest.mark.parametrize(
    ("settings", "rule"), [(GuildSettings(-1), "allowance_amount"), (GuildSettings(timezone=""), "timezone_name")]
)
def test_settings_that_cannot_be_meant_are_refused(tx, settings, rule):
    with pytest.raises(sqlite3.IntegrityError, match=rule):
        guilds.set(tx, GUILD, settings, updated_by=7, now=1.0)
    assert guilds.get(tx, GUILD) == GuildSettings()

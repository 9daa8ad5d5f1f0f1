"""Words that a server's instructors do not want in prompts, as they wrote them.

Functions take an open transaction.
"""

from storage.database import Transaction

ADD_SQL = "INSERT INTO blocked_words (guild_id, word) VALUES (?, ?) ON CONFLICT (guild_id, word) DO NOTHING"
REMOVE_SQL = "DELETE FROM blocked_words WHERE guild_id = ? AND word = ?"
OF_GUILD_SQL = "SELECT word FROM blocked_words WHERE guild_id = ? ORDER BY word"


def add(tx: Transaction, guild_id: int, word: str) -> bool:
    """Block a word; False if it is blocked as it is written."""
    return tx.execute(ADD_SQL, (guild_id, word)).rowcount == 1


def remove(tx: Transaction, guild_id: int, word: str) -> bool:
    """Let a word be used again; False if it is not on the list."""
    return tx.execute(REMOVE_SQL, (guild_id, word)).rowcount == 1


def of_guild(tx: Transaction, guild_id: int) -> tuple[str, ...]:
    """The server's list, in order."""
    return tuple(word for (word,) in tx.execute(OF_GUILD_SQL, (guild_id,)))

"""Slash commands and context menus, one cog a topic."""

"""Discord's HTTP API v10, as far as a bot of text channels needs it, split by topic."""

"""A Discord to talk to when there is no Discord."""

"""Challenges: set, entered, voted for, ended once, and told about once."""

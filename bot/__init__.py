"""The conversation: commands, buttons, words and delivery over Discord."""

"""What the coach says of a prompt before credits move: its vocabulary, its reading, findings, and a rewrite."""

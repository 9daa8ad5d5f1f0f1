"""Worker processes and the protocol spoken with them."""

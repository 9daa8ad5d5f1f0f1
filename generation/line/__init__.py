"""The people who wait: who is next, which device is free, and when each of them will be served."""

"""What may be made, what it costs, the queue, and the machine that makes it."""

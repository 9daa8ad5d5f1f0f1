"""What instructors are told and decide: their channel, its cards, who they are, and what they read of a class."""

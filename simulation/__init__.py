"""The shipped queue under a class's load, without Discord, devices or time: what ``make simulate`` runs."""

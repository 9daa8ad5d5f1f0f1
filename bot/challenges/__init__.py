"""The conversation about challenges: the brief, entering, voting, closing."""

"""Comparisons: what shall differ, all clips side by side, and the vote."""

"""Kills the bot at every point of a job's life, restarts it, and checks that nothing was lost or done twice."""

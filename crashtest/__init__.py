"""Kills the bot at every point between two effects, restarts it, and checks that nothing was lost or done twice."""

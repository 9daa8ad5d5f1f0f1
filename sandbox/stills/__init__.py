"""Pictures of our own making, drawn by the scripts beside them: `python -m sandbox.stills` draws them again."""

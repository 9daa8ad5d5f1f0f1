"""Stills in, MP4 out."""

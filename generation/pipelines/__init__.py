"""The pipelines that turn a request into frames: draft, Wan, LTX."""

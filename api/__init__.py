"""The HTTP face: translates requests into commands and queries, and decides nothing."""

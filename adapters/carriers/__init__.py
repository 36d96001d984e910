"""Carriers: how each proves who it is, and what its messages say, one file per carrier."""

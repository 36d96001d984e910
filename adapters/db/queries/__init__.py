"""Reads for people and machines: plain functions, a fixed number of queries each."""

"""The decision written out, rechecked and explained."""

"""Named queries of the routes: rows in, plain values out."""

"""PostgreSQL, Temporal and our own processes, started and kept running on one machine.

`Stack` (`cli.embedded.stack`) is the whole service. Tests take `embedded_postgres` and
`embedded_temporal` from `cli.embedded.testing`.
"""

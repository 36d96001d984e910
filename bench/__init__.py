"""Benchmarks, called as `oms bench NAME`: each module prints its own table, and nothing else imports them."""

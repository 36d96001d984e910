"""The `oms` command: one file per command, the embedded parts below `cli.embedded`."""

"""The outside: database, payment providers, carriers; a fake beside each vendor."""

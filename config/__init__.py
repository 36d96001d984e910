"""What every process reads once at its start: settings, logging, failpoints."""

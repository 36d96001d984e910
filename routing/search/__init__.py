"""The exact search over locations and services, in whole numbers."""

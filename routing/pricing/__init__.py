"""Who may take part, and at what price."""

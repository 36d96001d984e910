"""PostgreSQL: the rows that are the state, and one transaction function per command and fact."""

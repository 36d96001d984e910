"""How it is done: one class per concern, clients by constructor; implements what workflows ask for."""

"""What is true: orders, money, quantities, states. Pure; no clock and no I/O."""

"""What happens to an order, in what order and when."""

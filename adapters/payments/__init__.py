"""Payment service providers behind the payment port."""

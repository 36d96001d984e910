"""What goes in and what comes out: order, network, policy, plan."""

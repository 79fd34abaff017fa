"""点将台: enterprises post problems, the union sends the expert who can solve them."""

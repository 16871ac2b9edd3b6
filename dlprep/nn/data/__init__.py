"""What there is to learn from, each made from its seed."""

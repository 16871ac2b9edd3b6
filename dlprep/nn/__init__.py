"""The NumPy that demos share: layers, losses and data, written to be read."""

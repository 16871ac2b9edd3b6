"""What a control puts in the place of the true numerics: one mistake each."""

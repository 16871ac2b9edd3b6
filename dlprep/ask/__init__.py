"""Asking a question and showing what became of it: key by key on a terminal, line by line elsewhere."""

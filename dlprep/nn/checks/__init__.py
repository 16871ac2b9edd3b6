"""Measurements that hold the numerics to their definitions, by a second route."""

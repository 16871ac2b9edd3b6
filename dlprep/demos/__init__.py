"""The live experiments, one file a topic. A file put here is found by its name; there is no list."""

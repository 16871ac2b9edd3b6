"""dlprep asks deep-learning interview questions and proves its answers with live experiments."""

__version__ = "0.1.0"

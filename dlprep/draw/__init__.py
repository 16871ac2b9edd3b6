"""Data to Rich renderables. The only place that knows colours and glyphs."""

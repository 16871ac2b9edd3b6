"""`python -m dlprep` is `dlprep`."""

from __future__ import annotations

from dlprep.cli import main

if __name__ == "__main__":
    raise SystemExit(main())

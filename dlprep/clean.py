"""The gate that every outside text passes on its way to the terminal."""

from __future__ import annotations

import re

# Everything a terminal could act on or hide: C0 but newline and tab, DEL, C1, bidi controls, zero-width
# marks (not ZWJ, which emoji need), line and paragraph separators, surrogates, BOM, the tag block.
DANGEROUS = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff"
    "\ud800-\udfff\ufff9-\ufffb\U000e0000-\U000e007f]"
)


def clean(text: str) -> str:
    r"""`text` with every character a terminal could obey shown as an escape such as \x1b."""
    return DANGEROUS.sub(_escape, text.replace("\r\n", "\n"))


def _escape(found: re.Match[str]) -> str:
    code = ord(found[0])
    return f"\\x{code:02x}" if code < 256 else f"\\u{code:04x}"

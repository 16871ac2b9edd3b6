"""The commented bank that `dlprep new` writes: an example of every kind, each key explained by the table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from dlprep import bank
from dlprep.bank import Key, Kind

HEAD = {"summary": "What these questions are about, in one sentence.", "asked": "0"}
EXAMPLES: dict[Kind, dict[str, str]] = {
    "choice": {
        "id": "which-layer-shares",
        "level": "junior",
        "core": "false",
        "ask": "Which layer uses the same weights at every position?",
        "why": "A convolution slides one small kernel, so k² weights a channel serve the whole image.",
        "evidence": "cnn/parameters-shared",
        "source": "LeCun et al. 1998",
        "options": """
      - text: A convolution
        right: true
      - text: A fully connected layer
        because: It has a weight of its own for every input and output.""",
    },
    "numeric": {
        "id": "weights-of-a-layer",
        "level": "mid",
        "ask": "A dense layer with biases maps {inputs} inputs to {outputs} outputs. Its parameters?",
        "why": "{inputs} × {outputs} weights and {outputs} biases.",
        "given": """
      inputs: [64, 128, 784]        # a list to draw from
      outputs: 2..32                # or a range; 0.1..0.9 step 0.1 for decimals""",
        "require": "outputs < inputs",
        "answer": "(inputs + 1) * outputs",
        "unit": "parameters",
        "tolerance": "0",
        "slips": """
      - answer: inputs * outputs
        says: That leaves out the biases.""",
    },
    "recall": {
        "id": "why-share-weights",
        "level": "mid",
        "ask": "Why does a convolution share its weights?",
        "points": """
      - Far fewer parameters than a dense layer
      - A shifted input gives a shifted output, so a feature is learned once for all positions""",
        "answer": "Sharing cuts the parameters and makes the layer equivariant to shifts.",
    },
    "refute": {
        "id": "convolution-is-invariant",
        "level": "senior",
        "ask": "“A convolution is invariant to translation.” What is wrong with this?",
        "points": """
      - It is equivariant, for its output shifts with its input
      - Invariance needs pooling over all positions""",
        "answer": "Its output moves with its input; only a global pooling after it forgets where.",
    },
    "order": {
        "id": "one-training-step",
        "level": "junior",
        "ask": "Put one step of training into order.",
        "why": "The loss needs the outputs, the gradients need the loss, and the update needs the gradients.",
        "steps": """
      - Forward pass
      - Loss
      - Backward pass
      - Update of the weights""",
    },
}


def starter(topic: str, schema: str) -> str:
    """A bank to start from; `schema` is the path an editor finds the schema at, or "" for a note on it."""
    modeline = f"# yaml-language-server: $schema={schema}\n" if schema else ""
    return "\n".join(_lines(topic, modeline)) + "\n"


def _lines(topic: str, modeline: str) -> Iterator[str]:
    yield f"{modeline}# The bank of the topic {topic}: replace these examples. `dlprep check` says what is"
    yield "# wrong; `dlprep schema` prints a JSON Schema for your editor. Text with `: ` or ` #` needs quotes"
    yield "# or a | block."
    for key in bank.BANK:
        value = _quoted(topic) if key.name == "title" else HEAD[key.name]
        yield f"{key.name}: {value}" + ("" if key.required else f"  # {key.says}")
    yield "questions:"
    seen: set[str] = set()
    for kind in bank.KINDS:
        yield ""
        yield from _question(kind, bank.keys_of(kind).values(), seen)


def _question(kind: Kind, keys: Iterable[Key], seen: set[str]) -> Iterator[str]:
    """An example of a kind; each key is explained the first time it is used."""
    lead = "  - "
    for key in keys:
        if key.name not in seen:
            yield f"    # {key.name}: {key.says}"
            seen.add(key.name)
        value = kind if key.name == "kind" else EXAMPLES[kind].get(key.name)
        if value is None:
            continue
        yield f"{lead}{key.name}:{'' if value.startswith(chr(10)) else ' '}{_quoted(value)}"
        lead = "    "


def _quoted(value: str) -> str:
    """A value as YAML: one-line text in single quotes where plain text would be misread."""
    misread = ": " in value or value[0] in "“{[(0123456789" or value == "null"
    if value.startswith("\n") or value == "0" or not misread:
        return value
    return "'" + value.replace("'", "''") + "'"

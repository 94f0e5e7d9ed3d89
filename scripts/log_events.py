"""Write docs/log-events.md from `daemon/loops/events.py`: each event with its level, its keys and what it means.

.venv/bin/python scripts/log_events.py > docs/log-events.md
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

SOURCE = Path(__file__).parent.parent / "daemon" / "loops" / "events.py"
HEAD = """\
# Log events
What the daemon says in its log, for those who watch it by a program. Made by `scripts/log_events.py`; names and keys
are stable, more may be added. In journald each is one line of JSON with `event`, `level` and `timestamp` besides the
keys below; on a terminal it is a line to read. No event of level `info` carries a client's words, an address or a
secret.

```
journalctl -u sollecito -o cat | grep '^{' | jq -c 'select(.event == "letter_accepted")'
journalctl -u sollecito -p warning          # what wants looking at
```

| Event | Level | Keys | What it means |
|---|---|---|---|
"""


def rows() -> Iterator[str]:
    """A row for each event.

    Raises:
        ValueError: a function has no docstring, or says something else than one event.
    """
    for found in ast.parse(SOURCE.read_text(encoding="utf-8")).body:
        if not isinstance(found, ast.FunctionDef):
            continue
        meaning = ast.get_docstring(found)
        match found.body[1:]:
            case [
                ast.Expr(
                    value=ast.Call(
                        func=ast.Attribute(value=ast.Name(id="_log"), attr=level),
                        args=[ast.Constant(value=str(event))],
                        keywords=keywords,
                    )
                )
            ] if meaning:
                keys = ", ".join(f"`{'exception' if key.arg == 'exc_info' else key.arg}`" for key in keywords)
                yield f"| `{event}` | {level} | {keys} | {' '.join(meaning.split())} |"
            case _:
                raise ValueError(f"{found.name}: a docstring and one event is all that belongs here")


def page() -> str:
    return HEAD + "\n".join(rows()) + "\n"


if __name__ == "__main__":
    print(page(), end="")

"""Lines that may not be parsed are found wherever the blocks of reading cut the file."""

from pathlib import Path

import pytest

from sources.parsing import line_shape as module
from sources.parsing.line_shape import LineShape, line_shape

DEEP = b'{"a":' * 5 + b"1" + b"}" * 5


@pytest.mark.parametrize("block_bytes", [1, 2, 7, 64, 1 << 20])
@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"{}\n{}\n", LineShape(2, is_parseable=True)),
        (b"{}\n{}", LineShape(2, is_parseable=True)),
        (b"", LineShape(0, is_parseable=True)),
        (b"{}\n" + b'{"a": [[1], [2], [3], [4]]}\n', LineShape(2, is_parseable=True)),
        (b'{"a": "[[[[[["}\n', LineShape(1, is_parseable=True)),
        (b"{}\n" + DEEP + b"\n{}\n", LineShape(1, is_parseable=False)),
        (b"{}\n{}\n" + DEEP, LineShape(2, is_parseable=False)),
        (b"{}\n" + b"{" + b"x" * 100 + b"\n", LineShape(1, is_parseable=False)),
        (b"{}\n" + b"{" + b"x" * 100, LineShape(1, is_parseable=False)),
        (b"{}\n" + b"{" + b"x" * 99, LineShape(2, is_parseable=True)),
        (b"null\n{}\n", LineShape(0, is_parseable=False)),
        (b"{}\nnull\n", LineShape(1, is_parseable=False)),
        (b"{}\n\n{}\n", LineShape(1, is_parseable=False)),
        (b"{}\n {}\n", LineShape(1, is_parseable=False)),
    ],
)
def test_lines_are_judged_across_blocks(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    block_bytes: int,
    content: bytes,
    expected: LineShape,
) -> None:
    monkeypatch.setattr(module, "BLOCK_BYTES", block_bytes)
    path = tmp_path / "lines"
    path.write_bytes(content)

    found = line_shape(path, depth=4, longest_bytes=100)

    assert found.is_parseable == expected.is_parseable
    assert not found.is_parseable or found.line_count == expected.line_count

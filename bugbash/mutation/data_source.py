"""Reading a settings or data file: its text, and what a change of it would mean."""

from __future__ import annotations

from bisect import bisect_right

from bugbash.files import Edit
from bugbash.mutation.data_files import UnreadableData, meaning
from bugbash.mutation.mutator import TextChange
from bugbash.mutation.source import BOM, NEWLINE, UnreadableSource


class DataSource:
    """A settings or data file that parses. Offsets count characters of `text`."""

    def __init__(self, file: str, data: bytes) -> None:
        """Read `data`, the content of `file`. Raises UnreadableSource."""
        self.file = file
        self._skipped = len(BOM) if data.startswith(BOM) else 0
        try:
            self.text = data[self._skipped :].decode("utf-8")
            self._clean = repr(meaning(file, self.text))
        except UnicodeDecodeError as error:
            raise UnreadableSource(f"{file} can't be read as UTF-8: {error}.") from error
        except UnreadableData as error:
            raise UnreadableSource(f"{error}.") from error
        self._starts = [0, *(match.end() for match in NEWLINE.finditer(self.text))]

    def accepts(self, change: TextChange) -> bool:
        """Whether the file still parses after `change` and says something else."""
        if not 0 <= change.start <= change.end <= len(self.text):
            return False
        after = self.text[: change.start] + change.text + self.text[change.end :]
        try:
            return repr(meaning(self.file, after)) != self._clean
        except UnreadableData:
            return False

    def edit(self, change: TextChange) -> Edit:
        """The change in bytes of the file."""
        start, end = self._byte(change.start), self._byte(change.end)
        return Edit(self.file, start, end, change.text)

    def _byte(self, offset: int) -> int:
        return self._skipped + len(self.text[:offset].encode())

    def lines(self, change: TextChange) -> tuple[int, int]:
        """The numbers, from 1, of the first and last line that change."""
        first = bisect_right(self._starts, change.start)
        return first, max(first, bisect_right(self._starts, change.end - 1))

    def shown(self, change: TextChange) -> tuple[str, str]:
        """The changed lines before and after."""
        first, last = self.lines(change)
        start = self._starts[first - 1]
        end = self._starts[last] if last < len(self._starts) else len(self.text)
        after = self.text[start : change.start] + change.text + self.text[change.end : end]
        return _readable(self.text[start:end]), _readable(after)


def _readable(text: str) -> str:
    lines = text.replace("\r\n", "\n").replace("\r", "\n").strip("\n").split("\n")
    common = min((len(line) - len(line.lstrip()) for line in lines if line.strip()), default=0)
    return "\n".join(line[common:] for line in lines)

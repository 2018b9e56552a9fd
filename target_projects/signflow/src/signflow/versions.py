"""Versions of a document's text: one folder a document, one file a version, none ever changed.

The manifest beside the files has the hash of each. A version that the document does not point to
is left from a signing that broke off; it stays where it is and its number is not used again.
"""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from dataclasses import asdict, dataclass
from pathlib import Path

from .errors import VersionError

MANIFEST = "manifest.json"

_FILE = re.compile(r"(?P<number>\d{4,})-(?P<label>[a-z0-9-]+)\.txt")
_PLAIN = re.compile(r"[a-z0-9]+")
_LABEL_LENGTH = 24


@dataclass(frozen=True)
class Version:
    number: int
    label: str
    file: str
    sha256: str
    size: int


def text_hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def label_of(text: str) -> str:
    """Part of a file name: `Zoë Ruiz` becomes `zoe-ruiz`."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode("ascii")
    label = "-".join(_PLAIN.findall(plain.lower()))
    return label[:_LABEL_LENGTH].removesuffix("-") or "version"


class VersionStore:
    def __init__(self, root: Path) -> None:
        self.root = root

    def folder(self, document: str) -> Path:
        return self.root / document

    def add(self, document: str, text: str, label: str) -> Version:
        """Keep a version; the first is number 1, unless a draft that broke off has left files."""
        folder = self.folder(document)
        folder.mkdir(parents=True, exist_ok=True)
        number = max(_taken(folder), default=0) + 1
        data = text.encode("utf-8")
        name = f"{number:04d}-{label_of(label)}.txt"
        with open(folder / name, "xb") as file:
            file.write(data)
        version = Version(number, label, name, hashlib.sha256(data).hexdigest(), len(data))
        self._list(document, version)
        return version

    def versions(self, document: str) -> list[Version]:
        """What the manifest lists, oldest first."""
        manifest = self.folder(document) / MANIFEST
        try:
            entries = json.loads(manifest.read_text(encoding="utf-8"))
            versions = [Version(**entry) for entry in entries]
        except FileNotFoundError:
            return []
        except (ValueError, TypeError) as problem:
            raise VersionError(f"{document}: unreadable manifest") from problem
        return sorted(versions, key=lambda version: version.number)

    def read(self, document: str, number: int) -> str:
        """The text of a version, as it was stored or not at all."""
        for version in self.versions(document):
            if version.number == number:
                break
        else:
            raise VersionError(f"{document} has no version {number}")
        try:
            data = (self.folder(document) / version.file).read_bytes()
        except FileNotFoundError:
            raise VersionError(f"{document}: {version.file} is missing") from None
        if hashlib.sha256(data).hexdigest() != version.sha256:
            raise VersionError(f"{document}: {version.file} was changed")
        return data.decode("utf-8")

    def check(self, document: str) -> list[str]:
        """What is wrong with a document's folder, file by file; nothing when all is well."""
        problems = []
        versions = self.versions(document)
        for version in versions:
            try:
                self.read(document, version.number)
            except VersionError as problem:
                problems.append(str(problem))
        listed = {version.file for version in versions}
        for path in sorted(self.folder(document).glob("*.txt")):
            if path.name not in listed and _FILE.fullmatch(path.name):
                problems.append(f"{document}: {path.name} is not in the manifest")
        return problems

    def _list(self, document: str, version: Version) -> None:
        entries = [asdict(known) for known in self.versions(document)] + [asdict(version)]
        manifest = self.folder(document) / MANIFEST
        part = manifest.with_suffix(".part")
        text = json.dumps(entries, indent=2, ensure_ascii=False) + "\n"
        part.write_text(text, encoding="utf-8", newline="\n")
        part.replace(manifest)


def _taken(folder: Path) -> list[int]:
    matches = (_FILE.fullmatch(path.name) for path in folder.iterdir())
    return [int(match["number"]) for match in matches if match]

"""Rate strings by the day they came: `rates/2024/03/05/rates-093000.txt`, in the desk's time."""

import re
import shutil
from collections.abc import Sequence
from datetime import date, datetime, timedelta, tzinfo
from pathlib import Path

from parcelrate.errors import StaleRates
from parcelrate.ratestrings import Rate, format_rates, parse_rates

_FILE = re.compile(r"rates-([0-9]{6})(?:-([0-9]+))?\.txt")


class RateHistory:
    def __init__(self, folder: Path, zone: tzinfo) -> None:
        self.folder = folder
        self.zone = zone

    def save(self, rates: Sequence[Rate], now: datetime, source: str = "") -> Path:
        local = now.astimezone(self.zone)
        folder = self.folder / f"{local:%Y}" / f"{local:%m}" / f"{local:%d}"
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"rates-{local:%H%M%S}.txt"
        number = 2
        while path.exists():
            path = folder / f"rates-{local:%H%M%S}-{number}.txt"
            number += 1
        remark = f"# {source or 'unknown source'}, {len(rates)} rates\n"
        path.write_text(remark + format_rates(rates), encoding="utf-8", newline="\n")
        return path

    def snapshots(self) -> list[tuple[datetime, int, Path]]:
        """All files, oldest first; the number tells those of the same second apart."""
        found = []
        for path in self.folder.glob("[0-9][0-9][0-9][0-9]/[0-9][0-9]/[0-9][0-9]/*.txt"):
            name = _FILE.fullmatch(path.name)
            if name is None:
                continue
            digits = "".join(path.parts[-4:-1]) + name[1]
            try:
                at = datetime.strptime(digits, "%Y%m%d%H%M%S").replace(tzinfo=self.zone)
            except ValueError:
                continue
            found.append((at, int(name[2] or 1), path))
        return sorted(found)

    def latest(self, now: datetime, max_age: timedelta) -> list[Rate]:
        """The youngest rates that are not from the future. Raises StaleRates."""
        past = [(at, path) for at, _, path in self.snapshots() if at <= now]
        if not past:
            raise StaleRates("there are no rates")
        at, path = past[-1]
        if now - at > max_age:
            raise StaleRates(f"the rates are of {at:%Y-%m-%d %H:%M}")
        return parse_rates(path.read_text(encoding="utf-8"))

    def prune(self, today: date, keep_days: int) -> list[date]:
        """Removes the days that are older than the last `keep_days`, today included."""
        first = today - timedelta(days=keep_days - 1)
        days = {at.date(): path.parent for at, _, path in self.snapshots()}
        removed = sorted(day for day in days if day < first)
        for day in removed:
            shutil.rmtree(days[day])
        return removed

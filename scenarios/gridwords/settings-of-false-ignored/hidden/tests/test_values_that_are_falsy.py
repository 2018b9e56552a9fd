"""What the settings file says counts, whatever it says."""

from pathlib import Path

from builders import NO_FILE

from gridwords.settings import load


def test_no_pot_is_no_pot(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for value in ("0", "0.0", "-0.0"):
        Path("gridwords.toml").write_text(f"[prizes]\npot = {value}\n", encoding="utf-8")
        assert load(environ=NO_FILE).prizes().pot == 0

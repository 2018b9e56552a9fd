import json
from datetime import datetime, timedelta, timezone

from builders import NOW

from restdesk.accesslog import append_access


def test_folder_is_made(tmp_path):
    append_access(tmp_path / "var" / "log", NOW, status=200)
    file = tmp_path / "var" / "log" / "access-2024-03-01.log"
    assert file.read_bytes() == b'{"at": "09:00:00", "status": 200}\n'


def test_log_grows(tmp_path, windows_text):
    for path in ("/a", "/łódź\nb"):
        append_access(tmp_path, NOW, path=path, method="GET")
    content = (tmp_path / "access-2024-03-01.log").read_bytes()
    assert content.count(b"\n") == 2
    assert b"\r" not in content
    assert '"path": "/łódź\\nb"'.encode() in content


def test_days_are_utc(tmp_path):
    zone = timezone(timedelta(hours=5, minutes=30))
    append_access(tmp_path, datetime(2024, 3, 1, 4, 5, 6, tzinfo=zone))
    [file] = tmp_path.iterdir()
    assert file.name == "access-2024-02-29.log"
    assert json.loads(file.read_text(encoding="utf-8")) == {"at": "22:35:06"}

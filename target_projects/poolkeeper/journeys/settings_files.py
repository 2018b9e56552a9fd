"""An operator starts poolkeeper with settings files in several places."""

WHO = "an operator of the gateways"
SUBJECT = "Place of the settings file"
DETAIL = "The home folder is one that the steps make."

CASES = {
    "the usual file": ({"poolkeeper.toml": 11}, None, ""),
    "a folder of the usual name": ({"poolkeeper.toml/x.toml": 11}, None, ""),
    "no file": ({}, None, ""),
    "a file of another name": ({"other.toml": 12}, None, ""),
    "a file by a variable": ({"poolkeeper.toml": 11, "other.toml": 12}, None, " other.toml "),
    "an empty variable": ({"poolkeeper.toml": 11, "other.toml": 12}, None, " "),
    "a file by a path": ({"poolkeeper.toml": 11, "other.toml": 12}, "other.toml", ""),
    "a path and a variable": ({"etc/a.toml": 13, "other.toml": 12}, "etc/a.toml", "other.toml"),
    "a file in the home": ({"home/own.toml": 14}, None, "~/own.toml"),
    "a path that is not there": ({"poolkeeper.toml": 11}, "absent.toml", ""),
    "a variable that is not there": ({"poolkeeper.toml": 11}, None, "absent.toml"),
}


def journey(files, path, variable):
    import os
    from pathlib import Path

    from poolkeeper.settings import load

    home = Path("home").resolve()
    os.environ["HOME"] = os.environ["USERPROFILE"] = str(home)
    for name, keep in files.items():
        Path(name).parent.mkdir(exist_ok=True)
        text = f'[state]\nkeep = {keep}\nfolder = "~/żółw"\n'
        Path(name).write_bytes(text.encode())
    settings = load(Path(path) if path else None, {"POOLKEEPER_CONFIG": variable})
    print("keep", settings.state.keep)
    for folder in (settings.state.folder, settings.logs.folder):
        print("in", folder.relative_to(home.parent) if folder.is_absolute() else folder)

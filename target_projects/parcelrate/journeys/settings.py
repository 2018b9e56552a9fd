"""An operator changes a setting and looks at what the service makes of it."""

WHO = "an engineer in operations"
SUBJECT = "Settings"
DETAIL = "The home folder is one that the steps make."

CASES = {
    "no settings at all": ("", {}),
    "another desk": ('[general]\ncurrency = "gbp"\nutc_offset_minutes = -210', {}),
    "another conversion": ('[conversion]\npolicy = "Cheapest"\nmax_hops = 2\nhop_fee_percent = "1.25"', {}),
    "another delimiter": ('[orders]\ndelimiter = ";"', {}),
    "bars": ("", {"ORDERS_DELIMITER": "|"}),
    "an unknown delimiter": ("", {"ORDERS_DELIMITER": ":"}),
    "unknown countries that are allowed": ('[pricing]\nunknown_country = "World"', {}),
    "unknown countries that are guessed": ('[pricing]\nunknown_country = "guess"', {}),
    "other tiers": ("[pricing.bulk]\n10 = 9\n50 = '20.5'\n7 = 100", {}),
    "a tier of too much": ("[pricing.bulk]\n7 = 101", {}),
    "a tier in words": ("[pricing.bulk]\nmany = 5", {}),
    "a tier below zero": ("[pricing.bulk]\n7 = -1", {}),
    "other thresholds": ('[free_shipping]\nthreshold = 99.5\nmax_weight = "5 lb"\n[free_shipping.countries]\nde = 50\nFR = "0"', {}),
    "a desk that never ships free": ("", {"FREE_SHIPPING_THRESHOLD": " Never "}),
    "a desk that always ships free": ("", {"FREE_SHIPPING_THRESHOLD": "0"}),
    "the highest threshold": ("", {"FREE_SHIPPING_THRESHOLD": "100000"}),
    "too high a threshold": ("", {"FREE_SHIPPING_THRESHOLD": "100000.01"}),
    "a weight without a unit": ("", {"FREE_SHIPPING_MAX_WEIGHT": "20"}),
    "other quotes": ('[quotes]\ndatabase = "a/../b.db"\ncoupons = "~/c.json"\nvalid_hours = 5\npage_size = 6', {}),
    "another history": ('[history]\nfolder = "old"\nmax_age_hours = 7\nkeep_days = 8', {}),
    "another report folder": ('[reports]\nfolder = "lists"', {}),
    "a word in another language": ('[pricing]\nunknown_country = "Köln"', {}),
    "a file and a variable": ("[history]\nkeep_days = 7", {"HISTORY_KEEP_DAYS": " 8 "}),
    "a variable that is empty": ("[history]\nkeep_days = 7", {"HISTORY_KEEP_DAYS": ""}),
    "a variable that names a file": (None, {"CONFIG": "~/other.toml"}),
    "a variable that names no file": (None, {"CONFIG": "absent.toml"}),
    "no file": (None, {}),
    "a currency in full": ("", {"GENERAL_CURRENCY": "pound"}),
    "the westernmost desk": ("", {"GENERAL_UTC_OFFSET_MINUTES": "-720"}),
    "a desk too far west": ("", {"GENERAL_UTC_OFFSET_MINUTES": "-721"}),
    "the easternmost desk": ("", {"GENERAL_UTC_OFFSET_MINUTES": "840"}),
    "a desk too far east": ("", {"GENERAL_UTC_OFFSET_MINUTES": "841"}),
    "an unknown policy": ("", {"CONVERSION_POLICY": "fast"}),
    "a policy that is a number": ("[conversion]\npolicy = 5", {}),
    "direct rates alone": ("", {"CONVERSION_POLICY": "DIRECT"}),
    "one hop": ("", {"CONVERSION_MAX_HOPS": "1"}),
    "no hop": ("", {"CONVERSION_MAX_HOPS": "0"}),
    "five hops": ("", {"CONVERSION_MAX_HOPS": "5"}),
    "six hops": ("", {"CONVERSION_MAX_HOPS": "6"}),
    "no fee": ("", {"CONVERSION_HOP_FEE_PERCENT": "0"}),
    "the highest fee": ("", {"CONVERSION_HOP_FEE_PERCENT": "10"}),
    "too high a fee": ("", {"CONVERSION_HOP_FEE_PERCENT": "10.01"}),
    "a fee in words": ("", {"CONVERSION_HOP_FEE_PERCENT": "few"}),
    "quotes that hold for an hour": ("", {"QUOTES_VALID_HOURS": "1"}),
    "quotes that hold for no time": ("", {"QUOTES_VALID_HOURS": "0"}),
    "quotes that hold for a month": ("", {"QUOTES_VALID_HOURS": "720"}),
    "quotes that hold for too long": ("", {"QUOTES_VALID_HOURS": "721"}),
    "pages of one": ("", {"QUOTES_PAGE_SIZE": "1"}),
    "empty pages": ("", {"QUOTES_PAGE_SIZE": "0"}),
    "pages of 500": ("", {"QUOTES_PAGE_SIZE": "500"}),
    "pages of 501": ("", {"QUOTES_PAGE_SIZE": "501"}),
    "rates of an hour": ("", {"HISTORY_MAX_AGE_HOURS": "1"}),
    "rates of no hour": ("", {"HISTORY_MAX_AGE_HOURS": "0"}),
    "rates of two weeks": ("", {"HISTORY_MAX_AGE_HOURS": "336"}),
    "rates of more than two weeks": ("", {"HISTORY_MAX_AGE_HOURS": "337"}),
    "a day of history": ("", {"HISTORY_KEEP_DAYS": "1"}),
    "no history": ("", {"HISTORY_KEEP_DAYS": "0"}),
    "4000 days of history": ("", {"HISTORY_KEEP_DAYS": "4000"}),
    "4001 days of history": ("", {"HISTORY_KEEP_DAYS": "4001"}),
    "half a day of history": ("", {"HISTORY_KEEP_DAYS": "0.5"}),
    "an unknown section": ("[histroy]", {}),
    "an unknown setting": ("[history]\nkeep = 5", {}),
    "a section that is a value": ("history = 5", {}),
    "a table that is a value": ("[pricing]\nbulk = 5", {}),
    "a value that is a table": ("[history.folder]\na = 5", {}),
    "a file that is not TOML": ("[history", {}),
}


def journey(text, environ):
    import os
    from pathlib import Path

    from parcelrate.errors import SettingsError
    from parcelrate.settings import load_settings

    home = os.environ["HOME"] = os.environ["USERPROFILE"] = str(Path("home").resolve())
    Path("home").mkdir()
    Path("home/other.toml").write_text("[history]\nkeep_days = 99", encoding="utf-8")
    Path("conf").mkdir()
    file = None if text is None else Path("conf/desk.toml")
    if file is not None:
        file.write_text(text, encoding="utf-8")
    settings = load_settings(file, {f"PARCELRATE_{name}": value for name, value in environ.items()})
    for name in ("currency", "zone", "policy", "max_hops", "hop_fee", "delimiter", "unknown_country", "bulk", "free_shipping", "database", "coupons", "valid_for", "page_size", "history", "max_age", "keep_days", "reports"):
        try:
            value = getattr(settings, name)
            print(name, value.relative_to(Path(home).parent).as_posix() if isinstance(value, Path) else value)
        except SettingsError as problem:
            print(problem)

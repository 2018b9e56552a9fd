"""Operations sets the service up from a file and the environment."""

WHO = "an engineer in operations"
SUBJECT = "Setting"
DETAIL = "The settings file lies in the folder in which the steps are run."

CASES = {
    "no settings at all": ("", {}),
    "a base currency": ("general.base_currency = 'eur'", {}),
    "rates": ("general.base_currency = 'EUR'\ngeneral.rates = {usd = '0.92', GBP = 1.17}", {}),
    "a report folder": ("general.report_folder = 'out'", {}),
    "a report folder from the environment": ("", {"GENERAL_REPORT_FOLDER": "/srv/out"}),
    "a report folder below home": ("", {"GENERAL_REPORT_FOLDER": "~/out"}),
    "a rounding mode": ("general.rounding = 'up'", {}),
    "a rounding mode with blanks around": ("", {"GENERAL_ROUNDING": " up "}),
    "a rounding mode that is empty": ("general.rounding = 'up'", {"GENERAL_ROUNDING": ""}),
    "strict checks": ("validation.strict = true", {}),
    "strict checks switched off again": ("validation.strict = true", {"VALIDATION_STRICT": "Off"}),
    "strict checks by 1": ("", {"VALIDATION_STRICT": "1"}),
    "strict checks by on": ("", {"VALIDATION_STRICT": "on"}),
    "strict checks by yes": ("", {"VALIDATION_STRICT": "YES"}),
    "strict checks by 0": ("validation.strict = true", {"VALIDATION_STRICT": "0"}),
    "strict checks by no": ("validation.strict = 'no'", {}),
    "strict checks by false": ("validation.strict = false", {}),
    "strict checks by chance": ("validation.strict = 'maybe'", {}),
    "the earliest day": ("validation.earliest = 2021-07-01", {}),
    "an earliest day that is none": ("validation.earliest = 'long ago'", {}),
    "the fewest problems": ("validation.max_problems = 1", {}),
    "too few problems": ("validation.max_problems = 0", {}),
    "the most problems": ("", {"VALIDATION_MAX_PROBLEMS": "10000"}),
    "too many problems": ("", {"VALIDATION_MAX_PROBLEMS": "10001"}),
    "the shortest descriptions": ("validation.max_description = 10", {}),
    "descriptions that are too long": ("validation.max_description = 501", {}),
    "a number that is none": ("validation.max_description = 'ten'", {}),
    "a file size in bytes": ("intake.max_file_size = 512", {}),
    "a file size in kB": ("intake.max_file_size = '7 kB'", {}),
    "a file size in KiB": ("intake.max_file_size = '7KiB'", {}),
    "a file size in MB": ("intake.max_file_size = '2 mb'", {}),
    "a file size in MiB": ("intake.max_file_size = '2 MiB'", {}),
    "a file size in GB": ("intake.max_file_size = '1GB'", {}),
    "a file size in GiB": ("intake.max_file_size = '1GiB'", {}),
    "a file size in B": ("intake.max_file_size = '99 B'", {}),
    "a file size in apples": ("intake.max_file_size = '5 apples'", {}),
    "seconds": ("intake.keep_processed = '30s'", {}),
    "minutes": ("intake.keep_processed = '10 min'", {}),
    "minutes by one letter": ("intake.keep_processed = '10m'", {}),
    "hours": ("intake.keep_processed = '12 Hours'", {}),
    "one hour": ("intake.keep_processed = '1h'", {}),
    "days": ("", {"INTAKE_KEEP_PROCESSED": " 45 days "}),
    "one day": ("intake.keep_processed = '1d'", {}),
    "weeks": ("intake.keep_processed = '2 weeks'", {}),
    "weeks by one letter": ("intake.keep_processed = '2w'", {}),
    "a time without a unit": ("intake.keep_processed = 90", {}),
    "a fraud threshold": ("fraud.threshold = '2,500.00'", {"FRAUD_THRESHOLD": "3000"}),
    "a threshold for refunds": ("fraud.thresholds = {refund = 250, top-up = '1.50'}", {}),
    "a threshold for gifts": ("fraud.thresholds = {gift = 250}", {}),
    "the highest watch level": ("fraud.watch_percent = 100", {}),
    "a watch level that is too high": ("fraud.watch_percent = 101", {}),
    "the lowest block factor": ("fraud.block_factor = 2", {}),
    "a block factor that is too low": ("fraud.block_factor = 1", {}),
    "a count of one": ("fraud.max_count = 1", {}),
    "a currency that is none": ("", {"GENERAL_BASE_CURRENCY": "dollars"}),
    "a file that is no TOML": ("fraud", {}),
    "a rate that is no number": ("general.rates = {EUR = 'par'}", {}),
}


def journey(text, environ):
    import os
    from dataclasses import asdict
    from pathlib import Path
    from ledgerlines.settings import load_settings

    os.environ["HOME"] = os.environ["USERPROFILE"] = "/home/finance"
    Path("ledgerlines.toml").write_text(text, encoding="utf-8")
    environ = {f"LEDGERLINES_{name}": value for name, value in environ.items()}
    settings = load_settings(Path("ledgerlines.toml"), environ)
    for name, value in asdict(settings).items():
        print(name, "=", value.as_posix() if isinstance(value, Path) else value)

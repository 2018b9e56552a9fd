"""A day at the quotes desk, by the command line."""

WHO = "a clerk at the quotes desk"
SUBJECT = "Command line"
DETAIL = "The clock of the steps stands at noon of the 5th of March 2024, in UTC."

CASES = {
    "a day": ([["load", "rates.txt"], ["quote", "orders.csv"], ["quotes"], ["accept", "q20240305-0001"], ["quotes", "--save"]], {}),
    "a day late at night": ([["load", "rates.txt"], ["quote", "orders.csv"], ["quotes", "--save"]], {"GENERAL_UTC_OFFSET_MINUTES": "720"}),
    "a day of unknown countries": ([["load", "rates.txt"], ["quote", "orders.csv"]], {"PRICING_UNKNOWN_COUNTRY": "world"}),
    "another home currency": ([["load", "rates.txt"], ["quote", "orders.csv"]], {"GENERAL_CURRENCY": "USD"}),
    "the same orders twice": ([["load", "rates.txt"], ["quote", "orders.csv"], ["quote", "orders.csv"], ["accept", "Q20240305-0002"], ["accept", "Q20240305-0006"]], {}),
    "orders that are all refused": ([["load", "rates.txt"], ["quote", "refused.csv"]], {}),
    "orders that are all taken": ([["load", "rates.txt"], ["quote", "refused.csv"]], {"PRICING_UNKNOWN_COUNTRY": "world"}),
    "no rates": ([["quote", "orders.csv"], ["convert", "5", "USD", "EUR"]], {}),
    "a conversion": ([["load", "rates.txt"], ["convert", "1,000", "usd", "gbp"]], {}),
    "a cheap conversion": ([["load", "rates.txt"], ["convert", "1,000", "USD", "GBP", "--policy", "cheapest"]], {}),
    "a cheap conversion by the settings": ([["load", "rates.txt"], ["convert", "1,000", "USD", "GBP"]], {"CONVERSION_POLICY": "cheapest"}),
    "a direct conversion against the settings": ([["load", "rates.txt"], ["convert", "1,000", "USD", "SEK", "--policy", "direct"], ["convert", "1,000", "USD", "SEK"]], {"CONVERSION_POLICY": "cheapest"}),
    "a conversion by one carrier": ([["load", "rates.txt"], ["convert", "1,000", "USD", "GBP", "--carrier", "ups"]], {}),
    "a conversion with a high fee": ([["load", "rates.txt"], ["convert", "1,000", "USD", "SEK"]], {"CONVERSION_HOP_FEE_PERCENT": "10"}),
    "a conversion with one hop": ([["load", "rates.txt"], ["convert", "1,000", "USD", "SEK"]], {"CONVERSION_MAX_HOPS": "1"}),
    "a conversion into the same": ([["load", "rates.txt"], ["convert", "5", "EUR", "eur"]], {}),
    "a conversion of a word": ([["load", "rates.txt"], ["convert", "five", "EUR", "USD"]], {}),
    "rates twice": ([["load", "rates.txt"], ["load", "more.txt"], ["convert", "100", "USD", "EUR"]], {}),
    "faulty rates": ([["load", "orders.csv"]], {}),
    "a file that is not there": ([["load", "absent.txt"], ["quote", "absent.csv"]], {}),
    "a file in another encoding": ([["load", "latin.txt"]], {}),
    "rates kept for a day": ([["load", "rates.txt"], ["convert", "1", "USD", "EUR"]], {"HISTORY_KEEP_DAYS": "1"}),
    "rates kept for two days": ([["load", "rates.txt"]], {"HISTORY_KEEP_DAYS": "2"}),
    "rates of yesterday": ([["convert", "1", "USD", "EUR"]], {"HISTORY_MAX_AGE_HOURS": "48"}),
    "small pages": ([["load", "rates.txt"], ["quote", "orders.csv"], ["quotes"], ["quotes", "--after", "Q20240305-0002"], ["quotes", "--after", "Q20240305-0003"]], {"QUOTES_PAGE_SIZE": "2"}),
    "other folders": ([["load", "rates.txt"], ["quotes", "--save"]], {"HISTORY_FOLDER": "a/rates", "REPORTS_FOLDER": "a/b", "QUOTES_DATABASE": "c/q.db"}),
    "no coupons": ([["load", "rates.txt"], ["quote", "orders.csv"]], {"QUOTES_COUPONS": "absent.json"}),
    "clean orders": ([["clean", "orders.csv", "out/orders.csv"]], {}),
    "clean orders of another delimiter": ([["clean", "orders.csv", "out/orders.csv"]], {"ORDERS_DELIMITER": ";"}),
    "a setting out of bounds": ([["quotes"], ["convert", "1", "USD", "EUR"]], {"HISTORY_MAX_AGE_HOURS": "0"}),
    "a settings file": ([["--settings", "desk.toml", "load", "rates.txt"], ["--settings", "desk.toml", "convert", "100", "USD", "SEK"]], {}),
    "a settings file that is not there": ([["quotes"]], {"CONFIG": "none.toml"}),
    "no command": ([[]], {}),
    "the version": ([["--version"]], {}),
}


def journey(commands, environ):
    import sys
    from datetime import datetime
    from pathlib import Path

    from parcelrate.cli import main

    Path("rates.txt").write_text("# morning\nUSD:EUR:UPS:0.9, EUR:GBP:DHL:0.8, USD:GBP:DHL:0.75, USD:GBP:UPS:0.78, GBP:EUR:DHL:1.1,\nEUR:SEK:Årstad:11, SEK:EUR:Svea Post:0.09, EUR:USD:UPS:1.1", encoding="utf-8-sig")
    Path("more.txt").write_text("USD:EUR:UPS:0.95", encoding="utf-8")
    Path("latin.txt").write_bytes("USD:EUR:Årstad:1".encode("latin-1"))
    Path("desk.toml").write_text('[conversion]\nhop_fee_percent = "2"\n[history]\nfolder = "elsewhere"', encoding="utf-8")
    Path("coupons.json").write_text('[{"code": "SHIP", "kind": "free", "max_uses": 1}, {"code": "LATE", "kind": "percent", "value": 50, "last": "2024-03-05"}]', encoding="utf-8")
    Path("rates/2024/03/04").mkdir(parents=True)
    Path("rates/2024/03/04/rates-080000.txt").write_text("USD:EUR:UPS:0.5", encoding="utf-8")
    Path("orders.csv").write_text(
        "order,country,zip,ccy,value,qty,weight,size,flags,coupon,ordered\n"
        "WEB-1001,DE,10115,EUR,39.90,5,1.2kg,30x20x10,,,2024-03-04\nWEB-1002,uk,ZE1 0AA,GBP,220.00,2,900 g,40x30x20,fragile,,\n"
        "WEB-1003,SE,,SEK,480,5,3 lb,12x8x4in,signature,SHIP,2024-03-05\nWEB-1004,FR,,EUR,75.50,1,6kg,130x20x10,,LATE,\n"
        "WEB-1005,QQ,,EUR,10,1,200g,10x10x10,,,\nWEB-1006,DE,,EUR,few,1,200g,10x10x10,,,\nWEB-1007,AT,,EUR,10,1,200g,10x10x10,,SHIP,\n",
        encoding="utf-8",
    )
    Path("refused.csv").write_text("order,country,ccy,value,weight,size\nWEB-2001,QQ,EUR,10,200g,10x10x10\n", encoding="utf-8")
    environ = {f"PARCELRATE_{name}": value for name, value in environ.items()}
    for command in commands:
        print(main(command, environ, sys.stdout, datetime.fromisoformat("2024-03-05T12:00:00+00:00")))
    for path in sorted(Path().rglob("*")):
        if path.is_file() and path.suffix != ".db" and len(path.parts) > 1:
            print(path.as_posix(), path.read_bytes().decode("utf-8"))

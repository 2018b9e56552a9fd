"""Sales operations asks for sales by region, product and period."""

WHO = "an analyst in sales operations"
SUBJECT = "Sales report"
DETAIL = "The file of the steps holds six sales."

CASES = {
    "a whole quarter": ("2024-Q1", (), (), None, ("region", "product"), "revenue"),
    "the first and the last day": ("2024-01-05..2024-02-29", (), (), None, ("day",), "label"),
    "a range that begins a day later": ("2024-01-06..", (), (), None, ("month",), "label"),
    "a range that ends a day earlier": ("..2024-02-28", (), (), None, ("month",), "label"),
    "a region and its parts": ("..", ("EU",), (), None, ("region",), "label"),
    "one part of a region": ("..", ("EU-DE",), (), None, ("region", "week"), "label"),
    "another region": ("..", ("NA",), (), None, ("country", "product"), "orders"),
    "a product": ("..", (), ("LAMP-01",), None, ("product", "status"), "label"),
    "the most units": ("..", (), (), None, ("product",), "units"),
    "the most orders": ("..", (), (), None, ("country",), "orders"),
    "sales of at least 310": ("..", (), (), 31000, ("status",), "label"),
    "sales that are worth something": ("..", (), (), 0, ("status",), "label"),
    "statuses": ("..", (), (), None, ("status",), "label"),
    "quarters": ("..", (), (), None, ("quarter",), "label"),
    "an unknown dimension": ("..", (), (), None, ("planet",), "label"),
    "days, of which five are shown": ("..", (), (), None, ("day", "region"), "label"),
    "an unknown order": ("..", (), (), None, ("product",), "price"),
    "no sales": ("1999", (), (), None, ("region",), "revenue"),
}


def journey(days, regions, products, least, by, order):
    from pathlib import Path
    from ledgerlines import dates, reports, sales

    Path("sales.csv").write_text(
        "Date;Region;Product;Qty;Unit price (EUR);Status\n"
        "2024-01-05;eu-de;LAMP-01;3;49.90;completed\n2024-01-19;EU-FR;lamp-01;1;49.90;returned\n"
        "2024-02-02;NA-US;DESK-20;2 pcs;310.00;shipped\n2024-02-29;;LAMP_2/B;4x;65.00;pending\n"
        "2024-02-29;EUR;DESK-20;1;310.00;Paid\n2024-02-10;EU;;1;9.00;canceled\n",
        encoding="utf-8",
    )
    wanted = sales.SalesFilter(dates.parse_range(days), regions, products, least)
    groups = sales.aggregate_sales(sales.read_sales(Path("sales.csv"), wanted), by)
    ranking = sales.ranked(groups, order, 5)
    print(reports.render_csv(reports.sales_table(ranking, by, "EUR")), end="")
    print([(str(item.first), str(item.last), item.average) for _, item in ranking])

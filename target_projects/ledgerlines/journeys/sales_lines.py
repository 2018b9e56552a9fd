"""The shops send their sales, each in its own way of writing."""

WHO = "a clerk in the shops' back office"
SUBJECT = "Sales line"
DETAIL = "The file of the steps is made anew for each try."

CASES = {
    "commas": ("date,region,product,quantity,unit_price", "2024-03-01,EU,AB1,2,1.50"),
    "semicolons": ("Date;Region;SKU;Qty;Unit price", "2024-03-01;APAC;x;2 units;1,500"),
    "tabs": ("day\tregion\tproduct\tqty\tunit-price (USD)", "1 Mar 2024\tna-7\tDESK_20\t2 pcs.\t1.50"),
    "bars": ("Booked|Region|Product|Qty|Unit  price ()", "20240301|EU-BY1|chair-7/xl2|12X|1.50"),
    "a status": ("date,quantity,unit_price,status", "2024-03-01,1,1.50,Sent"),
    "a paid sale": ("date,quantity,unit_price,status", "2024-03-01,1,1.50,paid"),
    "a pending sale": ("date,quantity,unit_price,status", "2024-03-01,1,1.50, pending "),
    "a cancelled sale": ("date,quantity,unit_price,status", "2024-03-01,1,1.50,cancelled"),
    "a cancelled sale, spelled otherwise": ("date,quantity,unit_price,status", "2024-03-01,1,1.50,canceled"),
    "a returned sale": ("date,quantity,unit_price,status", "2024-03-01,1,1.50,RETURNED"),
    "a lost sale": ("date,quantity,unit_price,status", "2024-03-01,1,1.50,lost"),
    "no quantity": ("date,quantity,unit_price", "2024-03-01,,1.50"),
    "a quantity of zero": ("date,quantity,unit_price", "2024-03-01,0,1.50"),
    "a quantity of one unit": ("date,quantity,unit_price", "2024-03-01,1 Unit,1.50"),
    "a region that is too long": ("date,region,quantity,unit_price", "2024-03-01,EUROPE,1,1.50"),
    "a product without a number": ("date,product,quantity,unit_price", "2024-03-01,LAMP,1,1.50"),
    "a product with a long number": ("date,product,quantity,unit_price", "2024-03-01,CHAIR00001,1,1.50"),
    "a bad date": ("date,quantity,unit_price", "2024-02-30,1,1.50"),
    "a bad price": ("date,quantity,unit_price", "2024-03-01,1,cheap"),
    "a missing column": ("date,unit_price", "2024-03-01,1.50"),
    "two missing columns": ("unit_price", "1.50"),
    "a column twice": ("date,day,quantity,unit_price", "2024-03-01,2024-03-01,1,1.50"),
    "a cell too many": ("date,quantity,unit_price", "2024-03-01,1,1.50,x"),
    "a line break in a cell": ("date,quantity,unit_price,note", '2024-03-01,1,1.50,"a\r\nb"'),
    "a byte order mark": ("\ufeffdate,quantity,unit_price", "2024-03-01,1,1.50"),
    "an empty file": ("", ""),
}


def journey(header, line):
    from pathlib import Path
    from ledgerlines.csvrows import read_rows
    from ledgerlines.sales import COLUMNS, parse_sale

    text = f"{header}\n{line}\n \n{line}\n" if header else ""
    Path("sales.csv").write_text(text, encoding="utf-8", newline="")
    for row in read_rows(Path("sales.csv"), COLUMNS):
        print(row.line, parse_sale(row), repr(row.get("note")))

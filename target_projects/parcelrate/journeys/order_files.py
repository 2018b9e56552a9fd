"""The shop sends a CSV file of orders; accounting gets the good ones as a new file."""

WHO = "an accountant"
SUBJECT = "Order file"
DETAIL = "The file of the steps begins with a byte order mark."

CASES = {
    "one order": ("", ["WEB-1001,de,eur,20,1kg,10x10x10"], ","),
    "orders out of order": ("", ["WEB-1003,DE,EUR,20,1kg,10x10x10", "WEB-1001,DE,EUR,20,1kg,10x10x10", "WEB-1002,DE,EUR,20,1kg,10x10x10"], ","),
    "all columns": (",ZIP,Qty,Flags,Coupon,Ordered", ["web-1001,gb,gbp,20,2 lb,12x8x4in,ze1   0aa,12,signature|Fragile,spring-24,2024-03-05"], ","),
    "all columns empty": (",Zip,qty,flags,coupon,ordered", ["WEB-1001,DE,EUR,20,1kg,10x10x10,,,,, "], ","),
    "yen": ("", ["WEB-1001,JP,JPY,1500,1kg,10x10x10"], ","),
    "half a yen": ("", ["WEB-1001,JP,JPY,2.5,1kg,10x10x10"], ","),
    "a value of 0": ("", ["WEB-1001,DE,EUR,0,1kg,10x10x10", "WEB-1002,DE,EUR,0.00,1kg,10x10x10"], ","),
    "dinars": ("", ["WEB-1001,KW,KWD,2.125,1kg,10x10x10"], ","),
    "semicolons": ("", ["WEB-1001;DE;EUR;20;1kg;10x10x10"], ";"),
    "semicolons where commas are set": ("", ["WEB-1001;DE;EUR;20;1kg;10x10x10"], ","),
    "bars": ("", ["WEB-1001|DE|EUR|1,000|1kg|10x10x10"], "|"),
    "an order twice": ("", ["WEB-1001,DE,EUR,20,1kg,10x10x10", "web-1001,DE,EUR,99,1kg,10x10x10"], ","),
    "empty lines": ("", ["", " , ,", "WEB-1001,DE,EUR,x,1kg,10x10x10"], ","),
    "a bad order between good ones": ("", ["WEB-1001,DE,EUR,20,1kg,10x10x10", "WEB-1002", "WEB-1003,DE,EUR,20,1kg,10x10x10"], ","),
    "no number": ("", [",DE,EUR,20,1kg,10x10x10"], ","),
    "no country": ("", ["WEB-1001, ,EUR,20,1kg,10x10x10"], ","),
    "no size": ("", ["WEB-1001,DE,EUR,20,1kg"], ","),
    "more cells than titles": ("", ["WEB-1001,DE,EUR,20,1kg,10x10x10,x,y"], ","),
    "the shortest numbers": ("", ["AB-123,DE,EUR,20,1kg,10x10x10", "A-123,DE,EUR,20,1kg,10x10x10", "AB-12,DE,EUR,20,1kg,10x10x10"], ","),
    "the longest numbers": ("", ["ABCD-12345678,DE,EUR,20,1kg,10x10x10", "ABCDE-123,DE,EUR,20,1kg,10x10x10", "AB-123456789,DE,EUR,20,1kg,10x10x10"], ","),
    "an amount in words": ("", ["WEB-1001,DE,EUR,few,1kg,10x10x10"], ","),
    "a currency in full": ("", ["WEB-1001,DE,euro,20,1kg,10x10x10"], ","),
    "a weight in tons": ("", ["WEB-1001,DE,EUR,20,1 t,10x10x10"], ","),
    "the most parcels": (",parcels", ["WEB-1001,DE,EUR,20,1kg,10x10x10,999"], ","),
    "too many parcels": (",parcels", ["WEB-1001,DE,EUR,20,1kg,10x10x10,1000"], ","),
    "no parcels": (",parcels", ["WEB-1001,DE,EUR,20,1kg,10x10x10,0"], ","),
    "unknown flags": (",flags", ["WEB-1001,DE,EUR,20,1kg,10x10x10,old|big"], ","),
    "a day that is none": (",ordered", ["WEB-1001,DE,EUR,20,1kg,10x10x10,2023-02-29"], ","),
    "a postcode with an umlaut": (",postcode", ["WEB-1001,DE,EUR,20,1kg,10x10x10,zü 1"], ","),
    "a postcode over two lines": (",postcode", ['WEB-1001,DE,EUR,20,1kg,10x10x10,"A\rB"', "x,DE,EUR,20,1kg,10x10x10"], ","),
    "a weight over two lines": ("", ['WEB-1001,DE,EUR,20,"1\r\nt",10x10x10'], ","),
    "blanks around everything": ("", [" web-1001 , de , eur , 20 , 1 kg , 10 x 10 x 10 cm "], ","),
    "no orders": ("", [], ","),
}


def journey(columns, rows, delimiter):
    from pathlib import Path

    from parcelrate.orders import read_orders, write_orders

    header = f"Order-ID,Country,ccy,Value,Weight,Size{columns}".replace(",", delimiter)
    Path("shop.csv").write_bytes("\n".join(["\ufeff" + header, *rows]).encode())
    orders, problems = read_orders(Path("shop.csv"), delimiter)
    print(problems)
    write_orders(orders, Path("out/2024/orders.csv"))
    print(Path("out/2024/orders.csv").read_bytes().decode())
    print(read_orders(Path("out/2024/orders.csv"))[0] == sorted(orders, key=lambda order: order.id))

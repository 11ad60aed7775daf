"""The same statements by openpyxl (write-only) or XlsxWriter (constant memory).

    statements.py openpyxl|xlsxwriter PEOPLE SAILS DIRECTORY

Writes a workbook for each of so many people, with so many sails each: the cells, formulas and number formats that crewcall
writes (benches/speed/statements/month.rs has the same figures). Prints how long that took, without the start of Python, and
the most memory that the process has had, in KiB.
"""

import datetime
import json
import sys
import time

HEADINGS = (
    "Date|Charter|Vessel|Position|Worked|Paid hours|Rate per hour|By the hour|Per sail|Share of|Share|Share paid|"
    "Gratuity|Total|Rule|Accepted"
).split("|")
WIDTHS = [11, 14, 13, 11, 8, 8, 9, 10, 10, 11, 8, 10, 10, 11, 7, 40]
MONEY, HOURS, PERCENT, DATE = "#,##0.00;-#,##0.00", "[h]:mm", "0.00##%", "yyyy-mm-dd"
FORMATS = [DATE, "@", "@", "@", HOURS, HOURS] + [MONEY] * 4 + [PERCENT] + [MONEY] * 3 + ["@", "@"]
RULES = [
    "Rule 1: captain: 50.00 a sail, 22.50 an hour, 5% of the revenue after the channel fee (from 2026-01-01)",
    "Rule 2: standard: the gratuity is split equally (from 2026-01-01)",
    "Amounts are rounded to the cent once, half a cent away from nothing; a gratuity is split so that its cents add up. "
    "A sail belongs to the month in which it departs.",
]
ABOARD = 5


def line(who, no, row):
    """The cells of one sail, and what they come to in cents."""
    seed = no * 31 + who * 7
    minutes, rate = 180 + 15 * (seed % 9), 2250 + seed % 400
    base, worked = 130500 + 37 * (seed % 1000), 178 + seed % 240
    hourly, share, gratuity = (2 * minutes * rate + 60) // 120, (2 * base * 50000 + 1000000) // 2000000, 1833 + seed % 100
    charter = who // ABOARD * 1000000 + no
    cells = [
        datetime.date(2026, 6, 1 + no % 28),
        f"charter_{charter}",
        ("America", "Daisy", "Stars and Stripes")[charter % 3],
        "deckhand" if who % ABOARD else "captain",
        worked / 1440,
        minutes / 1440,
        rate / 100,
        f"=ROUND(ROUND(F{row}*1440,0)*ROUND(G{row}*100,0)/60,0)/100",
        50.0,
        base / 100,
        0.05,
        f"=ROUND(ROUND(J{row}*100,0)*ROUND(K{row}*1000000,0)/1000000,0)/100",
        gratuity / 100,
        f"=ROUND(H{row}+I{row}+L{row}+M{row},2)",
        "1, 2",
        f"accepted Wed 20 May 2026, 09:12 PDT, event {4 + no % 9}",
    ]
    return cells, (worked, minutes, hourly, 5000, share, gratuity)


def rows(who, sails):
    """All rows: cells, and what each formula comes to, by column."""
    title = f"Statement for June 2026, Dana Reyes {who}"
    yield [title], {}
    yield ["Harbor Sails, draft, not approved: figures may still change; amounts in USD"], {}
    yield [], {}
    yield HEADINGS, {}
    sums = [0] * 6
    for no in range(sails):
        cells, amounts = line(who, no, no + 5)
        sums = [one + other for one, other in zip(sums, amounts)]
        yield cells, {7: amounts[2] / 100, 11: amounts[4] / 100, 13: sum(amounts[2:]) / 100}
    last = sails + 4
    total = sum(sums[2:]) / 100
    columns = {4: sums[0] / 1440, 5: sums[1] / 1440, 7: sums[2] / 100, 8: sums[3] / 100, 11: sums[4] / 100, 12: sums[5] / 100, 13: total}
    cells = ["Sails"] + [None] * 13
    for column in columns:
        letter = "ABCDEFGHIJKLMN"[column]
        places = "*1440,0)/1440" if column in (4, 5) else ",2)"
        cells[column] = f"=ROUND(SUM({letter}5:{letter}{last}){places}"
    yield cells, columns
    yield [], {}
    wide = [None] * 12
    yield ["To be paid", *wide, f"=MAX(0,ROUND(N{last + 1},2))"], {13: total}
    yield ["Earlier in 2026", *wide, 12345.67], {}
    yield ["Year to date", *wide, f"=ROUND(N{last + 3}+N{last + 4},2)"], {13: total + 12345.67}
    yield [], {}
    for words in RULES:
        yield [words], {}


def by_openpyxl(who, sails, path):
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell

    book = Workbook(write_only=True)
    sheet = book.create_sheet("Statement")
    for column, width in zip("ABCDEFGHIJKLMNOP", WIDTHS):
        sheet.column_dimensions[column].width = width
    sheet.freeze_panes = "A5"
    for cells, _ in rows(who, sails):
        made = []
        for value, form in zip(cells, FORMATS):
            cell = WriteOnlyCell(sheet, value=value)
            cell.number_format = form
            made.append(cell)
        sheet.append(made)
    book.save(path)


def by_xlsxwriter(who, sails, path):
    import xlsxwriter

    book = xlsxwriter.Workbook(path, {"constant_memory": True})
    sheet = book.add_worksheet("Statement")
    forms = {form: book.add_format({"num_format": form}) for form in set(FORMATS)}
    for column, width in enumerate(WIDTHS):
        sheet.set_column(column, column, width)
    sheet.freeze_panes(4, 0)
    for number, (cells, results) in enumerate(rows(who, sails)):
        for column, value in enumerate(cells):
            form = forms[FORMATS[column]]
            if value is None:
                continue
            if column in results:
                sheet.write_formula(number, column, value, form, results[column])
            elif isinstance(value, str):
                sheet.write_string(number, column, value, form)
            elif isinstance(value, datetime.date):
                sheet.write_datetime(number, column, value, form)
            else:
                sheet.write_number(number, column, value, form)
    book.close()


def main():
    name, people, sails, directory = sys.argv[1:]
    write = {"openpyxl": by_openpyxl, "xlsxwriter": by_xlsxwriter}[name]
    if name == "openpyxl":
        import openpyxl  # noqa: F401
    else:
        import xlsxwriter  # noqa: F401
    begun = time.perf_counter()
    for who in range(int(people)):
        write(who, int(sails), f"{directory}/{name}-{who}.xlsx")
    seconds = time.perf_counter() - begun
    json.dump({"seconds": seconds, "kib": peak()}, sys.stdout)


def peak():
    """Of this program alone: what getrusage says begins with the memory of the one that started it."""
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmHWM:"))


main()

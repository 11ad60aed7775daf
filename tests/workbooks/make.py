#!/usr/bin/env python3
"""Writes the workbooks of this directory and, beside each, what it means (see README.md).

    python3 -m venv venv && venv/bin/pip install openpyxl==3.1.5
    venv/bin/python make.py

Run it again and the files come out byte for byte the same.
Nothing here reads a sheet to find out what it says: each value stands beside its meaning.
"""

import datetime
import io
import json
import pathlib
import re
import zipfile
from xml.sax.saxutils import escape

from openpyxl import Workbook, load_workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import column_index_from_string as colnum
from openpyxl.utils import get_column_letter as col
from openpyxl.worksheet.datavalidation import DataValidation

HERE = pathlib.Path(__file__).resolve().parent
TODAY = "2026-05-20"
FIXED = datetime.datetime(2026, 5, 20, 9, 0, 0)

ASK = "ask"
YES = "available"
NO = "unavailable"
AM = "within 00:00-12:00"
PM = "within 12:00-24:00"
FROM2 = "within 14:00-24:00"
TO5 = "within 00:00-17:00"
NINE5 = "within 09:00-17:00"
EIGHT12 = "within 08:00-12:00"

# One letter a day in the rows below: what is typed, and what it means. "." is a blank cell.
PLAIN = {
    "Y": ("Y", YES),
    "N": ("N", NO),
    "y": ("y", YES),
    "n": ("n", NO),
    "e": ("yes", YES),
    "o": ("no", NO),
    "A": ("AM only", AM),
    "P": ("PM", PM),
    "2": ("after 2", FROM2),
    "5": ("until 5", TO5),
    "9": ("9-5", NINE5),
    "?": ("?", ASK),
    "M": ("maybe", ASK),
    "x": ("x", ASK),
}
TICKS = {**PLAIN, "Y": ("✓", YES), "N": ("✗", NO)}
ONES = {**PLAIN, "Y": (1, YES), "N": (0, NO)}
WORDS = {**PLAIN, "Y": ("yes", YES), "N": ("no", NO)}
LONG = {**PLAIN, "Y": ("Available", YES), "N": ("Unavailable", NO)}
SHORT = {**PLAIN, "Y": ("ok", YES), "N": ("off", NO)}
DASH = {**PLAIN, "Y": ("Y", YES), "N": ("-", NO)}

BOLD = Font(bold=True)
GREEN = PatternFill("solid", fgColor="FF92D050")
RED = PatternFill("solid", fgColor="FFFF7C80")
GREY = PatternFill("solid", fgColor="FFD9D9D9")


def day(year, month, first, last):
    return [f"{year:04}-{month:02}-{d:02}" for d in range(first, last + 1)]


class Book:
    """A workbook and its truth."""

    def __init__(self, name, about):
        self.name = name
        self.wb = Workbook()
        self.wb.remove(self.wb.active)
        self.truth = {"about": about, "today": TODAY, "roster": {}, "months": {}, "neither": []}
        self.cached = {}  # tab -> {cell: what the formula last gave}
        self.raw = {}  # tab -> {cell: the digits as they stand in the file}

    def sheet(self, title):
        return self.wb.create_sheet(title)

    def neither(self, title):
        self.truth["neither"].append(title)
        return self.sheet(title)

    def roster(self, title):
        ws = self.sheet(title)
        self.truth["roster"][title] = {}
        return ws

    def person(self, ws, row, values, truth):
        for i, value in enumerate(values, 1):
            if value is not None:
                ws.cell(row, i, value)
        self.truth["roster"][ws.title][str(row)] = truth

    def month(self, title):
        return Month(self, self.sheet(title))

    def asked_tab(self, title):
        self.truth["months"][title] = ASK
        return self.sheet(title)

    def formula(self, ws, cell, text, result):
        ws[cell] = text
        self.cached.setdefault(ws.title, {})[cell] = result

    def text(self, ws, cell, value):
        """Text that begins as a formula does."""
        ws[cell] = value
        ws[cell].data_type = "s"
        ws[cell].quotePrefix = True

    def save(self):
        self.wb.properties.creator = "office"
        self.wb.properties.lastModifiedBy = "office"
        self.wb.properties.created = FIXED
        buffer = io.BytesIO()
        self.wb.save(buffer)
        tabs = {f"xl/worksheets/sheet{i}.xml": t for i, t in enumerate(self.wb.sheetnames, 1)}
        out = io.BytesIO()
        with zipfile.ZipFile(buffer) as old, zipfile.ZipFile(out, "w") as new:
            for info in old.infolist():
                data = old.read(info)
                if info.filename == "docProps/core.xml":
                    stamp = FIXED.strftime("%Y-%m-%dT%H:%M:%SZ").encode()
                    data = re.sub(rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>" + stamp, data)
                if info.filename in tabs:
                    data = self.patch(tabs[info.filename], data.decode()).encode()
                fixed = zipfile.ZipInfo(info.filename, (2026, 5, 20, 9, 0, 0))
                fixed.compress_type = zipfile.ZIP_DEFLATED
                fixed.create_system = 3
                fixed.external_attr = 0o600 << 16
                new.writestr(fixed, data, compresslevel=6)
        (HERE / f"{self.name}.xlsx").write_bytes(out.getvalue())
        self.truth["neither"].sort()
        text = json.dumps(self.truth, indent=2, sort_keys=True, ensure_ascii=False) + "\n"
        (HERE / f"{self.name}.json").write_text(text, encoding="utf-8")

    def patch(self, title, xml):
        """Puts in what openpyxl cannot write: results of formulas, and digits as they are."""
        for cell, result in self.cached.get(title, {}).items():
            form = re.compile(rf'<c r="{cell}"((?: s="\d+")?)(?: t="\w+")?><f>(.*?)</f><v ?/?>(?:</v>)?</c>')
            kind = ' t="str"' if isinstance(result, str) else ""
            value = escape(result) if isinstance(result, str) else repr(result)
            xml, n = form.subn(rf'<c r="{cell}"\1{kind}><f>\2</f><v>{value}</v></c>', xml)
            assert n == 1, (self.name, title, cell, n)
        for cell, digits in self.raw.get(title, {}).items():
            form = re.compile(rf'(<c r="{cell}"[^>]*><v>)[^<]*(</v></c>)')
            xml, n = form.subn(rf"\g<1>{digits}\g<2>", xml)
            assert n == 1, (self.name, title, cell, n)
        return xml


class Month:
    """A tab with availability, and what it says."""

    def __init__(self, book, ws):
        self.book, self.ws = book, ws
        self.people, self.dates, self.cells = {}, {}, {}
        book.truth["months"][ws.title] = {"people": self.people, "dates": self.dates, "cells": self.cells}

    def head(self, row, first, values, dates, form=None):
        """Day columns from `first` on: what stands there, and which day it is."""
        assert len(values) == len(dates), (self.book.name, len(values), len(dates))
        for i, (value, date) in enumerate(zip(values, dates)):
            column = col(colnum(first) + i)
            cell = self.ws[f"{column}{row}"]
            cell.value = value
            cell.font = BOLD
            if form:
                cell.number_format = form
            assert column not in self.dates, (self.book.name, column)
            self.dates[column] = date

    def row(self, row, lead, who, first, days, words=PLAIN, block=None, odd=None):
        """A row of days. `lead` are the cells before, from column A on (or from column `block` on); `odd` are
        days that do not keep to the letters: number of the column in `days` -> (what is typed, meaning)."""
        start = colnum(block) if block else 1
        for i, value in enumerate(lead):
            if value is not None:
                self.ws.cell(row, start + i, value)
        self.people[f"{block or ''}{row}"] = who
        for i, letter in enumerate(days):
            if letter == ".":
                continue
            value, means = words[letter]
            self.cell(f"{col(colnum(first) + i)}{row}", value, means, who)
        for i, (value, means) in (odd or {}).items():
            self.cell(f"{col(colnum(first) + i)}{row}", value, means, who)

    def list(self, row, lead, who, first, pairs):
        """A row of days, each with its own meaning."""
        self.row(row, lead, who, first, "", odd={i: p for i, p in enumerate(pairs) if p})

    def cell(self, coord, value, means, who):
        self.ws[coord] = value
        column = re.match(r"[A-Z]+", coord).group()
        if who == ASK or self.dates.get(column, ASK) == ASK or means is None:
            self.cells.pop(coord, None)
        else:
            self.cells[coord] = means


# ----------------------------------------------------------------------------------------------------------------
def plain():
    b = Book("01-plain", "Nothing is messy here: one roster, one month, one word a cell.")
    ws = b.roster("Roster")
    ws.append(["Name", "Rank", "Order", "Phone", "Email", "Usual crew"])
    b.person(ws, 2, ["Dana Reyes", "captain", 1, "+1-619-555-0142", "dana@example.com", "Lee Park, Maya Okafor"],
             {"name": "Dana Reyes", "rank": "captain", "order": 1, "phone": "+1-619-555-0142",
              "email": "dana@example.com", "usual_crew": ["Lee Park", "Maya Okafor"]})
    b.person(ws, 3, ["Gene Hart", "captain", 2, "+1-619-555-0143", "gene@example.com", "Tom Baird"],
             {"name": "Gene Hart", "rank": "captain", "order": 2, "phone": "+1-619-555-0143",
              "email": "gene@example.com", "usual_crew": ["Tom Baird"]})
    b.person(ws, 4, ["Ines Caldeira", "captain", 3, "+1-619-555-0144", "ines@example.com"],
             {"name": "Ines Caldeira", "rank": "captain", "order": 3, "phone": "+1-619-555-0144",
              "email": "ines@example.com"})
    b.person(ws, 5, ["Ruth Amsel", "mate", 1, "+1-619-555-0145", "ruth@example.com"],
             {"name": "Ruth Amsel", "rank": "mate", "order": 1, "phone": "+1-619-555-0145",
              "email": "ruth@example.com"})
    b.person(ws, 6, ["Lee Park", "deckhand", 1, "+1-619-555-0146", "lee@example.com"],
             {"name": "Lee Park", "rank": "deckhand", "order": 1, "phone": "+1-619-555-0146",
              "email": "lee@example.com"})
    b.person(ws, 7, ["Tom Baird", "deckhand", 2, "+1-619-555-0147", "tom@example.com"],
             {"name": "Tom Baird", "rank": "deckhand", "order": 2, "phone": "+1-619-555-0147",
              "email": "tom@example.com"})
    b.person(ws, 8, ["Pete Novak", "deckhand", 3, "+1-619-555-0148", "pete@example.com"],
             {"name": "Pete Novak", "rank": "deckhand", "order": 3, "phone": "+1-619-555-0148",
              "email": "pete@example.com"})
    b.person(ws, 9, ["Maya Okafor", "host", 1, "+1-619-555-0149", "maya@example.com"],
             {"name": "Maya Okafor", "rank": "host", "order": 1, "phone": "+1-619-555-0149",
              "email": "maya@example.com"})

    m = b.month("June Availability")
    m.ws["A1"] = "Name"
    m.head(1, "B", [f"6/{d}" for d in range(1, 31)], day(2026, 6, 1, 30))
    #                                          1  .  .  .  . 8  .  .  .  .15  .  .  .  .22  .  .  .  .29
    m.row(2, ["Dana Reyes"], "Dana Reyes", "B", "YYYYYNNYYYYYNNYYYYYNNYYYYYNNYY")
    m.row(3, ["Lee Park"], "Lee Park", "B", "YYYYYYYYYYYYYYNNNNNNNYYYYYYYYY")
    m.row(4, ["Maya Okafor"], "Maya Okafor", "B", "....YYY....YYY....YYY....YYY..")
    m.row(5, ["Gene Hart"], "Gene Hart", "B", "NNNNNYYNNNNNYYNNNNNYYNNNNNYYNN")
    m.row(6, ["Tom Baird"], "Tom Baird", "B", "AAAAAYYAAAAAYYAAAAAYYAAAAAYY..")
    m.row(7, ["Ines Caldeira"], "Ines Caldeira", "B", "YNYNYNYNYNYNYNYNYNYNYNYNYNYNYN")
    m.row(8, ["Ruth Amsel"], "Ruth Amsel", "B", "YYYNNNNYYYNNNNYYYNNNNYYYNNNNYY")
    m.row(9, ["Pete Novak"], "Pete Novak", "B", "..............YYYYYYYYYYYYYYYY")
    m.ws.freeze_panes = "B2"
    b.save()


# ----------------------------------------------------------------------------------------------------------------
def title_rows():
    b = Book("02-title-rows",
             "Titles, blank rows, totals and remarks around the tables; a merged month heading over bare day numbers, "
             "with the weekdays in a row above or below; one rank merged down over three captains.")
    ws = b.roster("Roster")
    ws["A1"] = "CREW LIST, SEASON 2026"
    ws["A1"].font = Font(bold=True, size=16)
    ws.merge_cells("A1:F1")
    ws["A3"] = "updated 5/12 - tell Jo if something is wrong"
    for i, head in enumerate(["Rank", "Name", "Order", "Mobile", "Email", "Pairs with"], 1):
        ws.cell(5, i, head).font = BOLD
    b.person(ws, 6, ["Captain", "Walt Ibsen", 1, "(207) 555-0110", "walt@example.com", "Nina Corso"],
             {"name": "Walt Ibsen", "rank": "captain", "order": 1, "phone": "+1-207-555-0110",
              "email": "walt@example.com", "usual_crew": ["Nina Corso"]})
    b.person(ws, 7, [None, "Olive Tran", 2, "(207) 555-0111", "olive@example.com", "Jesse Quill"],
             {"name": "Olive Tran", "rank": "captain", "order": 2, "phone": "+1-207-555-0111",
              "email": "olive@example.com", "usual_crew": ["Jesse Quill"]})
    b.person(ws, 8, [None, "Hank Morrow", 3, "(207) 555-0112", "hank@example.com"],
             {"name": "Hank Morrow", "rank": "captain", "order": 3, "phone": "+1-207-555-0112",
              "email": "hank@example.com"})
    ws.merge_cells("A6:A8")
    ws["A6"].alignment = Alignment(vertical="center")
    b.person(ws, 10, ["Deckhand", "Nina Corso", 1, "(207) 555-0113", "nina@example.com"],
             {"name": "Nina Corso", "rank": "deckhand", "order": 1, "phone": "+1-207-555-0113",
              "email": "nina@example.com"})
    b.person(ws, 11, ["Deckhand", "Jesse Quill", 2, "(207) 555-0114", "jesse@example.com"],
             {"name": "Jesse Quill", "rank": "deckhand", "order": 2, "phone": "+1-207-555-0114",
              "email": "jesse@example.com"})
    b.person(ws, 13, ["Host", "Gloria Baptist", 1, "(207) 555-0115", "gloria@example.com"],
             {"name": "Gloria Baptist", "rank": "host", "order": 1, "phone": "+1-207-555-0115",
              "email": "gloria@example.com"})
    ws["A16"] = "Remarks"
    ws["A17"] = "Captains are called in order, the crew only when there is a captain."
    ws["A18"] = "6 people"

    m = b.month("June 2026")
    m.ws["A1"] = "AVAILABILITY - please fill in by the 25th"
    m.ws.merge_cells("A1:AF1")
    m.ws["C3"] = "June 2026"
    m.ws["C3"].alignment = Alignment(horizontal="center")
    m.ws.merge_cells("C3:AF3")
    week = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
    for d in range(30):
        m.ws.cell(4, 3 + d, week[d % 7])
    m.ws["A5"], m.ws["B5"] = "Name", "Rank"
    m.head(5, "C", list(range(1, 31)), day(2026, 6, 1, 30))
    #                                                      1      8      15     22     29
    m.row(6, ["Walt Ibsen", "Captain"], "Walt Ibsen", "C", "YYYYY..YYYYY..YYYYY..YYYYY..YY")
    m.row(7, ["Nina Corso", "Deckhand"], "Nina Corso", "C", "YYYYYYYYYYYYYYYYYYYYYNNNNNNNNN")
    m.row(9, ["Olive Tran", "Captain"], "Olive Tran", "C", "NNNNNYYNNNNNYYNNNNNYYNNNNNYYNN")
    m.row(10, ["Jesse Quill", "Deckhand"], "Jesse Quill", "C", "....YYY....YYY....YYY....YYY..")
    m.row(12, ["Hank Morrow", "Captain"], "Hank Morrow", "C", "..............................")
    m.row(13, ["Gloria Baptist", "Host"], "Gloria Baptist", "C", "PPPPPYYPPPPPYYNNNNNNNPPPPPYYPP")
    m.ws["A15"] = "Total available"
    totals = [0] * 30
    for text in ("YYYYY..YYYYY..YYYYY..YYYYY..YY", "YYYYYYYYYYYYYYYYYYYYYNNNNNNNNN",
                 "NNNNNYYNNNNNYYNNNNNYYNNNNNYYNN", "....YYY....YYY....YYY....YYY..",
                 "PPPPPYYPPPPPYYNNNNNNNPPPPPYYPP"):
        totals = [t + (letter == "Y") for t, letter in zip(totals, text)]
    for d in range(30):
        c = col(3 + d)
        b.formula(m.ws, f"{c}15", f'=COUNTIF({c}6:{c}13,"Y")', totals[d])
    m.ws["A17"] = "Remarks:"
    m.ws["A18"] = "Walt never sails on weekends."
    m.ws["A19"] = "Olive is in Boston from Monday to Friday, so weekends only."
    m.ws["A20"] = "Hank has not answered yet!"
    m.ws["D20"] = "rang him 5/18"

    m = b.month("Jul 2026")
    m.ws["B1"] = "July 2026"
    m.ws.merge_cells("B1:AF1")
    m.ws["A2"] = "Crew"
    m.head(2, "B", list(range(1, 32)), day(2026, 7, 1, 31))
    letters = ["W", "T", "F", "S", "S", "M", "T"]
    for d in range(31):
        m.ws.cell(3, 2 + d, letters[d % 7])
    #                                           1      8      15     22     29
    m.row(4, ["Walt Ibsen"], "Walt Ibsen", "B", "YYY..YYYYY..YYYYY..YYYYY..YYYYY")
    m.row(5, ["Nina Corso"], "Nina Corso", "B", "NNNNNNNNNNNNNNYYYYYYYYYYYYYYYYY")
    m.row(7, ["Olive Tran"], "Olive Tran", "B", "...YY.....YY.....YY.....YY.....")
    m.row(8, ["Jesse Quill"], "Jesse Quill", "B", "..YYY....YYY....YYY....YYY....Y")
    m.row(10, ["Gloria Baptist"], "Gloria Baptist", "B", "PPPYYPPPPPYYPPPPPYYPPPPPYYPPPPP")
    m.ws["A13"] = "4 July: all boats out, ask everybody"
    b.save()


# ----------------------------------------------------------------------------------------------------------------
def mixed_dates():
    b = Book("03-mixed-dates",
             "Each header date is written another way: real dates in several formats, dates from formulas, and text "
             "with or without month, weekday and year.")
    ws = b.roster("Roster")
    ws.append(["Name", "Rank", "Order", "Phone", "E-mail", "Usual crew"])
    b.person(ws, 2, ["Tess Albright", "captain", 1, "410-555-0120", "tess@example.com", "Omar Diaz / Kim Larsen"],
             {"name": "Tess Albright", "rank": "captain", "order": 1, "phone": "+1-410-555-0120",
              "email": "tess@example.com", "usual_crew": ["Omar Diaz", "Kim Larsen"]})
    b.person(ws, 3, ["Rolf Maddox", "captain", 2, "410-555-0121", "rolf@example.com"],
             {"name": "Rolf Maddox", "rank": "captain", "order": 2, "phone": "+1-410-555-0121",
              "email": "rolf@example.com"})
    b.person(ws, 4, ["Omar Diaz", "deckhand", 1, "410-555-0122", "omar@example.com"],
             {"name": "Omar Diaz", "rank": "deckhand", "order": 1, "phone": "+1-410-555-0122",
              "email": "omar@example.com"})
    b.person(ws, 5, ["Kim Larsen", "host", 1, "410-555-0123", "kim@example.com"],
             {"name": "Kim Larsen", "rank": "host", "order": 1, "phone": "+1-410-555-0123",
              "email": "kim@example.com"})

    m = b.month("June Availability")
    d = datetime.date
    m.ws["A1"] = "Name"
    m.head(1, "B", [
        d(2026, 6, 1), None, None, d(2026, 6, 4), d(2026, 6, 5), "6/6", "Sun 7", "8-Jun", "June 9", "10 June",
        "2026-06-11", "6/12/26", d(2026, 6, 13), d(2026, 6, 14), "Mon 15", "16-Jun", "Jun 17", "6/18", "Fri 6/19",
        "6/20/2026", d(2026, 6, 21), d(2026, 6, 22), "23-Jun ", "JUNE 24", "25-jun", "Fri 26", "6/27", " Sun 28",
        d(2026, 6, 29), None,
    ], day(2026, 6, 1, 30))
    for cell, form in [("B1", "d-mmm"), ("C1", "d-mmm"), ("D1", "d-mmm"), ("E1", "ddd d"), ("F1", "ddd d"),
                       ("N1", "d-mmm"), ("O1", "m/d/yyyy"), ("V1", "mmm d"), ("W1", "ddd d"), ("AD1", "d-mmm"),
                       ("AE1", "d-mmm")]:
        m.ws[cell].number_format = form
    b.formula(m.ws, "C1", "=B1+1", 46175)  # 2 June 2026
    b.formula(m.ws, "D1", "=C1+1", 46176)
    b.formula(m.ws, "AE1", "=AD1+1", 46203)  # 30 June 2026
    #                                                1         11        21
    m.row(2, ["Tess Albright"], "Tess Albright", "B", "YYYYNNNYYYYYNNYYYY.NNYYYYYNNYY")
    m.row(3, ["Omar Diaz"], "Omar Diaz", "B", "NYNYNYNYNYNYNYNYNYNYNYNYNYNYNY")
    m.row(4, ["Kim Larsen"], "Kim Larsen", "B", "55555YY55555YY55555YY55555YY55")
    m.row(5, ["Rolf Maddox"], "Rolf Maddox", "B", "..YYY...YYY...YYY...YYY...YYY.")

    m = b.month("Aug-Sep 2026")
    m.ws["A1"] = "end of the season"
    m.ws["A2"] = "Crew"
    m.head(2, "B", ["Fri 8/28", "8/29", "30-Aug", "Aug 31", "September 1", "Sept 2", "9/3/26", d(2026, 9, 4), None,
                    "Sun 9/6"],
           day(2026, 8, 28, 31) + day(2026, 9, 1, 6))
    m.ws["I2"].number_format = "ddd d"
    m.ws["J2"].number_format = "ddd d"
    b.formula(m.ws, "J2", "=I2+1", 46270)  # 5 September 2026
    m.row(3, ["Tess Albright"], "Tess Albright", "B", "YYYNNNNYYY")
    m.row(4, ["Omar Diaz"], "Omar Diaz", "B", "NNYYYYYYNN")
    m.row(5, ["Kim Larsen"], "Kim Larsen", "B", "YYY....YYY")
    m.row(6, ["Rolf Maddox"], "Rolf Maddox", "B", "22YY.22NYY")
    b.save()


# ----------------------------------------------------------------------------------------------------------------
def serials():
    b = Book("04-serials",
             "Header dates are bare serial numbers, two months in one tab under merged headings, 30 people by 62 days, "
             "each with their own way to say yes and no; a second tab has May and June in one row of day numbers.")
    ws = b.roster("Roster")
    ws.append(["Name", "Rank", "Order", "Phone", "Email"])
    # name, e-mail, rank as written, rank, order, last digits of the phone, a week from Wednesday on, way of writing,
    # days that differ (numbered from 1 July = 0)
    crew = [
        ("Abe Lockhart", "abe", "captain", "captain", 1, "00", "YYYYYYY", PLAIN, {30: "N", 31: "N", 32: "N"}),
        ("Brigid Sloan", "brigid", "Captain", "captain", 2, "01", "NNYYYNN", PLAIN, {3: "N"}),
        ("Cal Whitcomb", "cal", "Capt.", "captain", 3, "02", "YYYNNYY", WORDS, {10: "Y", 11: "Y"}),
        ("Dot Farrow", "dot", "capt", "captain", 4, "03", "..YYY..", TICKS, {}),
        ("Ewan Birch", "ewan", "CPT", "captain", 5, "04", "NNNYYNN", ONES, {20: "Y", 21: "Y"}),
        ("Faye Delgado", "faye", "skipper", "captain", 6, "05", "AAAYYAA", PLAIN, {}),
        ("Gus Hollis", "gus", "Skipper", "captain", 7, "06", "YNYNYNY", DASH, {}),
        ("Hilda Marsh", "hilda", "captain ", "captain", 8, "07", ".......", PLAIN, {17: "Y", 18: "Y", 45: "Y"}),
        ("Ivan Prouty", "ivan", "mate", "mate", 1, "08", "YYYYYNN", LONG, {}),
        ("Jill Kemper", "jill", "First mate", "mate", 2, "09", "YYNNNYY", SHORT, {}),
        ("Ken Asher", "ken", "1st Mate", "mate", 3, "10", "PPPYYPP", WORDS, {5: "N"}),
        ("Lana Brook", "lana", "MATE", "mate", 4, "11", "NNNYY..", PLAIN, {}),
        ("Milo Stroud", "milo", "first mate", "mate", 5, "12", "YY.YYYY", TICKS, {}),
        ("Nora Quist", "nora", "deckhand", "deckhand", 1, "13", "YYYYYYN", PLAIN, {}),
        ("Oren Tuttle", "oren", "deck hand", "deckhand", 2, "14", "NYYYYYN", ONES, {}),
        ("Pia Vester", "pia", "Deck-hand", "deckhand", 3, "15", "999YY99", PLAIN, {}),
        ("Quinn Adair", "quinn", "Deckhand", "deckhand", 4, "16", "YYYYYYY", SHORT, {6: "N", 7: "N", 8: "N"}),
        ("Rosa Imhof", "rosa", "deckhand", "deckhand", 5, "17", "22222YY", PLAIN, {}),
        ("Seth Coburn", "seth", "deckhand", "deckhand", 6, "18", "NNNNNNN", DASH, {3: "Y", 4: "Y"}),
        ("Tara Nyberg", "tara", "DECKHAND", "deckhand", 7, "19", "YYYNNNN", LONG, {}),
        ("Ulf Renner", "ulf", "deckhand", "deckhand", 8, "20", "...YYYY", TICKS, {}),
        ("Vera Mullins", "vera", "deckhand", "deckhand", 9, "21", "YYYY??Y", PLAIN, {}),
        ("Wes Calloway", "wes", "deck hand", "deckhand", 10, "22", "Y.Y.Y.Y", WORDS, {}),
        ("Xenia Roth", "xenia", "deckhand", "deckhand", 11, "23", "MYYYYYM", PLAIN, {}),
        ("Yusuf Banner", "yusuf", "deckhand", "deckhand", 12, "24", "YYYYYYY", ONES, {40: ".", 41: ".", 42: "."}),
        ("Zelda Crane", "zelda", "host", "host", 1, "25", "YYYYYNN", PLAIN, {}),
        ("Amos Finch", "amos", "Host", "host", 2, "26", "NNNYYNN", WORDS, {}),
        ("Bonnie Tate", "bonnie", "host", "host", 3, "27", "55YYY55", PLAIN, {}),
        ("Cyrus Wolfe", "cyrus", "HOST", "host", 4, "28", "xxYYYxx", PLAIN, {}),
        ("Della Horne", "della", "host", "host", 5, "29", "YYYYYYY", LONG, {61: "N"}),
    ]
    for row, (name, mail, written, rank, order, phone, *_) in enumerate(crew, 2):
        b.person(ws, row, [name, written, order, f"858-555-01{phone}", f"{mail}@example.com"],
                 {"name": name, "rank": rank, "order": order, "phone": f"+1-858-555-01{phone}",
                  "email": f"{mail}@example.com"})

    m = b.month("Summer 2026")
    m.ws["C1"], m.ws["AH1"] = "July", "August"
    m.ws.merge_cells("C1:AG1")
    m.ws.merge_cells("AH1:BL1")
    m.ws["A2"], m.ws["B2"] = "Name", "Rank"
    # 46204 is 1 July 2026, 46265 is 31 August 2026
    m.head(2, "C", list(range(46204, 46266)), day(2026, 7, 1, 31) + day(2026, 8, 1, 31), "General")
    for row, (name, _, written, _, _, _, week, words, other) in enumerate(crew, 3):
        days = list((week * 9)[:62])
        for i, letter in other.items():
            days[i] = letter
        m.row(row, [name, written], name, "C", "".join(days), words)

    m = b.month("May-June")
    m.ws["B1"], m.ws["I1"] = "May 2026", "June 2026"
    m.ws.merge_cells("B1:H1")
    m.ws.merge_cells("I1:V1")
    m.ws["A2"] = "Name"
    m.head(2, "B", list(range(25, 32)) + list(range(1, 15)), day(2026, 5, 25, 31) + day(2026, 6, 1, 14))
    #                                              25     1      8
    m.row(3, ["Abe Lockhart"], "Abe Lockhart", "B", "YYYYYNNYYYYYNNYYYYYYY")
    m.row(4, ["Nora Quist"], "Nora Quist", "B", "NNYYYYYNNYYYYYNNYYYYY")
    m.row(5, ["Brigid Sloan"], "Brigid Sloan", "B", ".......YYY....YYY....")
    m.row(6, ["Zelda Crane"], "Zelda Crane", "B", "YYYYYYYNNNNNNNYYYYYYY")
    m.row(7, ["Oren Tuttle"], "Oren Tuttle", "B", "YYNNYYYYYNNYYYYYNNYYY", ONES)
    b.save()


# ----------------------------------------------------------------------------------------------------------------
def wrong_weekdays():
    b = Book("05-wrong-weekdays",
             "Some weekdays do not fit their dates because the header was copied from last year, one date stands twice, "
             "June has a 31st, and two header cells are dates of last year in a tab of this one.")
    ws = b.roster("Roster")
    ws.append(["Name", "Rank", "Order", "Phone", "Email", "Usual crew"])
    b.person(ws, 2, ["Carmen Holt", "captain", 1, "619-555-0130", "carmen@example.com", "Bram Tolliver"],
             {"name": "Carmen Holt", "rank": "captain", "order": 1, "phone": "+1-619-555-0130",
              "email": "carmen@example.com", "usual_crew": ["Bram Tolliver"]})
    b.person(ws, 3, ["Niles Garvey", "captain", 2, "619-555-0131", "niles@example.com"],
             {"name": "Niles Garvey", "rank": "captain", "order": 2, "phone": "+1-619-555-0131",
              "email": "niles@example.com"})
    b.person(ws, 4, ["Bram Tolliver", "deckhand", 1, "619-555-0132", "bram@example.com"],
             {"name": "Bram Tolliver", "rank": "deckhand", "order": 1, "phone": "+1-619-555-0132",
              "email": "bram@example.com"})
    b.person(ws, 5, ["Effie Lund", "host", 1, "619-555-0133", "effie@example.com"],
             {"name": "Effie Lund", "rank": "host", "order": 1, "phone": "+1-619-555-0133",
              "email": "effie@example.com"})

    m = b.month("June 2026")
    m.ws["A1"] = "June availability"
    m.ws["A2"] = "Name"
    d = datetime.date
    m.head(2, "B",
           ["Mon 1", "Tue 2", "Wed 3", "Thu 4", "Fri 5", "Sat 6", "Sun 7",
            "Mon 8", "Tue 9", "Wed 10", "Thu 11", "Fri 12", "Sat 13", "Sun 14"],
           day(2026, 6, 1, 14))
    # as it was in 2025: the 15th of June 2026 is a Monday
    m.head(2, "P", ["Sun 15", "Mon 16", "Tue 17", "Wed 18", "Thu 19", "Fri 20"], [ASK] * 6)
    m.head(2, "V", ["Sun 21"], ["2026-06-21"])
    m.head(2, "W", ["Mon 22", "Mon 22"], [ASK] * 2)
    m.head(2, "Y", ["Tue 23", "Wed 24"], ["2026-06-23", "2026-06-24"])
    m.head(2, "AA", ["Wed 25"], [ASK])  # a Thursday
    m.head(2, "AB", ["Fri 26", "Sat 27"], ["2026-06-26", "2026-06-27"])
    m.head(2, "AD", [d(2025, 6, 28), d(2025, 6, 29)], [ASK] * 2, "ddd d-mmm")
    m.head(2, "AF", ["Tue 30"], ["2026-06-30"])
    m.head(2, "AG", ["Wed 31"], [ASK])
    #                                              1             15    2122 2324 26  28 3031
    m.row(3, ["Carmen Holt"], "Carmen Holt", "B", "YYYYYNNYYYYYNN" "YYYYYN" "N" "YN" "YY" "Y" "YN" "NY" "Y" "Y")
    m.row(4, ["Bram Tolliver"], "Bram Tolliver", "B", "NNNNNYYNNNNNYY" "NNNNNY" "Y" "NN" "NN" "N" "NY" "YN" "N" ".")
    m.row(5, ["Niles Garvey"], "Niles Garvey", "B", "....YYY....YYY" "..YYYY" "Y" "YY" ".." "Y" "YY" "Y." "." "Y")
    m.row(6, ["Effie Lund"], "Effie Lund", "B", "YYYYYYYNNNNNNN" "YYYYYY" "Y" ".Y" "YN" "Y" "YY" "YY" "Y" ".")

    m = b.month("July")
    m.ws["A2"] = "Name"
    week = ["Wed", "Thu", "Fri", "Sat", "Sun", "Mon", "Tue"]
    for i in range(24):
        if i not in (9, 10):  # nobody typed the weekday of the 10th and the 11th
            m.ws.cell(1, 2 + i, week[i % 7])
    m.head(2, "B", list(range(1, 25)), day(2026, 7, 1, 24))
    # as it was in 2025: the 25th of July 2026 is a Saturday
    for i, word in enumerate(["Fri", "Sat", "Sun", "Mon", "Tue", "Wed", "Thu"]):
        m.ws.cell(1, 26 + i, word)
    m.head(2, "Z", list(range(25, 32)), [ASK] * 7)
    #                                              1      8      15     22 25
    m.row(3, ["Carmen Holt"], "Carmen Holt", "B", "YYYNNYYYYYNNYYYYYNNYYYYY" "YYNNYYY")
    m.row(4, ["Bram Tolliver"], "Bram Tolliver", "B", "NNNYYNNNNNYYNNNNNYYNNNNN" "YYYYYNN")
    m.row(5, ["Niles Garvey"], "Niles Garvey", "B", "YYYY....................", odd={24: ("Y", YES)})
    m.row(6, ["Effie Lund"], "Effie Lund", "B", "..YYY....YYY....YYY....Y" "YY....Y")
    b.save()


# ----------------------------------------------------------------------------------------------------------------
def moved_columns():
    b = Book("06-moved-columns",
             "Columns in an odd order under odd headings, first and last names apart, and columns for phone, notes, "
             "remarks and totals before, between and after the days.")
    ws = b.roster("Crew List")
    ws.append(["E-mail address", "#", "Position", "Last name", "First name", "Goes by", "Cell", "T-shirt",
               "Usual crew"])
    b.person(ws, 2, ["ana@example.com", 1, "Captain", "Silva", "Ana", None, "619.555.0150", "M", "Jonah Peel"],
             {"name": "Ana Silva", "rank": "captain", "order": 1, "phone": "+1-619-555-0150",
              "email": "ana@example.com", "usual_crew": ["Jonah Peel"]})
    b.person(ws, 3, ["frank@example.com", 2, "Captain", "Dubois", "Francis", "Frankie", "619.555.0151", "XL"],
             {"name": "Francis Dubois", "rank": "captain", "order": 2, "phone": "+1-619-555-0151",
              "email": "frank@example.com", "nickname": "Frankie"})
    b.person(ws, 4, ["jonah@example.com", 1, "Deckhand", "Peel", "Jonah", None, "619.555.0152", "L"],
             {"name": "Jonah Peel", "rank": "deckhand", "order": 1, "phone": "+1-619-555-0152",
              "email": "jonah@example.com"})
    b.person(ws, 5, ["lu@example.com", 2, "Deckhand", "Van Aken", "Lucinda", "Lu", "619.555.0153", "S"],
             {"name": "Lucinda Van Aken", "rank": "deckhand", "order": 2, "phone": "+1-619-555-0153",
              "email": "lu@example.com", "nickname": "Lu"})
    b.person(ws, 6, [None, 1, "Mate", "Okoye", "Ben", None, "619.555.0154", "L"],
             {"name": "Ben Okoye", "rank": "mate", "order": 1, "phone": "+1-619-555-0154"})
    b.person(ws, 7, ["peg@example.com", None, "Host", "Ralston", "Margaret", "Peg", None, "M"],
             {"name": "Margaret Ralston", "rank": "host", "email": "peg@example.com", "nickname": "Peg"})
    b.person(ws, 8, ["sue@example.com", 2, "Hostess", "Winter", "Sue", None, "619.555.0156", "S"], ASK)

    m = b.month("June Availability")
    m.ws["A1"], m.ws["B1"], m.ws["C1"] = "Cell", "First name", "Last name"
    m.head(1, "D", [f"6/{d}" for d in range(8, 16)], day(2026, 6, 8, 15))
    m.ws["L1"] = "Notes"
    m.head(1, "M", [f"6/{d}" for d in range(16, 22)], day(2026, 6, 16, 21))
    m.ws["S1"] = "Total"
    m.head(1, "T", ["6/22"], ["2026-06-22"])
    rows = [
        (2, "619.555.0150", "Ana", "Silva", "Ana Silva", "YYYYYNNY", "no Sundays", "YYYYNN", "Y", 10),
        (3, "619.555.0152", "Jonah", "Peel", "Jonah Peel", "NNNYYYYY", "yes", "NNNYYY", "N", 8),
        (4, "619.555.0151", "Francis", "Dubois", "Francis Dubois", "....YYY.", None, "...YYY", ".", 6),
        (5, None, "lucinda", "VAN AKEN", "Lucinda Van Aken", "YYYYYYYY", "N", "AAAAAA", "A", 8),
        (6, "619.555.0154", "Ben ", " Okoye", "Ben Okoye", "NNNNNNNN", "back on 6/17", "NYYYYY", "Y", 5),
        (7, None, "Margaret", "Ralston", "Margaret Ralston", "PPPPPYYP", None, "PPPPYY", "P", 4),
    ]
    for row, cell, given, family, who, before, note, after, last, total in rows:
        m.row(row, [cell, given, family], who, "D", before)
        if note:
            m.ws[f"L{row}"] = note
        m.row(row, [], who, "M", after)
        b.formula(m.ws, f"S{row}", f'=COUNTIF(D{row}:R{row},"Y")', total)
        m.row(row, [], who, "T", last)

    m = b.month("July 2026")
    m.ws["A1"], m.ws["B1"], m.ws["C1"] = "Boat", "Crew member", "Position"
    m.head(1, "D", list(range(1, 8)), day(2026, 7, 1, 7))
    m.ws["K1"] = "Remarks"
    m.head(1, "L", list(range(8, 15)), day(2026, 7, 8, 14))
    for row, boat, name, position, who, before, remark, after in [
        (2, "America", "Ana Silva", "Captain", "Ana Silva", "YYYNNYY", "1", "YYYNNYY"),
        (3, "America", "Jonah Peel", "Deckhand", "Jonah Peel", "NNNYYNN", None, "NNNYYNN"),
        (4, "Heron", "Frankie", "Captain", "Francis Dubois", "..YYY..", "7/4 fireworks?", "..YYY.."),
        (5, "Heron", "Lu", "Deckhand", "Lucinda Van Aken", "YYYYYYY", "no", "......."),
        (6, "Heron", "Ben Okoye", "Mate", "Ben Okoye", "YNYNYNY", None, "NYNYNYN"),
        (7, None, "Peg", "Host", "Margaret Ralston", "......N", "ring her", "NNNNNNN"),
    ]:
        m.row(row, [boat, name, position], who, "D", before)
        if remark:
            m.ws[f"K{row}"] = remark
        m.row(row, [], who, "L", after)
    b.save()


# ----------------------------------------------------------------------------------------------------------------
def nicknames():
    b = Book("07-nicknames",
             "People stand in the month tabs under nicknames, as Last, First, in other capitals and with odd blanks; "
             "a near miss, bare first names and an initial have to be asked.")
    ws = b.roster("Roster")
    ws.append(["Name", "Nickname", "Rank", "Order", "Phone", "Email", "Usual crew"])
    b.person(ws, 2, ['Gene "Skip" Hart', None, "captain", 1, "+1 619 555 0160", "gene@example.com", "Bo"],
             {"name": "Gene Hart", "nickname": "Skip", "rank": "captain", "order": 1, "phone": "+1-619-555-0160",
              "email": "gene@example.com", "usual_crew": ["Robert Lindqvist"]})
    b.person(ws, 3, ["Reyes, Dana", None, "Captain", 2, "+1 619 555 0161", "dana@example.com",
                     "Lee Park; José Ruiz"],
             {"name": "Dana Reyes", "rank": "captain", "order": 2, "phone": "+1-619-555-0161",
              "email": "dana@example.com", "usual_crew": ["Lee Park", "José Ruiz"]})
    b.person(ws, 4, ["Robert (Bo) Lindqvist", None, "deckhand", 1, "+1 619 555 0162", "bo@example.com"],
             {"name": "Robert Lindqvist", "nickname": "Bo", "rank": "deckhand", "order": 1,
              "phone": "+1-619-555-0162", "email": "bo@example.com"})
    b.person(ws, 5, ["Theodore Vance", "Teddy", "mate", 1, "+1 619 555 0163", "teddy@example.com"],
             {"name": "Theodore Vance", "nickname": "Teddy", "rank": "mate", "order": 1,
              "phone": "+1-619-555-0163", "email": "teddy@example.com"})
    b.person(ws, 6, ["Lee Park ", None, "deckhand", 2, "+1 619 555 0164", "lee@example.com "],
             {"name": "Lee Park", "rank": "deckhand", "order": 2, "phone": "+1-619-555-0164",
              "email": "lee@example.com"})
    b.person(ws, 7, ["José  Ruiz", None, "host", 1, "+1 619 555 0165", "jose@example.com"],
             {"name": "José Ruiz", "rank": "host", "order": 1, "phone": "+1-619-555-0165",
              "email": "jose@example.com"})
    b.person(ws, 8, ["Maya\u00a0Okafor", None, "deckhand", 3, "+1 619 555 0166", "maya@example.com"],
             {"name": "Maya Okafor", "rank": "deckhand", "order": 3, "phone": "+1-619-555-0166",
              "email": "maya@example.com"})
    b.person(ws, 9, ["Wilhelmina Osei", "Billie", "host", 2, "+1 619 555 0167", "billie@example.com"],
             {"name": "Wilhelmina Osei", "nickname": "Billie", "rank": "host", "order": 2,
              "phone": "+1-619-555-0167", "email": "billie@example.com"})

    m = b.month("Jun 26")
    m.ws["A1"] = "Name"
    m.head(1, "B", list(range(15, 29)), day(2026, 6, 15, 28))
    m.row(2, ["skip"], "Gene Hart", "B", "YYYYYNNYYYYYNN")
    m.row(3, ["  BO"], "Robert Lindqvist", "B", "YYYYYYYNNNNNNN")
    m.row(4, ["reyes, dana"], "Dana Reyes", "B", "NNNNNYYNNNNNYY")
    m.row(5, ["Lee Prak"], ASK, "B", "YYYYYYYYYYYYYY")
    m.row(6, ["JOSÉ RUIZ"], "José Ruiz", "B", "....YYY....YYY")
    m.row(7, ["Maya"], ASK, "B", "YYYNNNNYYYNNNN")
    m.row(8, ["Teddy "], "Theodore Vance", "B", "AAAAAYYAAAAAYY")
    m.row(9, ["Billie"], "Wilhelmina Osei", "B", "yyyyynnyyyyynn")

    m = b.month("Jul 26")
    m.ws["A1"] = "Name"
    m.head(1, "B", list(range(1, 15)), day(2026, 7, 1, 14))
    m.row(2, ["Gene “Skip” Hart"], "Gene Hart", "B", "YYYNNYYYYYNNYY")
    m.row(3, ["Robert Lindqvist"], "Robert Lindqvist", "B", "NNNYYNNNNNYYNN")
    m.row(4, ["Dana R."], ASK, "B", "YYYYYYYYYYYYYY")
    m.row(5, ["LEE  PARK "], "Lee Park", "B", "YYYYYYYYYYY...")
    m.row(6, ["José\u00a0Ruiz"], "José Ruiz", "B", "..YYY....YYY..")
    m.row(7, ["Okafor, Maya"], "Maya Okafor", "B", "YNYNYNYNYNYNYN")
    m.row(8, ['Theodore "Teddy" Vance'], "Theodore Vance", "B", "eeeooooeeeoooo")
    m.row(9, ["Osei,Wilhelmina"], "Wilhelmina Osei", "B", "PPPPPPPPPPPPPP")
    m.row(10, ["Gene's brother"], ASK, "B", "YYY...........")
    b.save()


# ----------------------------------------------------------------------------------------------------------------
def same_name():
    b = Book("08-same-name",
             "Two people are called Sam Ortiz and two Chris Doyle, one person of the months is not in the roster, and one of "
             "the roster is in no month.")
    ws = b.roster("Roster")
    ws.append(["Name", "Rank", "Order", "Phone", "Email", "Usual crew"])
    b.person(ws, 2, ["Carla Mendes", "captain", 1, "619-555-0170", "carla@example.com", "Bea Lindgren"],
             {"name": "Carla Mendes", "rank": "captain", "order": 1, "phone": "+1-619-555-0170",
              "email": "carla@example.com", "usual_crew": ["Bea Lindgren"]})
    b.person(ws, 3, ["Hugo Petrie", "captain", 2, "619-555-0171", "hugo@example.com"],
             {"name": "Hugo Petrie", "rank": "captain", "order": 2, "phone": "+1-619-555-0171",
              "email": "hugo@example.com"})
    b.person(ws, 4, ["Bea Lindgren", "mate", 1, "619-555-0172", "bea@example.com"],
             {"name": "Bea Lindgren", "rank": "mate", "order": 1, "phone": "+1-619-555-0172",
              "email": "bea@example.com"})
    b.person(ws, 5, ["Sam Ortiz", "deckhand", 1, "619-555-0173", "sam.ortiz@example.com"],
             {"name": "Sam Ortiz", "rank": "deckhand", "order": 1, "phone": "+1-619-555-0173",
              "email": "sam.ortiz@example.com"})
    b.person(ws, 6, ["Sam Ortiz", "host", 1, "619-555-0174", "samantha@example.com"],
             {"name": "Sam Ortiz", "rank": "host", "order": 1, "phone": "+1-619-555-0174",
              "email": "samantha@example.com"})
    b.person(ws, 7, ["Chris Doyle", "deckhand", 2, "619-555-0175", "chris@example.com"],
             {"name": "Chris Doyle", "rank": "deckhand", "order": 2, "phone": "+1-619-555-0175",
              "email": "chris@example.com"})
    b.person(ws, 8, ["Chris Doyle", "deckhand", 3, "619-555-0176", "cdoyle@example.com"],
             {"name": "Chris Doyle", "rank": "deckhand", "order": 3, "phone": "+1-619-555-0176",
              "email": "cdoyle@example.com"})

    m = b.month("June Availability")
    m.ws["A1"] = "Name"
    m.head(1, "B", [f"6/{d}" for d in range(22, 29)], day(2026, 6, 22, 28))
    m.row(2, ["Carla Mendes"], "Carla Mendes", "B", "YYYYYNN")
    m.row(3, ["Bea Lindgren"], "Bea Lindgren", "B", "NNYYYYY")
    m.row(4, ["Sam Ortiz"], ASK, "B", "YYYYYYY")
    m.row(5, ["Sam Ortiz"], ASK, "B", "NNNNNYY")
    m.row(6, ["Chris Doyle"], ASK, "B", "YYYYYNN")
    m.row(7, ["Priya Nair"], ASK, "B", "YYYYYYY")

    m = b.month("July Availability")
    m.ws["A1"] = "Name"
    m.head(1, "B", [f"7/{d}" for d in range(1, 8)], day(2026, 7, 1, 7))
    m.row(2, ["Carla Mendes"], "Carla Mendes", "B", "YYYNNYY")
    m.row(3, ["Sam Ortiz (host)"], "Sam Ortiz <samantha@example.com>", "B", "..YYYY.")
    m.row(4, ["Sam Ortiz (Deckhand)"], "Sam Ortiz <sam.ortiz@example.com>", "B", "NNNYYNN")
    m.row(5, ["Chris Doyle (deckhand)"], ASK, "B", "YYYYYYY")
    m.row(6, ["Bea Lindgren"], "Bea Lindgren", "B", "YYYY...")

    m = b.month("August Availability")
    m.ws["A1"], m.ws["B1"] = "Name", "Rank"
    m.head(1, "C", [f"8/{d}" for d in range(3, 10)], day(2026, 8, 3, 9))
    m.row(2, ["Carla Mendes", "captain"], "Carla Mendes", "C", "YYYYYYY")
    m.row(3, ["Sam Ortiz", "deckhand"], "Sam Ortiz <sam.ortiz@example.com>", "C", "YYNNNNN")
    m.row(4, ["Sam Ortiz", "host"], "Sam Ortiz <samantha@example.com>", "C", "NNYYYYY")
    m.row(5, ["Chris Doyle", "deckhand"], ASK, "C", "YYYYYYY")
    m.row(6, ["Chris Doyle", "deckhand"], ASK, "C", "NNNNNNN")
    m.row(7, ["Priya Nair", "host"], ASK, "C", "YYYYYYY")

    m = b.month("September Availability")
    m.ws["A1"], m.ws["B1"] = "Name", "Phone"
    m.head(1, "C", [f"9/{d}" for d in range(1, 8)], day(2026, 9, 1, 7))
    m.row(2, ["Carla Mendes", "619-555-0170"], "Carla Mendes", "C", "NNNYYYY")
    m.row(3, ["Chris Doyle", "619-555-0176"], "Chris Doyle <cdoyle@example.com>", "C", "YYYYYYY")
    m.row(4, ["Chris Doyle", "619-555-0175"], "Chris Doyle <chris@example.com>", "C", "NNNNYYY")
    m.row(5, ["Sam Ortiz", None], ASK, "C", "YYYYYYY")
    b.save()


# ----------------------------------------------------------------------------------------------------------------
def odd_words():
    b = Book("09-odd-words",
             "Remarks and odd words in the cells: ticks, crosses, hours, numbers, true and false, formulas, dates that a "
             "spreadsheet made of hours, errors, several lines.")
    ws = b.roster("Roster")
    ws.append(["Name", "Rank", "Order", "Phone", "Email"])
    names = ["Anders Bloom", "Bettina Cole", "Curtis Daw", "Deirdre Egan", "Elio Fontaine", "Freya Gilmour"]
    ranks = ["captain", "captain", "mate", "deckhand", "deckhand", "host"]
    orders = [1, 2, 1, 1, 2, 1]
    for i, (name, rank, order) in enumerate(zip(names, ranks, orders)):
        mail = name.split()[0].lower() + "@example.com"
        b.person(ws, i + 2, [name, rank, order, f"619-555-018{i}", mail],
                 {"name": name, "rank": rank, "order": order, "phone": f"+1-619-555-018{i}", "email": mail})

    m = b.month("June Availability")
    m.ws["A1"] = "Name"
    week = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
    m.head(1, "B", [f"{week[i % 7]} 6/{i + 1}" for i in range(14)], day(2026, 6, 1, 14))
    m.list(2, [names[0]], names[0], "B", [
        ("Y - back by 5?", ASK), ("dentist", ASK), ("n/a", ASK), ("TBD", ASK), ("yes (but tired)", ASK),
        ("x", ASK), ("X", ASK), ("✓", YES), ("✔", YES), ("✗", NO), ("✘", NO), (1, YES), (0, NO), ("Y*", ASK)])
    m.list(3, [names[1]], names[1], "B", [
        ("maybe", ASK), ("?", ASK), ("tent", ASK), ("AM only", AM), ("after 2", FROM2), ("until 5", TO5),
        ("until 9", ASK), ("9-5", NINE5), ("off", NO), ("-", NO), ("—", NO), ("–", NO), ("no!", ASK),
        (" YES ", YES)])
    m.list(4, [names[2]], names[2], "B", [
        ("Y\n(call first)", ASK), ("N\n", NO), ("AM only\n", AM), None, None, (True, ASK), (False, ASK), (1.0, YES),
        ("1", YES), ("0", NO), (2, ASK), ("yes", YES), ("No", NO), ("Available", YES)])
    b.formula(m.ws, "E4", '=IF(1=1,"Y","N")', "Y")  # shows Y
    m.cells["E4"] = YES
    m.ws["F4"] = '=IF(1=1,"Y","N")'  # never calculated: nobody knows what it showed
    m.cells["F4"] = ASK
    b.raw["June Availability"] = {"I4": "1.0"}
    m.list(5, [names[3]], names[3], "B", [
        ("UNAVAILABLE", NO), ("ok", YES), ("OK ", YES), ("morning", AM), ("Afternoon", PM), ("PM", PM), ("am", AM),
        ("after 14:00", FROM2), ("8-12", EIGHT12), (datetime.date(2026, 9, 5), ASK), (datetime.time(14, 0), ASK),
        ("#N/A", ASK), ("vacation", ASK), ("Y/N", ASK)])
    m.ws["K5"].number_format = "d-mmm"  # 9-5, which the spreadsheet took for a date
    m.ws["L5"].number_format = "h:mm"
    rich = CellRichText(TextBlock(InlineFont(b=True), "AM"), " only")
    m.list(6, [names[4]], names[4], "B", [
        ("  ", None), ("\u00a0", None), ("\u00a0Y", YES), (rich, AM), ("until 5pm", TO5), ("after 2pm", FROM2),
        ("9am-5pm", NINE5), ("9:00-17:00", NINE5), ("tentative", ASK), ("Yes?", ASK), ("no - wedding", ASK),
        ("y", YES), ("after 9", "within 09:00-24:00"), ("call me", ASK)])
    m.list(7, [names[5]], names[5], "B", [
        ("Y", YES), ("n", NO), None, None, None, (0.5, ASK), ("half day", ASK), ("sick", ASK),
        ("Y N", ASK), ("yes!", ASK), ("N", NO), (-1, ASK), ("NO", NO), ("Y", YES)])
    b.formula(m.ws, "E7", "=1-1", 0)  # shows 0
    m.cells["E7"] = NO
    b.formula(m.ws, "F7", '=IF(A7="","Y","")', "")  # shows nothing
    for cell in ("B4", "C4", "D4"):
        m.ws[cell].alignment = Alignment(wrap_text=True)
    b.save()


# ----------------------------------------------------------------------------------------------------------------
def side_by_side():
    b = Book("10-side-by-side",
             "The crew stands beside the captains: in June as a second block with the same days again, in July in a "
             "second name column, where a row's days are the captain's if one stands in it.")
    ws = b.roster("Roster")
    ws.append(["Name", "Rank", "Order", "Phone", "Email", "Usual crew"])
    b.person(ws, 2, ["Lorna Pike", "captain", 1, "207-555-0130", "lorna@example.com", "Eddie Zorn/Mimi Castle"],
             {"name": "Lorna Pike", "rank": "captain", "order": 1, "phone": "+1-207-555-0130",
              "email": "lorna@example.com", "usual_crew": ["Eddie Zorn", "Mimi Castle"]})
    b.person(ws, 3, ["Stan Whitlow", "captain", 2, "207-555-0131", "stan@example.com", "Greta Moss"],
             {"name": "Stan Whitlow", "rank": "captain", "order": 2, "phone": "+1-207-555-0131",
              "email": "stan@example.com", "usual_crew": ["Greta Moss"]})
    b.person(ws, 4, ["Ida Fairley", "captain", 3, "207-555-0132", "ida@example.com"],
             {"name": "Ida Fairley", "rank": "captain", "order": 3, "phone": "+1-207-555-0132",
              "email": "ida@example.com"})
    b.person(ws, 5, ["Eddie Zorn", "deckhand", 1, "207-555-0133", "eddie@example.com"],
             {"name": "Eddie Zorn", "rank": "deckhand", "order": 1, "phone": "+1-207-555-0133",
              "email": "eddie@example.com"})
    b.person(ws, 6, ["Greta Moss", "deckhand", 2, "207-555-0134", "greta@example.com"],
             {"name": "Greta Moss", "rank": "deckhand", "order": 2, "phone": "+1-207-555-0134",
              "email": "greta@example.com"})
    b.person(ws, 7, ["Mimi Castle", "host", 1, "207-555-0135", "mimi@example.com"],
             {"name": "Mimi Castle", "rank": "host", "order": 1, "phone": "+1-207-555-0135",
              "email": "mimi@example.com"})
    b.person(ws, 8, ["Roy Tanager", "deckhand", 3, "207-555-0136", "roy@example.com"],
             {"name": "Roy Tanager", "rank": "deckhand", "order": 3, "phone": "+1-207-555-0136",
              "email": "roy@example.com"})

    m = b.month("June Availability")
    days = [f"6/{d}" for d in range(15, 29)]
    m.ws["A2"], m.ws["Q2"] = "Captain", "Crew"
    m.ws["A1"] = "second half of June"
    m.head(2, "B", days, day(2026, 6, 15, 28))
    m.head(2, "R", days, day(2026, 6, 15, 28))
    m.row(3, ["Lorna Pike"], "Lorna Pike", "B", "YYYYYNNYYYYYNN")
    m.row(3, ["Eddie Zorn"], "Eddie Zorn", "R", "NNYYYYYNNYYYYY", block="Q")
    m.row(4, ["Mimi Castle"], "Mimi Castle", "R", "....YYY....YYY", block="Q")
    m.row(6, ["Stan Whitlow"], "Stan Whitlow", "B", "NNNNNYYNNNNNYY")
    m.row(6, ["Greta Moss"], "Greta Moss", "R", "YYYYYYYYYYYYYY", block="Q")
    m.row(8, ["Ida Fairley"], "Ida Fairley", "B", "AAAA...AAAA...")
    m.row(8, ["Roy Tanger"], ASK, "R", "YYYYYNNYYYYYNN", block="Q")

    m = b.month("July 2026")
    m.ws["A1"], m.ws["B1"] = "Captain", "Crew"
    m.head(1, "C", [str(d) for d in range(1, 15)], day(2026, 7, 1, 14))
    m.row(2, ["Lorna Pike", None], "Lorna Pike", "C", "YYYNNYYYYYNNYY")
    m.row(3, [None, "Eddie Zorn"], "Eddie Zorn", "C", "NNNYYNNNNNYYNN")
    m.row(4, [None, "Mimi Castle"], "Mimi Castle", "C", "..YYY....YYY..")
    m.row(5, ["Stan Whitlow", "Greta Moss"], "Stan Whitlow", "C", "YNYNYNYNYNYNYN")
    m.row(6, [None, "Roy Tanager"], "Roy Tanager", "C", "YYYYYYYNNNNNNN")
    m.row(7, ["Ida Fairley", None], "Ida Fairley", "C", "..............")
    b.save()


# ----------------------------------------------------------------------------------------------------------------
def sections():
    b = Book("11-sections",
             "Section rows between the people, crew indented below their captains, colours without words, hidden rows and "
             "columns; two weeks only.")
    ws = b.roster("Roster")
    ws.append(["Name", "Rank", "Order", "Phone", "Email", "Usual crew"])
    ws["A2"] = "CAPTAINS"
    ws["A2"].fill = GREY
    b.person(ws, 3, ["Nell Foster", "captain", 1, "619-555-0190", "nell@example.com", "Otis Brandt\nYara Haddad"],
             {"name": "Nell Foster", "rank": "captain", "order": 1, "phone": "+1-619-555-0190",
              "email": "nell@example.com", "usual_crew": ["Otis Brandt", "Yara Haddad"]})
    ws["F3"].alignment = Alignment(wrap_text=True)
    b.person(ws, 4, ["Marek Sobol", "captain", 2, "619-555-0191", "marek@example.com", "Finn Aldous"],
             {"name": "Marek Sobol", "rank": "captain", "order": 2, "phone": "+1-619-555-0191",
              "email": "marek@example.com", "usual_crew": ["Finn Aldous"]})
    ws["A5"] = "DECKHANDS"
    ws["A5"].fill = GREY
    b.person(ws, 6, ["Otis Brandt", "deckhand", 1, "619-555-0192", "otis@example.com"],
             {"name": "Otis Brandt", "rank": "deckhand", "order": 1, "phone": "+1-619-555-0192",
              "email": "otis@example.com"})
    b.person(ws, 7, ["Finn Aldous", "deckhand", 2, "619-555-0193", "finn@example.com"],
             {"name": "Finn Aldous", "rank": "deckhand", "order": 2, "phone": "+1-619-555-0193",
              "email": "finn@example.com"})
    b.person(ws, 8, ["Abel Storey", "deckhand", 3, "619-555-0194", "abel@example.com"],
             {"name": "Abel Storey", "rank": "deckhand", "order": 3, "phone": "+1-619-555-0194",
              "email": "abel@example.com"})
    ws.row_dimensions[8].hidden = True
    b.person(ws, 9, ["Rita Kovac", "deckhand", 4, "619-555-0195", "rita@example.com"],
             {"name": "Rita Kovac", "rank": "deckhand", "order": 4, "phone": "+1-619-555-0195",
              "email": "rita@example.com"})
    ws["A10"] = "HOSTS"
    ws["A10"].fill = GREY
    b.person(ws, 11, ["Yara Haddad", "host", 1, "619-555-0196", "yara@example.com"],
             {"name": "Yara Haddad", "rank": "host", "order": 1, "phone": "+1-619-555-0196",
              "email": "yara@example.com"})
    b.person(ws, 12, ["June Castellan", "host", 2, "619-555-0197", "june@example.com"],
             {"name": "June Castellan", "rank": "host", "order": 2, "phone": "+1-619-555-0197",
              "email": "june@example.com"})
    ws.column_dimensions["D"].hidden = True

    m = b.month("June 15-28")
    m.ws["A1"] = "Schedule June 15 - 28"
    m.ws["A3"] = "Crew"
    week = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
    m.head(3, "B", [f"{week[i % 7]} 6/{15 + i}" for i in range(14)], day(2026, 6, 15, 28))
    m.ws["A4"] = "CAPTAINS and their crew"
    m.ws["A5"] = "Boat: America"
    m.row(6, ["Nell Foster"], "Nell Foster", "B", "YYYYYNNYYYYYNN")
    m.row(7, ["   Otis Brandt"], "Otis Brandt", "B", "NNYYYYYNNYYYYY")
    m.row(8, ["- Yara Haddad"], "Yara Haddad", "B", "....YYY....YYY")
    m.ws["A9"] = "Boat: Blue Heron"
    m.row(10, ["Marek Sobol"], "Marek Sobol", "B", "YYYNNNNYYYNNNN")
    m.row(11, ["↳ Finn Aldous"], "Finn Aldous", "B", "YYYYYYYYYYYYYY")
    m.row(12, ["  - June Castellan"], "June Castellan", "B", "PPPPPYYPPPPPYY")
    m.ws["A13"] = "DECKHANDS"
    m.row(14, ["Abel Storey"], "Abel Storey", "B", "NYNYNYNYNYNYNY")
    m.row(15, ["Rita Kovac"], "Rita Kovac", "B", "..............")
    m.ws["A17"] = "green = yes, red = no"
    m.ws["A11"].alignment = Alignment(indent=1)
    for row in (4, 5, 9, 13):
        m.ws[f"A{row}"].fill = GREY
        m.ws[f"A{row}"].font = BOLD
    for i in range(14):
        m.ws.cell(15, 2 + i).fill = GREEN if i % 3 else RED
    m.ws["B8"].fill = m.ws["C8"].fill = GREEN  # blank all the same
    m.ws["B6"].fill = RED  # says Y, and Y it is
    m.ws.row_dimensions[14].hidden = True
    m.ws.column_dimensions["F"].hidden = True
    m.ws.column_dimensions["G"].hidden = True
    b.save()


# ----------------------------------------------------------------------------------------------------------------
def transposed():
    b = Book("12-transposed",
             "In June the people are the columns and the days the rows: that tab is not read; July is as usual.")
    ws = b.roster("Roster")
    ws.append(["Name", "Rank", "Order", "Phone", "Email", "Usual crew"])
    b.person(ws, 2, ["Vince Ardmore", "captain", 1, "410-555-0140", "vince@example.com", "Tilly Roe & Max Bergen"],
             {"name": "Vince Ardmore", "rank": "captain", "order": 1, "phone": "+1-410-555-0140",
              "email": "vince@example.com", "usual_crew": ["Tilly Roe", "Max Bergen"]})
    b.person(ws, 3, ["Joan Sibley", "captain", 2, "410-555-0141", "joan@example.com"],
             {"name": "Joan Sibley", "rank": "captain", "order": 2, "phone": "+1-410-555-0141",
              "email": "joan@example.com"})
    b.person(ws, 4, ["Tilly Roe", "deckhand", 1, "410-555-0142", "tilly@example.com"],
             {"name": "Tilly Roe", "rank": "deckhand", "order": 1, "phone": "+1-410-555-0142",
              "email": "tilly@example.com"})
    b.person(ws, 5, ["Max Bergen", "host", 1, "410-555-0143", "max@example.com"],
             {"name": "Max Bergen", "rank": "host", "order": 1, "phone": "+1-410-555-0143",
              "email": "max@example.com"})

    ws = b.asked_tab("June Availability")
    ws.append(["Date", "Vince Ardmore", "Tilly Roe", "Max Bergen", "Joan Sibley"])
    for i in range(30):
        ws.append([f"6/{i + 1}", "YYYYYNN"[i % 7], "NNYYYYY"[i % 7], "Y" if i % 2 else None, "N"])

    m = b.month("July Availability")
    m.ws["A1"] = "Name"
    m.head(1, "B", [f"7/{d}" for d in range(6, 13)], day(2026, 7, 6, 12))
    m.row(2, ["Vince Ardmore"], "Vince Ardmore", "B", "YYYYYNN")
    m.row(3, ["Tilly Roe"], "Tilly Roe", "B", "NNYYYYY")
    m.row(4, ["Max Bergen"], "Max Bergen", "B", ".Y.Y.Y.")
    m.row(5, ["Joan Sibley"], "Joan Sibley", "B", "NNNNNNN")
    b.save()


# ----------------------------------------------------------------------------------------------------------------
def other_tabs():
    b = Book("13-other-tabs",
             "Tabs that have nothing to do with crew, copies and old versions of a month, the same month with and without "
             "a year in the tab's name, and a month of last year.")
    ws = b.neither("Boats")
    for line in [["Boat", "Length", "Guests", "Captain", "Berth"], ["America", "58 ft", 24, 1, "pier 3"],
                 ["Blue Heron", "42 ft", 12, 1, "pier 5"], ["Sandpiper", "30 ft", 6, 1, "mooring 11"]]:
        ws.append(line)
    ws = b.roster("Roster")
    ws.append(["Name", "Rank", "Order", "Phone", "Email", "Usual crew"])
    b.person(ws, 2, ["Paula Westcott", "captain", 1, "858-555-0150", "paula@example.com", "Gil Santoro"],
             {"name": "Paula Westcott", "rank": "captain", "order": 1, "phone": "+1-858-555-0150",
              "email": "paula@example.com", "usual_crew": ["Gil Santoro"]})
    b.person(ws, 3, ["Art Lindell", "captain", 2, "858-555-0151", "art@example.com"],
             {"name": "Art Lindell", "rank": "captain", "order": 2, "phone": "+1-858-555-0151",
              "email": "art@example.com"})
    b.person(ws, 4, ["Gil Santoro", "deckhand", 1, "858-555-0152", "gil@example.com"],
             {"name": "Gil Santoro", "rank": "deckhand", "order": 1, "phone": "+1-858-555-0152",
              "email": "gil@example.com"})
    b.person(ws, 5, ["Hope Nakata", "host", 1, "858-555-0153", "hope@example.com"],
             {"name": "Hope Nakata", "rank": "host", "order": 1, "phone": "+1-858-555-0153",
              "email": "hope@example.com"})
    names = ["Paula Westcott", "Gil Santoro", "Art Lindell", "Hope Nakata"]

    def copy(title, head, weeks):
        ws = b.asked_tab(title)
        ws.append(["Name"] + head)
        for name, week in zip(names, weeks):
            ws.append([name] + [None if letter == "." else letter for letter in week])

    june = [f"6/{d}" for d in range(1, 15)]
    copy("June Availability", june, ["YYYYYNNYYYYYNN", "NNYYYYYNNYYYYY", "....YYY....YYY", "YYYYYYYYYYYYYY"])
    copy("Copy of June Availability", june,
         ["YYYYYNNYYYYYNN", "NNYYYYYNNYYYYY", "....YYY.......", "NNNNNNNYYYYYYY"])
    copy("June Availability (old)", june, ["YYYYYYYYYYYYYY", "NNNNNNNNNNNNNN", "..............", "YYYYYYYYYYYYYY"])
    copy("July", list(range(1, 15)), ["YYYNNYYYYYNNYY", "NNNYYNNNNNYYNN", "YYYYYYYYYYYYYY", ".............."])
    copy("July 2026", list(range(1, 15)), ["YYYNNYYYYYNNYY", "NNNYYNNNNNYYNN", "YYYYYYYNNNNNNN", "..YYY....YYY.."])

    m = b.month("August Availability")
    m.ws["A2"] = "Name"
    for i, word in enumerate(["Sat", "Sun", "Mon", "Tue", "Wed", "Thu", "Fri"]):
        m.ws.cell(1, 2 + i, word)
    m.head(2, "B", list(range(1, 8)), day(2026, 8, 1, 7))
    m.row(3, ["Paula Westcott"], "Paula Westcott", "B", "NNYYYYY")
    m.row(4, ["Gil Santoro"], "Gil Santoro", "B", "YYYYYNN")
    m.row(5, ["Art Lindell"], "Art Lindell", "B", "YYY....")
    m.row(6, ["Hope Nakata"], "Hope Nakata", "B", "PPAAAPP")

    m = b.month("August 2025")
    m.ws["A2"] = "Name"
    for i, word in enumerate(["Fri", "Sat", "Sun", "Mon", "Tue", "Wed", "Thu"]):
        m.ws.cell(1, 2 + i, word)
    m.head(2, "B", list(range(1, 8)), day(2025, 8, 1, 7))
    m.row(3, ["Paula Westcott"], "Paula Westcott", "B", "YYYNNNN")
    m.row(4, ["Vic Arden"], ASK, "B", "YYYYYYY")
    m.row(5, ["Art Lindell"], "Art Lindell", "B", "NNNYYYY")
    m.row(6, ["Hope Nakata"], "Hope Nakata", "B", ".YY....")

    ws = b.neither("Costs")
    for line in [["Costs 2026", "May", "June", "July", "August"], ["Fuel", 812.4, 1204.55, 1630, 1588.1],
                 ["Ice", 40, 66, 90, 84], ["Dock fees", 350, 350, 350, 350], ["Insurance", 0, 0, 1, 0]]:
        ws.append(line)
    ws = b.neither("June tips")
    ws.append(["Tips paid out, in $"])
    ws.append(["Name", "6/1", "6/2", "6/3", "6/4", "6/5"])
    for line in [["Paula Westcott", 40, 22.5, None, 60, 18], ["Gil Santoro", 35, 22.5, None, 55, 18],
                 ["Hope Nakata", 51, None, 12, 75.25, 20]]:
        ws.append(line)
    ws = b.neither("Lists")
    for line in [["Y", "captain"], ["N", "mate"], ["AM only", "deckhand"], ["PM", "host"]]:
        ws.append(line)
    ws.sheet_state = "hidden"
    pick = DataValidation(type="list", formula1="Lists!$A$1:$A$4", allow_blank=True)
    b.wb["August Availability"].add_data_validation(pick)
    pick.add("B3:H6")
    b.save()


# ----------------------------------------------------------------------------------------------------------------
def hostile():
    b = Book("14-hostile-text",
             "Text that is hard on programs: formula signs, 300 characters in a cell, emoji, marks for right-to-left, line "
             "breaks in names, two addresses in one cell, unknown and missing ranks, order numbers and phones as they come.")
    ws = b.roster("Roster ")
    ws.append(["Name", "Rank", "Order", "Phone", "Email", "Usual crew", "Notes"])
    b.person(ws, 2, ["Dana\nReyes", "captain", "1.", 6195550142, "dana@example.com", "Lee Park,Yael Peri"],
             {"name": "Dana Reyes", "rank": "captain", "order": 1, "phone": "+1-619-555-0142",
              "email": "dana@example.com", "usual_crew": ["Lee Park", "Yael Peri"]})
    ws["A2"].alignment = Alignment(wrap_text=True)
    b.person(ws, 3, ["Gene Hart", "Captain", "#2", "+16195550143", "GENE@example.com"],
             {"name": "Gene Hart", "rank": "captain", "order": 2, "phone": "+1-619-555-0143",
              "email": "gene@example.com"})
    b.person(ws, 4, ["Lee Park", "deckhand", "1st", 16195550144, "lee@example.com"],
             {"name": "Lee Park", "rank": "deckhand", "order": 1, "phone": "+1-619-555-0144",
              "email": "lee@example.com"})
    b.person(ws, 5, ["\u200fYael Peri\u200e", "host", "1", "(619) 555-0145", "yael@example.com"],
             {"name": "Yael Peri", "rank": "host", "order": 1, "phone": "+1-619-555-0145",
              "email": "yael@example.com"})
    b.person(ws, 6, ["נועם לוי", "deckhand", "2nd", "619 555 0146", "noam@example.com"],
             {"name": "נועם לוי", "rank": "deckhand", "order": 2, "phone": "+1-619-555-0146",
              "email": "noam@example.com"})
    b.person(ws, 7, ["Maya O'Brien-Cruz", "mate", 1.0, "6195550147", "maya@example.com"],
             {"name": "Maya O'Brien-Cruz", "rank": "mate", "order": 1, "phone": "+1-619-555-0147",
              "email": "maya@example.com"})
    b.person(ws, 8, ["Kit Moreno", "bosun", 3, "619-555-0148", "kit@example.com"], ASK)
    b.person(ws, 9, ["Joy Tan", "deckhand", 4, "619-555-0149", "joy@example.com; joy.tan@example.com"], ASK)
    b.person(ws, 10, ["Al Steward", "steward", 2, "619-555-0150", "al@example.com"], ASK)
    b.person(ws, 11, ["Rex Nolan", None, None, "619-555-0151", "rex@example.com"], ASK)
    b.text(ws, "G2", "=SUM(C2:C4)")
    b.text(ws, "G3", '=HYPERLINK("http://example.com/?"&E3,"see here")')
    ws["G4"] = "<b>best</b> deckhand & \"quick\" 😀"
    ws["G5"] = "speaks Hebrew, a bit of French and so on. " * 7 + "Ask."
    ws["G6"] = "@office: changes his number in June"

    m = b.month("June ⛵ Availability")
    m.ws["A1"] = "Name"
    m.head(1, "B", [f"6/{d}" for d in range(1, 8)], day(2026, 6, 1, 7))
    long = ("Y but only if we are back before the school bus comes, otherwise I have to ask my neighbor, who said she can "
            "take the kids on Tuesdays and sometimes on Thursdays as well, so please call me first, and not before nine, "
            "because of the night shift; last year it was the same and it worked out fine in the end.")
    assert len(long) >= 290, len(long)
    m.list(2, ["Dana\nReyes"], "Dana Reyes", "B",
           [("Y", YES), ("Y", YES), (long, ASK), ("\u200eY", YES), ("N\u200f", NO), ("🤷", ASK), ("☀️ yes!", ASK)])
    m.list(3, ["Lee Park"], "Lee Park", "B",
           [("✔\ufe0f", YES), ("✔\ufe0f", YES), ("🤒", ASK), None, ("N", NO), ("N", NO), ("<Y>", ASK)])
    m.list(4, ["Yael Peri"], "Yael Peri", "B",
           [None, None, None, None, ("DROP TABLE crew;", ASK), ("Y", YES), ("Y", YES)])
    b.text(m.ws, "B4", "=Y")
    m.cells["B4"] = ASK
    b.text(m.ws, "C4", "@Jo ask me")
    m.cells["C4"] = ASK
    b.text(m.ws, "D4", "+1 friend")
    m.cells["D4"] = ASK
    b.text(m.ws, "E4", "='Y'!A1")
    m.cells["E4"] = ASK
    m.row(5, ["נועם לוי"], "נועם לוי", "B", "YYYYYNN")
    m.row(6, ["\u202aGene Hart\u202c"], "Gene Hart", "B", "NNNNNYY")
    m.row(7, ["MAYA O'BRIEN-CRUZ"], "Maya O'Brien-Cruz", "B", "AAAAAYY")
    m.row(8, [None], ASK, "B", "YYYYYYY")
    b.text(m.ws, "A8", "=Lee Park")
    m.row(9, ["+1 deckhand"], ASK, "B", ".....YY")
    m.row(10, ["@Maya"], ASK, "B", "NNNNNNN")
    m.row(11, [None], ASK, "B", "YY.....")
    b.text(m.ws, "A11", '=HYPERLINK("http://example.com","Gene Hart")')
    m.ws["A13"] = "Please fill this in until the 25th of the month before, everybody. " * 4 + "Thank you, the office. ⚓"
    b.save()


# ----------------------------------------------------------------------------------------------------------------
def check():
    """Is every cell that says something, in the row of a known person and under a known day, in the truth, and
    nothing else?"""
    for path in sorted(HERE.glob("*.json")):
        truth = json.loads(path.read_text(encoding="utf-8"))
        values = load_workbook(path.with_suffix(".xlsx"), data_only=True)
        typed = load_workbook(path.with_suffix(".xlsx"))
        named = set(truth["roster"]) | set(truth["months"]) | set(truth["neither"])
        assert named == set(values.sheetnames), (path.name, named ^ set(values.sheetnames))
        count = 0
        for tab, month in truth["months"].items():
            if month == ASK:
                continue
            blocks = sorted({colnum(re.match(r"[A-Z]*", k).group()) for k in month["people"] if not k.isdigit()})
            said = set()
            for key, who in month["people"].items():
                letters, row = re.match(r"([A-Z]*)(\d+)", key).groups()
                start = colnum(letters) if letters else 0
                end = min([c for c in blocks if c > start], default=1 << 20)
                for column, date in month["dates"].items():
                    if who == ASK or date == ASK or not start < colnum(column) < end:
                        continue
                    coord = f"{column}{row}"
                    value, text = values[tab][coord].value, typed[tab][coord].value
                    if value is None and text is not None:
                        # a formula that gave nothing says nothing; one that was never calculated has to be asked
                        if month["cells"].get(coord) == ASK:
                            said.add(coord)
                    elif value is not None and str(value).strip():
                        said.add(coord)
            assert said == set(month["cells"]), (path.name, tab, sorted(said ^ set(month["cells"])))
            count += len(said)
        print(f"{path.stem}: {count} cells")


if __name__ == "__main__":
    for make in (plain, title_rows, mixed_dates, serials, wrong_weekdays, moved_columns, nicknames, same_name, odd_words,
                 side_by_side, sections, transposed, other_tabs, hostile):
        make()
    check()

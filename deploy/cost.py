#!/usr/bin/env python3
"""What crewcall costs in a month, on AWS and on one small server, as a Markdown table.

    cost.py                 prints it
    cost.py --check FILE    ends with 1 if FILE has another one between its two marks

Prices are list prices in US dollars, on AWS those of us-east-1 (N. Virginia), on demand. Free tiers are left out, as
are taxes, the domain, and what the mail provider takes. Replace a price here, and give `cost.py` again.
"""

import json
import math
import pathlib
import re
import sys
import textwrap

HERE = pathlib.Path(__file__).resolve().parent
MARKS = ("<!-- cost: printed by cost.py -->\n", "<!-- end of cost -->")

CHARTERS_A_MONTH = [30, 1_000, 100_000]

# Prices. Where AWS's own page is given, look there first: the page is what counts, and few of its copies show figures.
# What else is given is where the figure was found, as of that page's date; all looked up in November 2026.
MILLION = 1_000_000

# https://aws.amazon.com/lambda/pricing/, https://docs.aws.amazon.com/whitepapers/latest/how-aws-pricing-works/lambda.html
LAMBDA_REQUEST = 0.20 / MILLION
LAMBDA_GB_SECOND = 0.0000166667
# https://aws.amazon.com/api-gateway/pricing/, the first 300 million a month, each up to 512 KB;
# https://www.apigatewaycost.com/aws, https://awsforengineers.com/blog/aws-api-gateway-pricing-explained (May 2025)
HTTP_API_REQUEST = 1.00 / MILLION
# https://aws.amazon.com/dynamodb/pricing/on-demand/, halved in November 2024;
# https://airbyte.com/data-engineering-resources/dynamodb-pricing (July 2025)
WRITE_UNIT = 0.625 / MILLION
READ_UNIT = 0.125 / MILLION
# https://aws.amazon.com/dynamodb/pricing/
TABLE_GB = 0.25
# The same page; https://finops.com.py/services/dynamodb/backups
POINT_IN_TIME_GB = 0.20
# https://aws.amazon.com/secrets-manager/pricing/;
# https://www.webuildup.live/2026/05/aws-parameter-store-vs-secrets-manager.html (May 2026)
SECRET = 0.40
SECRET_CALL = 0.05 / 10_000
# https://aws.amazon.com/cloudwatch/pricing/; https://signoz.io/guides/cloudwatch-pricing (February 2026). That an alarm
# is $0.10 was found in people's notes only.
ALARM = 0.10
METRIC = 0.30
# The same page; https://c3x.dev/blog/cloudwatch-logs-cost-optimization (June 2026)
LOG_GB_IN = 0.50
LOG_GB_KEPT = 0.03
# https://aws.amazon.com/eventbridge/pricing/: events of AWS itself are free, as those of a rule with a schedule are;
# https://aws.amazon.com/cloudwatch/pricing/ ("all events except custom events are included")
SCHEDULE_EVENT = 0.0
# https://aws.amazon.com/ec2/pricing/on-demand/, up to 10 TB a month;
# https://www.usage.ai/blogs/aws/networking-cost/data-transfer-costs/ (June 2026)
DATA_OUT_GB = 0.09

# Servers: dollars a month and GB of disk, the smallest first; all with at least 1 GB of memory. Of both providers' pages
# no copy with figures was found: these are what people note in public in 2026.
# https://www.digitalocean.com/pricing/droplets: s-1vcpu-1gb, s-1vcpu-2gb, s-2vcpu-4gb, s-4vcpu-8gb, s-8vcpu-16gb
DIGITALOCEAN = [(6, 25), (12, 50), (24, 80), (48, 160), (96, 320)]
# https://aws.amazon.com/lightsail/pricing/ (Linux, public IPv4);
# https://docs.aws.amazon.com/lightsail/latest/userguide/understanding-your-amazon-lightsail-bill.html has the one of $24.
LIGHTSAIL = [(7, 40), (12, 60), (24, 80), (44, 160), (84, 320)]
# What a mail provider takes, for comparison: Amazon SES, https://aws.amazon.com/ses/pricing/.
MAIL = 0.10 / 1_000
# For a copy of the backups on another machine: S3 Standard, https://aws.amazon.com/s3/pricing/; found in notes as well.
BACKUP_GB = 0.023

# What the program does, counted by `cargo bench --features aws -- dynamodb`, which leaves it in target/units.json:
# a charter that asks five people for three seats.
UNITS = json.loads((HERE / "units.json").read_text())
WRITE_UNITS_PER_CHARTER = UNITS["WRITE_UNITS_PER_CHARTER"]
READ_UNITS_PER_CHARTER = UNITS["READ_UNITS_PER_CHARTER"]
WRITE_UNITS_PER_IDLE_TICK = UNITS["WRITE_UNITS_PER_IDLE_TICK"]
READ_UNITS_PER_IDLE_TICK = UNITS["READ_UNITS_PER_IDLE_TICK"]
READ_UNITS_PER_BOARD_VIEW = UNITS["READ_UNITS_PER_BOARD_VIEW"]
READ_UNITS_PER_PAGE_VIEW = UNITS["READ_UNITS_PER_PAGE_VIEW"]
REQUESTS_COUNTED_PER_CHARTER = UNITS["REQUESTS_COUNTED_PER_CHARTER"]
MAILS_PER_CHARTER = UNITS["MAILS_PER_CHARTER"]

# What is assumed. Calls to DynamoDB are most of the time, some milliseconds each, and several of a tick's go at once: 60 ms
# of a tick. 90 more it waits for the page that it asks for, over a connection of its own; that page reads two items.
TICK_MILLISECONDS = 150
READ_UNITS_PER_TICKS_PAGE = 2
REQUEST_MILLISECONDS = 50
# Twelve charters of that kind, played through, came to this.
BYTES_PER_CHARTER = 20_000
MONTHS_KEPT = 12
# Looks and answers of the crew, each mail's scanner, the office's pages about that charter.
REQUESTS_PER_CHARTER = 40
# Ten a charter, as in a small office, but no more than a thousand a day.
BOARD_VIEWS_PER_CHARTER = 10
BOARD_VIEWS_AT_MOST = 30_000
BYTES_PER_PAGE = 15_000
BYTES_PER_BOARD = 60_000
# On the wire, of a mail of 4,400.
BYTES_PER_MAIL = 7_000
# A mail's share of a tick, four at once. After the first 20, mails leave at their pace, and the tick waits.
MAIL_MILLISECONDS = 100
MAILS_AT_ONCE = 20
SECONDS_BETWEEN_MAILS = 1
SECONDS = 365.25 / 12 * 24 * 60 * 60
TICKS = SECONDS / 60
# A server that runs all day on the tables looks every second: as an idle tick does, and once more for what comes next,
# eight queries of half a unit each. How mail leaves it knows for half a minute.
READ_UNITS_PER_SECOND = READ_UNITS_PER_IDLE_TICK + 4 - 1
MEMORY_GB = 256 / 1024
LOG_BYTES_PER_INVOCATION = 700
LOG_BYTES_PER_REQUEST = 400
SECRETS = 2
# Each beginning of a function reads them, and then keeps them.
SECRET_CALLS = 5_000
METRICS = len(re.findall(r'"Unit":', (HERE.parent / "src/lambda/metrics.rs").read_text()))
ALARMS = (HERE / "aws/template.yaml").read_text().count("Type: AWS::CloudWatch::Alarm")
# On one server: the file, seven backups and one that is being made, and the system.
FILES_ON_DISK = 9
SYSTEM_GB = 5
BACKUPS_ELSEWHERE = 7

GB = 1_000_000_000


def on_aws(charters):
    views = min(charters * BOARD_VIEWS_PER_CHARTER, BOARD_VIEWS_AT_MOST)
    # Each tick asks for a page, too.
    requests = charters * REQUESTS_PER_CHARTER + views + TICKS
    mails = charters * MAILS_PER_CHARTER
    waited = max(0, mails / TICKS - MAILS_AT_ONCE) * SECONDS_BETWEEN_MAILS * TICKS
    seconds = (TICKS * TICK_MILLISECONDS + requests * REQUEST_MILLISECONDS + mails * MAIL_MILLISECONDS) / 1000 + waited
    writes = charters * WRITE_UNITS_PER_CHARTER + TICKS * WRITE_UNITS_PER_IDLE_TICK
    reads = (
        charters * READ_UNITS_PER_CHARTER
        + charters * (REQUESTS_PER_CHARTER - REQUESTS_COUNTED_PER_CHARTER) * READ_UNITS_PER_PAGE_VIEW
        + TICKS * (READ_UNITS_PER_IDLE_TICK + READ_UNITS_PER_TICKS_PAGE)
        + views * READ_UNITS_PER_BOARD_VIEW
    )
    kept = charters * MONTHS_KEPT * BYTES_PER_CHARTER / GB
    logs = ((TICKS + requests) * LOG_BYTES_PER_INVOCATION + requests * LOG_BYTES_PER_REQUEST) / GB
    out = (
        (requests - views - TICKS) * BYTES_PER_PAGE + views * BYTES_PER_BOARD + mails * BYTES_PER_MAIL
    ) / GB
    return {
        "Lambda, requests": (TICKS + requests) * LAMBDA_REQUEST,
        "Lambda, GB-seconds": seconds * MEMORY_GB * LAMBDA_GB_SECOND,
        "HTTP API": requests * HTTP_API_REQUEST,
        "DynamoDB, write units": writes * WRITE_UNIT,
        "DynamoDB, read units": reads * READ_UNIT,
        "DynamoDB, storage": kept * TABLE_GB,
        "DynamoDB, point in time recovery": kept * POINT_IN_TIME_GB,
        "Secrets Manager": SECRETS * SECRET + SECRET_CALLS * SECRET_CALL,
        "CloudWatch, alarms": ALARMS * ALARM,
        "CloudWatch, metrics": METRICS * METRIC,
        "CloudWatch, logs": logs * (LOG_GB_IN + LOG_GB_KEPT),
        "EventBridge": TICKS * SCHEDULE_EVENT,
        "data out": out * DATA_OUT_GB,
    }


def on_one_server(charters, plans):
    kept = charters * MONTHS_KEPT * BYTES_PER_CHARTER / GB
    disk = kept * FILES_ON_DISK + SYSTEM_GB
    # Not a number where none of the plans is large enough.
    price = next((price for price, holds in plans if holds >= disk), math.nan)
    return {"server, with its disk": price, "a copy of the backups": kept * BACKUPS_ELSEWHERE * BACKUP_GB}


def table():
    columns = [f"{charters:,} charters" for charters in CHARTERS_A_MONTH]
    lines = [f"| dollars a month | {' | '.join(columns)} |", f"| --- |{' ---: |' * len(columns)}"]

    def line(name, values, strong=""):
        cells = [f"{strong}{value:,.2f}{strong}" for value in values]
        lines.append(f"| {strong}{name}{strong} | {' | '.join(cells)} |")

    for name, cost in [
        ("AWS", on_aws),
        ("one server, DigitalOcean", lambda charters: on_one_server(charters, DIGITALOCEAN)),
        ("one server, Lightsail", lambda charters: on_one_server(charters, LIGHTSAIL)),
    ]:
        costs = [cost(charters) for charters in CHARTERS_A_MONTH]
        line(name, [sum(each.values()) for each in costs], "**")
        for item in costs[0]:
            line(item, [each[item] for each in costs])
    mails = CHARTERS_A_MONTH[-1] * MAILS_PER_CHARTER
    most = CHARTERS_A_MONTH[-1] * MONTHS_KEPT * BYTES_PER_CHARTER / GB
    text = (
        "List prices as found in November 2026, those of AWS in us-east-1; without free tiers, taxes, the domain and the "
        f"mail provider, who at the {MAIL * 1_000:.2f} dollars for a thousand of Amazon SES takes {mails * MAIL:,.0f} for the "
        f"{mails:,} mails of {CHARTERS_A_MONTH[-1]:,} charters. Units of DynamoDB and mails are {UNITS['from']}: a charter that asks five people for three seats "
        f"takes {WRITE_UNITS_PER_CHARTER:,.0f} write units, {READ_UNITS_PER_CHARTER:,.0f} read units and "
        f"{MAILS_PER_CHARTER} mails. Assumed are ticks of {TICK_MILLISECONDS} ms, each of which asks for a page, {REQUESTS_PER_CHARTER} "
        f"requests of {REQUEST_MILLISECONDS} ms a charter, {BYTES_PER_CHARTER:,} bytes of "
        f"each kept for {MONTHS_KEPT} months, {BOARD_VIEWS_PER_CHARTER} looks at the board a charter, and at most "
        f"{BOARD_VIEWS_AT_MOST:,} in all. With {CHARTERS_A_MONTH[-1]:,} charters a month the file comes to {most:,.0f} GB, "
        f"and the server has {FILES_ON_DISK - 1} copies of it beside, for the backups. `crewcall serve` on the tables, all day "
        f"on a machine of its own, reads for ${SECONDS * READ_UNITS_PER_SECOND * READ_UNIT:.2f} while nothing happens."
    )
    return "\n".join([*lines, "", textwrap.fill(text, 126, break_on_hyphens=False), ""])


def check(path):
    found = re.search(f"{re.escape(MARKS[0])}(.*?){re.escape(MARKS[1])}", path.read_text(), re.DOTALL)
    if not found:
        return f"{path} has no marks {MARKS[0].strip()} and {MARKS[1]}; put the table of cost.py between them"
    if found[1] != table():
        return f"The table in {path} is not what cost.py prints; put what it prints there"
    return None


def main():
    match sys.argv[1:]:
        case []:
            print(table(), end="")
        case ["--check", name]:
            sys.exit(check(pathlib.Path(name)))
        case _:
            sys.exit(__doc__)


if __name__ == "__main__":
    main()

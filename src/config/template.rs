//! The file that `crewcall init` writes.

/// A `crewcall.toml` that works as it stands, mails going into a directory, with the rest explained.
pub const TEMPLATE: &str = r#"# The settings of crewcall. `crewcall config` shows what is in effect, and where each value comes from.
#
# Every key can also be given in the environment, as CREWCALL_<SECTION>__<KEY>:
#   CREWCALL_OPERATOR__TIME_ZONE=America/New_York  CREWCALL_MAIL__SMTP__HOST=mail.example.com
# Names of files are relative to the directory of this file. Times are written as 2h, 90min, 10s.

[operator]
name = "Harbor Sails"                       # as crew and office read it
# phone = "+1-619-555-0100"                 # where people ring the office, on pages and in mails
time_zone = "America/Los_Angeles"           # in which times and dates are read and shown
link_prefix = "harbor"                      # links read harbor_crew_…
ranks = ["captain", "mate", "deckhand", "host"]

[server]
listen = "127.0.0.1:8321"
public_url = "http://127.0.0.1:8321"        # where phones reach the pages: https://crew.example.com
# link_key_file = "crewcall.db.key"         # links are derived from it; back it up with the store
# link_key_secret = "crewcall/link-key"     # or the name of a secret in AWS Secrets Manager

# "Sign in with Google" beside the mailed link, for the users whom you let in: docs/sign-in.md says how to make the client.
# [sign_in.google]
# client_id = "1234-abc.apps.googleusercontent.com"
# client_secret_file = "secrets/google_sign_in"       # or client_secret_secret, the name of a secret in AWS Secrets Manager
# issuer = "https://accounts.google.com"    # or another one that speaks OpenID Connect, exactly as it names itself
# name = "Google"                           # what the button calls it

[store]
kind = "sqlite"                             # or "dynamodb", in a build with --features aws; `crewcall store setup` makes its tables
path = "crewcall.db"
# table_prefix = "harbor-"                  # dynamodb: what the names of its tables begin with
# token_table = "crew-tokens"               # dynamodb: the table of links

[mail]
# Nobody gets any mail until this says "smtp", with the section [mail.smtp] below filled in, or "gmail", with [google] client_file;
# then `crewcall google login` signs in.
transport = "file"                          # "smtp" and "gmail" send; "file" puts each mail into a directory
# fallback = "smtp"                         # or "gmail": by which way alerts leave while the transport does not work
from = "Harbor Sails <crew@example.com>"
office = "office@example.com"               # where the office reads copies and alerts
# per_minute = 60                           # mails that leave in a minute at the most, after the first 20, by each process: what providers take. Gmail: 40
# per_day = 2000                            # mails that leave in 24 hours at the most, by all processes; "none" for no limit. Gmail: 2000

[mail.file]
dir = "mail"

# [mail.smtp]
# host = "mail.example.com"
# port = 587
# tls = "starttls"                          # or "tls" (often port 465); "none" only towards this machine
# username = "crew@example.com"             # with one of the next two, where the server wants a sign-in
# password_file = "secrets/smtp_password"
# password_secret = "crewcall/smtp-password"  # or the name of a secret in AWS Secrets Manager

# Gmail and the spreadsheet. `crewcall google login` signs in, `crewcall google status` shows how it stands.
# [google]
# client_file = "secrets/google_client.json"        # the OAuth client ("Desktop app") of Google's console, needed to sign in
# credentials_file = "secrets/google_refresh.json"  # the sign-in; or the key of a service account, for the spreadsheet
# credentials_secret = "crewcall/google"            # instead of that file, the name of a secret in AWS Secrets Manager

# [sheets]
# spreadsheet_id = "1x5…"                   # what stands in the sheet's address between /d/ and the next /
# sync = "off"                              # "on" keeps sheet and store the same; look first: `crewcall sheets preview`,
                                            # then `crewcall sheets sync --dry-run`; "shadow" only looks, and reports

[policy]
response_window = "2h"                      # how long an offer waits from the hand-over of its mail, where there is time enough
shortest_window = "15min"                   # everyone has this long at least; if that does not fit, the office is alerted
ask_at_once = 1                             # how many are asked for one seat at once when it does not fit; the first yes has it
complete_before = "0s"                      # how long before the call time the crew has to be complete: windows shrink to fit
quiet_hours = "none"                        # or "22:00-07:00": the clock stands still, unless the call is urgent
grace = "2min"                              # how long after that an answer still counts
undo_window = "10min"                       # how long a yes can be taken back at no cost
drop_outs = "responsible"                   # who can't sail after all answers for the seat until somebody else has it, or is "free"
drop_out_cutoff = "48h"                     # how long before departure the office hears of each drop-out
late_yes = "office"                         # a yes that is too late: the office can take it; or "take", as soon as nobody is being asked
undeliverable = "next"                      # where an offer cannot be delivered: the next is asked; or "pause", and the office looks first
turnaround = "30min"                        # between one sail and the next, for one person
restart_grace = "15min"                     # how long offers stay open at least after the pages were down
unknown_availability = "skip"               # or "ask": ask those, too, who said nothing clear of a date
order = []                                  # how a rank takes turns, as ["captain=last_sail", "deckhand=fewest_sails"]: last_sail asks
                                            # whoever's last sail is longest ago first, fewest_sails whoever has the fewest in that month
                                            # (agreed sails count); "fixed", or a rank that is not named, goes by the cascade order

# The rules that are checked before somebody is asked to sail on this boat. Each gate is "block", "warn" or "off";
# where nothing is said, it blocks (work_hours warns). A vessel without a section is not checked. Not legal advice.
# [vessels.america]
# name = "America"                          # as bookings have it
# class = "inspected"                       # with a Certificate of Inspection, or "uninspected"
# complement = ["captain=1", "deckhand=1"]  # the crew that the certificate requires
# credentials = ["deckhand=first_aid"]      # further credentials, by position
# [vessels.america.gates]
# bareboat = "block"                        # a bareboat charter brings its own crew
# certificate = "block"                     # more than six passengers need a certificate
# complement = "block"
# license = "block"                         # captains: oupv, or master on inspected vessels
# medical = "block"                         # captains
# drug_program = "block"                    # everyone
# credentials = "block"
# rest = "block"                            # captain and mate: 6 h off in the 12 h before leaving port
# work_hours = "warn"                       # at most 12 h of work in 24 h

# What people are paid, for `crewcall statement 2026-06`. Each rule has a name of your own, and holds for departures from a
# day on; of several that hold, one for a person goes before one for a vessel, that before one for a position, and of
# equals the one with the later day. So give a raise as a new rule: what is changed in an old one is paid later for past sails.
# [pay]
# currency = "USD"
# owner = "Kim Cole <owner@example.com>"    # who gets the owner's workbook; else it goes to the office
# [pay.rules.captain]
# position = "captain"                      # and, where it is an exception: vessel = "America", crew = "dana-reyes"
# from = "2026-01-01"                       # until = "2026-12-31" ends it
# per_sail = "150.00"
# share = "5%"
# share_of = "net"                          # of the revenue after the channel fee; or "gross"
# [pay.rules.deckhand]
# position = "deckhand"
# from = "2026-01-01"
# per_hour = "22.50"
# round_hours = "15min nearest"             # or "up", "down"; then
# minimum_hours = "3:00"                    # at least so much is paid
# [pay.gratuity.standard]
# from = "2026-01-01"                       # and, where it is an exception: vessel = "America"
# split = "equal"                           # or "hours"; or "rank", with
# weights = ["captain=2", "deckhand=1"]
"#;

//! Every limit in one place, each with its unit. What a protocol or a store limits of its own
//! stands with it (`src/store`, `src/mail`).
//!
//! A limit is crossed with a sentence, never with a crash: the parser, the page or the command
//! that meets the excess names the limit and the number that was given.

/// Characters in an id that people or other tools choose (charter, crew member).
pub const ID_CHARS: usize = 64;
/// Characters in a person's, vessel's, dock's or operator's name.
pub const NAME_CHARS: usize = 100;
/// Characters in a reason or a note of the office.
pub const NOTE_CHARS: usize = 200;
/// Characters in what somebody says along with an answer.
pub const COMMENT_CHARS: usize = 300;
/// Characters in a message to everyone aboard, and in a note of the office.
pub const MESSAGE_CHARS: usize = 2_000;
/// Hours after a charter's return in which people can still write to each other.
pub const THREAD_OPEN_HOURS: i64 = 24;
/// Messages on one charter within an hour, after which the crew waits; each goes to everyone aboard by mail.
pub const MESSAGES_PER_HOUR: usize = 20;
/// How often one person may write along with answers to one offer that change nothing, and begin to stand by: each is a
/// mail to the office.
pub const REMARKS: u32 = 10;
/// People who are asked for one seat at the same time.
pub const ASKED_AT_ONCE: usize = 5;
/// Gates set aside on one charter.
pub const OVERRIDES: usize = 16;
/// Characters in the name of a rank.
pub const RANK_CHARS: usize = 32;
/// Ranks that one operator sails with.
pub const RANKS: usize = 32;
/// Characters in the prefix of links.
pub const LINK_PREFIX_CHARS: usize = 20;
/// Characters in a phone number as written.
pub const PHONE_CHARS: usize = 32;
/// Characters in an e-mail address (RFC 5321, 4.5.3.1.3: a path of 256 octets with its brackets).
pub const EMAIL_CHARS: usize = 254;
/// Crew members on one roster.
pub const ROSTER_MEMBERS: usize = 5_000;
/// Dates in one crew member's availability.
pub const AVAILABILITY_DATES: usize = 1_500;
/// Crew members in one captain's pairing.
pub const PAIRED_CREW: usize = 32;
/// Characters in the name of a time zone.
pub const TIME_ZONE_CHARS: usize = 40;
/// Credentials of one crew member.
pub const CREDENTIALS: usize = 32;
/// Vessels that the settings describe.
pub const VESSELS: usize = 100;
/// Bytes of one crew record as JSON; with the rest of its item far below DynamoDB's 400 KB.
pub const CREW_RECORD_BYTES: usize = 64 * 1024;
/// Seats on one charter, the captain's included. Keeps the largest commit below 100 items.
pub const SEATS: u32 = 16;
/// Different positions on one charter.
pub const POSITIONS: usize = 8;
/// People in the fixed order of one position in one call. With [`OFFERS`] it keeps a charter's row
/// below what a store takes.
pub const CANDIDATES: usize = 100;
/// Offers made for one charter over its whole life.
pub const OFFERS: usize = 350;
/// People in one audit event that says who was left out.
pub const SKIPPED_IN_ONE_EVENT: usize = 200;
/// Reasons that are recorded for one person.
pub const REASONS: usize = 3;
/// Bytes of what somebody said that a reason quotes. A call that is started may record reasons for
/// the whole roster in one commit.
pub const REASON_BYTES: usize = 40;
/// Hours between two sails of one person that the operator can ask for at the most.
pub const TURNAROUND_HOURS: i64 = 48;
/// Hours for which a person's sail is remembered after its return: what comes next has to keep its distance.
pub const SAIL_REMEMBERED_HOURS: i64 = TURNAROUND_HOURS;
/// Months for which the number of a person's sails is remembered.
pub const MONTHS_REMEMBERED: usize = 3;
/// The years in which a charter may be: between them, all arithmetic with times is safe.
pub const YEARS: std::ops::RangeInclusive<i16> = 2000..=2200;
/// People who stand by for one charter and are told when it changes or is cancelled, in the order in which they were
/// asked. The rest see it on the page behind their link; each is a mail of the commit.
pub const STANDBYS_TOLD: usize = 16;
/// People for whom one position's asking waits at the same time; each is an item of the commit.
pub const WAITING_FOR: usize = 3;
/// Guests on one charter.
pub const GUESTS: u32 = 2_000;
/// Hours between a charter's call time and its return.
pub const CHARTER_HOURS: i64 = 24 * 60;
/// Money in one amount, in cents: ten million units of the currency.
pub const MONEY_CENTS: i64 = 1_000_000_000;
/// Months before a statement's in which charters are looked at again, for what has become of them since they were paid.
pub const STATEMENT_MONTHS_BACK: i32 = 12;
/// Sails and adjustments on one person's statement. Of usual length they are below what a store takes as a row; what is
/// above is refused as well.
pub const STATEMENT_LINES: usize = 600;
/// Bonuses and deductions that the office gives in one month.
pub const ENTRIES: usize = 300;
/// Rules of pay that the settings have, and as many of gratuities.
pub const PAY_RULES: usize = 200;
/// Minutes to which hours are rounded at the most.
pub const ROUND_HOURS_TO: u32 = 60;
/// The weight of a rank where gratuities are split by rank.
pub const GRATUITY_WEIGHT: u32 = 1_000;
/// Items in one store commit that an ordinary decision writes.
pub const ORDINARY_COMMIT_ITEMS: usize = 25;
/// Items in one store commit at the most (DynamoDB's TransactWriteItems takes 100).
pub const COMMIT_ITEMS: usize = 100;
/// Bytes of a request body that the web server reads.
pub const REQUEST_BYTES: usize = 64 * 1024;
/// Bytes of a request body by which the office sends a file, or the days of many people. With what the page makes of it the
/// answer is below what AWS Lambda hands on (6 MB).
pub const LARGE_REQUEST_BYTES: usize = 3 * 1024 * 1024;
/// Bytes of a file that a browser sends; coded as a field of a form it is still below [`LARGE_REQUEST_BYTES`].
pub const UPLOAD_BYTES: usize = 2 * 1024 * 1024;
/// Connections that the web server serves at once; further ones wait.
pub const CONNECTIONS: usize = 2_048;
/// Browsers that are told at once what changes on the board; further ones fetch it every minute.
pub const LIVE_STREAMS: usize = 1_200;
/// Of these so many of one user, in however many windows.
pub const LIVE_STREAMS_OF_ONE: usize = 100;
/// How long before its departure a sail leaves soon, in hours: by then somebody has to have been asked.
pub const SOON_HOURS: i64 = 72;
/// Connections of one address; further ones are hung up on. A proxy on the same machine has as many as there are.
pub const CONNECTIONS_OF_ONE: usize = 128;
/// Requests that one place may have under way, those among them that a proxy on this machine hands on. An answer that goes
/// on, as the board's, counts no more once it has begun.
pub const REQUESTS_OF_ONE: usize = 64;
/// Bytes of a roster file, a charter on standard input or a configuration file.
pub const FILE_BYTES: u64 = 32 * 1024 * 1024;
/// Days after which sails no longer come and go in a sheet: what is older stays as it stands there.
pub const SHEET_PAST_DAYS: i64 = 31;
/// Rows of a tab of a sheet or workbook that are read.
pub const SHEET_ROWS: usize = 20_000;
/// Columns of a tab of a sheet or workbook that are read.
pub const SHEET_COLUMNS: usize = 1_000;
/// Tabs of a workbook that is read from a file.
pub const BOOK_TABS: usize = 100;
/// Places of a workbook's cells that are read, of all tabs together: each row counts up to its last cell, and as one more. A
/// thousand people and four hundred days are below it. Each place takes some 80 bytes and its text; what becomes of it on the
/// way to the roster takes as much again.
pub const BOOK_CELLS: usize = 500_000;
/// Bytes of text in a workbook: as it stands in the file, and as its cells show it, where one text may stand in many.
pub const BOOK_TEXT_BYTES: usize = 24 * 1024 * 1024;
/// Joined cells of a workbook, of all tabs together. Every cell is looked for in all of its tab's.
pub const BOOK_JOINS: usize = 2_000;
/// Formats, names and links of a workbook, together. Excel has at most 65,490 formats.
pub const BOOK_FORMATS: usize = 70_000;
/// Files within a workbook, which is a zip: tabs, pictures and the like.
pub const BOOK_PARTS: usize = 10_000;
/// Bytes of one file within a workbook, unpacked. A thousand people and four hundred days in one tab are some 30 MB.
pub const BOOK_PART_BYTES: u64 = 48 * 1024 * 1024;
/// Bytes of all files within a workbook that are read, unpacked.
pub const BOOK_BYTES: u64 = 64 * 1024 * 1024;
/// Columns of a CSV of people: [`AVAILABILITY_DATES`], and room for what else an office keeps.
pub const CSV_COLUMNS: usize = 2_000;
/// Objects (`{…}`) in one JSON text. A record of the roster has up to three, and each takes some 600 bytes even if it is small.
pub const JSON_OBJECTS: usize = 50_000;
/// Bytes of one request that writes into a sheet, about. Google refuses what is longer than 10,485,760 bytes
/// ("Request payload size exceeds the limit").
pub const SHEET_REQUEST_BYTES: usize = 8_000_000;
/// UTF-16 units of text in a cell of a workbook, which is how spreadsheets count.
pub const CELL_UNITS: usize = 32_767;
/// Faults that one import lists before it stops counting aloud.
pub const FAULTS_SHOWN: usize = 50;
/// Times that one decision is taken again after losing a race, before it gives up.
pub const COMMIT_ATTEMPTS: u32 = 64;
/// Times that one offer's window is extended because the program was down.
pub const EXTENSIONS: u32 = 3;

-- One table for each kind of row, all alike: see src/store/item.rs for what the columns mean.
--
-- Tables have a rowid: a charter's body is kilobytes, and WITHOUT ROWID would keep bodies in the nodes of the
-- tree that ids are searched in and push everything above a quarter page into overflow pages.
-- It was tried, and took more processor time for small rows as well.
--
-- due_at is in microseconds since 1970, UTC. The indexes are partial: most rows are neither listed nor due, and
-- those cost the indexes nothing. Both end in id, which makes the order of ties the same in every store.
-- Events are listed by their id and have no index for it.

CREATE TABLE charter (
    id           TEXT    NOT NULL PRIMARY KEY,
    version      INTEGER NOT NULL,
    listed_under TEXT,
    listed_order TEXT,
    due_at       INTEGER,
    body         TEXT    NOT NULL
) STRICT;
CREATE INDEX charter_listed ON charter (listed_under, listed_order, id) WHERE listed_under IS NOT NULL;
CREATE INDEX charter_due ON charter (due_at, id) WHERE due_at IS NOT NULL;

CREATE TABLE event (
    id           TEXT    NOT NULL PRIMARY KEY,
    version      INTEGER NOT NULL,
    listed_under TEXT,
    listed_order TEXT,
    due_at       INTEGER,
    body         TEXT    NOT NULL
) STRICT;
CREATE INDEX event_due ON event (due_at, id) WHERE due_at IS NOT NULL;

CREATE TABLE crew (
    id           TEXT    NOT NULL PRIMARY KEY,
    version      INTEGER NOT NULL,
    listed_under TEXT,
    listed_order TEXT,
    due_at       INTEGER,
    body         TEXT    NOT NULL
) STRICT;
CREATE INDEX crew_listed ON crew (listed_under, listed_order, id) WHERE listed_under IS NOT NULL;
CREATE INDEX crew_due ON crew (due_at, id) WHERE due_at IS NOT NULL;

CREATE TABLE commitments (
    id           TEXT    NOT NULL PRIMARY KEY,
    version      INTEGER NOT NULL,
    listed_under TEXT,
    listed_order TEXT,
    due_at       INTEGER,
    body         TEXT    NOT NULL
) STRICT;
CREATE INDEX commitments_listed ON commitments (listed_under, listed_order, id) WHERE listed_under IS NOT NULL;
CREATE INDEX commitments_due ON commitments (due_at, id) WHERE due_at IS NOT NULL;

CREATE TABLE token (
    id           TEXT    NOT NULL PRIMARY KEY,
    version      INTEGER NOT NULL,
    listed_under TEXT,
    listed_order TEXT,
    due_at       INTEGER,
    body         TEXT    NOT NULL
) STRICT;
CREATE INDEX token_listed ON token (listed_under, listed_order, id) WHERE listed_under IS NOT NULL;
CREATE INDEX token_due ON token (due_at, id) WHERE due_at IS NOT NULL;

CREATE TABLE outbox (
    id           TEXT    NOT NULL PRIMARY KEY,
    version      INTEGER NOT NULL,
    listed_under TEXT,
    listed_order TEXT,
    due_at       INTEGER,
    body         TEXT    NOT NULL
) STRICT;
CREATE INDEX outbox_listed ON outbox (listed_under, listed_order, id) WHERE listed_under IS NOT NULL;
CREATE INDEX outbox_due ON outbox (due_at, id) WHERE due_at IS NOT NULL;

CREATE TABLE session (
    id           TEXT    NOT NULL PRIMARY KEY,
    version      INTEGER NOT NULL,
    listed_under TEXT,
    listed_order TEXT,
    due_at       INTEGER,
    body         TEXT    NOT NULL
) STRICT;
CREATE INDEX session_listed ON session (listed_under, listed_order, id) WHERE listed_under IS NOT NULL;
CREATE INDEX session_due ON session (due_at, id) WHERE due_at IS NOT NULL;

CREATE TABLE service (
    id           TEXT    NOT NULL PRIMARY KEY,
    version      INTEGER NOT NULL,
    listed_under TEXT,
    listed_order TEXT,
    due_at       INTEGER,
    body         TEXT    NOT NULL
) STRICT;
CREATE INDEX service_listed ON service (listed_under, listed_order, id) WHERE listed_under IS NOT NULL;
CREATE INDEX service_due ON service (due_at, id) WHERE due_at IS NOT NULL;

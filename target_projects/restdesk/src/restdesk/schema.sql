-- A deleted customer keeps its row, so that a cursor that names it still has its place in the list.
BEGIN;
CREATE TABLE IF NOT EXISTS customers (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, name TEXT NOT NULL,
    email TEXT NOT NULL, status TEXT NOT NULL, note TEXT NOT NULL,
    created TEXT NOT NULL, updated TEXT NOT NULL, version INTEGER NOT NULL, deleted TEXT
);
CREATE UNIQUE INDEX IF NOT EXISTS live_emails
    ON customers (lower(email)) WHERE deleted IS NULL;
CREATE TABLE IF NOT EXISTS charges (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, customer TEXT NOT NULL,
    amount INTEGER NOT NULL, currency TEXT NOT NULL, reference TEXT NOT NULL,
    status TEXT NOT NULL, description TEXT NOT NULL, fee INTEGER NOT NULL, code TEXT,
    created TEXT NOT NULL, updated TEXT NOT NULL, version INTEGER NOT NULL, deleted TEXT
);
-- One try of a charge may be under way or done, any number may have failed.
CREATE UNIQUE INDEX IF NOT EXISTS live_references
    ON charges (reference) WHERE status <> 'failed';
CREATE TABLE IF NOT EXISTS api_keys (
    id TEXT PRIMARY KEY, name TEXT NOT NULL, digest TEXT NOT NULL UNIQUE, scopes TEXT NOT NULL,
    plan TEXT NOT NULL, created TEXT NOT NULL, expires TEXT NOT NULL
);
COMMIT;

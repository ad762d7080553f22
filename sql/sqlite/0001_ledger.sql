-- The log and what is derived from it. The tables `entries`, `payloads` and
-- `nodes` only grow, in the order of their keys, so that appending touches the
-- last page of each. Whatever is found by a random key is indexed later, when
-- somebody asks.

-- Which log this is: one row.
CREATE TABLE log (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    verifier TEXT NOT NULL
) STRICT;

-- Size and Merkle root of what is recorded: one row.
CREATE TABLE head (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    size INTEGER NOT NULL,
    root BLOB NOT NULL
) STRICT;

-- The public leaves and what their payloads are about.
CREATE TABLE entries (
    number INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    agent TEXT NOT NULL,
    environment TEXT,
    leaf BLOB NOT NULL
) STRICT;

-- The private payloads under the leaves.
CREATE TABLE payloads (
    number INTEGER PRIMARY KEY,
    payload BLOB NOT NULL
) STRICT;

-- Digests of perfect subtrees in the order in which they became complete.
CREATE TABLE nodes (
    position INTEGER PRIMARY KEY,
    digest BLOB NOT NULL
) STRICT;

-- Signed states of the log.
CREATE TABLE checkpoints (
    size INTEGER PRIMARY KEY,
    note TEXT NOT NULL
) STRICT;

-- States of the log that are known outside; none below may be signed.
CREATE TABLE anchors (
    size INTEGER PRIMARY KEY,
    root BLOB NOT NULL
) STRICT;

-- What runs where, as the entries say.
CREATE TABLE deployments (
    agent TEXT NOT NULL,
    environment TEXT NOT NULL,
    body BLOB NOT NULL,
    binding BLOB NOT NULL,
    epoch INTEGER NOT NULL,
    number INTEGER NOT NULL,
    held INTEGER NOT NULL CHECK (held IN (0, 1)),
    PRIMARY KEY (agent, environment)
) STRICT, WITHOUT ROWID;

-- How many entries the two indexes below cover: one row.
CREATE TABLE indexed (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    size INTEGER NOT NULL
) STRICT;

CREATE TABLE entries_by_agent (
    agent TEXT NOT NULL,
    kind TEXT NOT NULL,
    number INTEGER NOT NULL,
    PRIMARY KEY (agent, kind, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE entries_by_payload (
    digest BLOB NOT NULL,
    number INTEGER NOT NULL,
    PRIMARY KEY (digest, number)
) STRICT, WITHOUT ROWID;

-- Whatever statements refer to by digest: evidence, bundles, locks, differences.
CREATE TABLE blobs (
    digest BLOB PRIMARY KEY NOT NULL,
    bytes BLOB NOT NULL
) STRICT;

CREATE TRIGGER entries_are_kept BEFORE DELETE ON entries
BEGIN SELECT RAISE(ABORT, 'the log only grows'); END;
CREATE TRIGGER entries_stay BEFORE UPDATE ON entries
BEGIN SELECT RAISE(ABORT, 'the log only grows'); END;
CREATE TRIGGER nodes_are_kept BEFORE DELETE ON nodes
BEGIN SELECT RAISE(ABORT, 'the log only grows'); END;
CREATE TRIGGER nodes_stay BEFORE UPDATE ON nodes
BEGIN SELECT RAISE(ABORT, 'the log only grows'); END;
CREATE TRIGGER checkpoints_are_kept BEFORE DELETE ON checkpoints
BEGIN SELECT RAISE(ABORT, 'what was signed stays signed'); END;
CREATE TRIGGER checkpoints_stay BEFORE UPDATE ON checkpoints
BEGIN SELECT RAISE(ABORT, 'what was signed stays signed'); END;

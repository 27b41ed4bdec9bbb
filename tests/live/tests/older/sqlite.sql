-- A database as the first versions left it: format 1, checksums `v1:`, downgrades without counts. Never changed.
CREATE TABLE migrate_format (format INTEGER NOT NULL PRIMARY KEY, tool text NOT NULL);
INSERT INTO migrate_format VALUES (1, 'migrate 0.1.0');
CREATE TABLE migrate_journal (
    id INTEGER PRIMARY KEY,
    at TEXT NOT NULL,
    history text NOT NULL,
    revision text NOT NULL,
    direction text NOT NULL,
    event text NOT NULL,
    step INTEGER NOT NULL,
    steps INTEGER NOT NULL,
    checksum text,
    duration_ms INTEGER NOT NULL,
    applied_by text NOT NULL,
    tool text NOT NULL,
    run text NOT NULL,
    detail text
);
CREATE TABLE migrate_ledger (
    history text NOT NULL,
    revision text NOT NULL,
    parents text NOT NULL,
    checksum text NOT NULL,
    operations text NOT NULL,
    level text NOT NULL,
    losses text NOT NULL,
    irreversible text,
    message text NOT NULL,
    downgrade text NOT NULL,
    direction text NOT NULL,
    step INTEGER NOT NULL,
    steps INTEGER NOT NULL,
    applied_at TEXT NOT NULL,
    duration_ms INTEGER NOT NULL,
    applied_by text NOT NULL,
    tool text NOT NULL,
    run text NOT NULL,
    PRIMARY KEY (history, revision)
);
CREATE TABLE users (id bigint NOT NULL, name text, age integer NOT NULL DEFAULT 7, CONSTRAINT users_pkey PRIMARY KEY (id));
CREATE TABLE notes (id integer NOT NULL);
INSERT INTO users (id, name) VALUES (1, 'ann');
INSERT INTO migrate_ledger (history, revision, parents, checksum, operations, level, losses, irreversible, message,
    downgrade, direction, step, steps, applied_at, duration_ms, applied_by, tool, run)
    VALUES ('older', 'm1', '[]', 'v1:57ee101f1085bacfd0379316eb81de301ab1cb2d041c3d2a010befdccb0aa8c4', '["create table users {\n    id: bigint,\n    name: text?,\n    users_pkey: primary key (id),\n}"]', 'exact', '[]', NULL, 'What m1 does.', '{"guards":[],"steps":[{"rebuild":false,"statements":[{"action":"run","operation":"drop table users;","sql":"DROP TABLE \"users\""}]}]}', 'upgrade', 1, 1, '2026-11-20T10:00:00.000Z', 3, 'ann@host', 'migrate 0.1.0', '0123456789abcdef0123456789abcdef');
INSERT INTO migrate_journal (at, history, revision, direction, event, step, steps, checksum, duration_ms, applied_by, tool, run, detail)
    VALUES ('2026-11-20T10:00:00.000Z', 'older', 'm1', 'upgrade', 'done', 1, 1, 'v1:57ee101f1085bacfd0379316eb81de301ab1cb2d041c3d2a010befdccb0aa8c4', 3, 'ann@host', 'migrate 0.1.0', '0123456789abcdef0123456789abcdef', NULL);
INSERT INTO migrate_ledger (history, revision, parents, checksum, operations, level, losses, irreversible, message,
    downgrade, direction, step, steps, applied_at, duration_ms, applied_by, tool, run)
    VALUES ('older', 'm2', '["m1"]', 'v1:94f0f5db7532758445bd75154e9e6b025da9481b8e2940dcaf41dd26ccdfdb33', '["alter table users { add age: integer default 7; }"]', 'exact', '[]', NULL, 'What m2 does.', '{"guards":[],"steps":[{"rebuild":false,"statements":[{"action":"run","operation":"alter table users { drop age; }","sql":"ALTER TABLE \"users\" DROP COLUMN \"age\""}]}]}', 'upgrade', 1, 1, '2026-11-20T10:00:00.000Z', 3, 'ann@host', 'migrate 0.1.0', '0123456789abcdef0123456789abcdef');
INSERT INTO migrate_journal (at, history, revision, direction, event, step, steps, checksum, duration_ms, applied_by, tool, run, detail)
    VALUES ('2026-11-20T10:00:00.000Z', 'older', 'm2', 'upgrade', 'done', 1, 1, 'v1:94f0f5db7532758445bd75154e9e6b025da9481b8e2940dcaf41dd26ccdfdb33', 3, 'ann@host', 'migrate 0.1.0', '0123456789abcdef0123456789abcdef', NULL);
INSERT INTO migrate_ledger (history, revision, parents, checksum, operations, level, losses, irreversible, message,
    downgrade, direction, step, steps, applied_at, duration_ms, applied_by, tool, run)
    VALUES ('older', 'm3', '["m2"]', 'v1:c0314c4f1db7157d090a91c7c268af2fee5ca5eb7dbdfcbcfa8e1eba3d24f8ff', '["create table notes {\n    id: integer,\n}"]', 'exact', '[]', NULL, 'What m3 does.', '{"guards":[],"steps":[{"rebuild":false,"statements":[{"action":"run","operation":"drop table notes;","sql":"DROP TABLE \"notes\""}]}]}', 'upgrade', 1, 1, '2026-11-20T10:00:00.000Z', 3, 'ann@host', 'migrate 0.1.0', '0123456789abcdef0123456789abcdef');
INSERT INTO migrate_journal (at, history, revision, direction, event, step, steps, checksum, duration_ms, applied_by, tool, run, detail)
    VALUES ('2026-11-20T10:00:00.000Z', 'older', 'm3', 'upgrade', 'done', 1, 1, 'v1:c0314c4f1db7157d090a91c7c268af2fee5ca5eb7dbdfcbcfa8e1eba3d24f8ff', 3, 'ann@host', 'migrate 0.1.0', '0123456789abcdef0123456789abcdef', NULL);

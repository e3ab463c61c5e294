-- Who deleted their data, as a digest of the account: a restored backup does not bring them back.

CREATE TABLE tombstones (
    account TEXT PRIMARY KEY,
    deleted_at BIGINT NOT NULL
);

CREATE INDEX tenants_removed ON tenants (changed_at) WHERE state = 'removed';
CREATE INDEX shares_age ON shares (shared_at);

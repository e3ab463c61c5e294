-- `sealed` holds the tokens, encrypted; `mark` is a digest that tells one token from the next.

CREATE TABLE slack_installs (
    tenant TEXT PRIMARY KEY,
    sealed TEXT NOT NULL,
    mark TEXT NOT NULL,
    expires_at BIGINT,
    installed_at BIGINT NOT NULL,
    renewing_until BIGINT
);

CREATE TABLE slack_oauth_states (
    state TEXT PRIMARY KEY,
    expires_at BIGINT NOT NULL
);

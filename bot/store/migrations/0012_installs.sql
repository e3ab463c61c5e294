-- Installs by OAuth, of whatever platform has them. `sealed` holds the tokens, encrypted; `mark` is a
-- digest that tells one token from the next.

CREATE TABLE installs (
    platform TEXT NOT NULL,
    tenant TEXT NOT NULL,
    sealed TEXT NOT NULL,
    mark TEXT NOT NULL,
    expires_at BIGINT,
    installed_at BIGINT NOT NULL,
    renewing_until BIGINT,
    PRIMARY KEY (platform, tenant)
);

INSERT INTO installs (platform, tenant, sealed, mark, expires_at, installed_at, renewing_until)
SELECT 'slack', tenant, sealed, mark, expires_at, installed_at, renewing_until FROM slack_installs;

DROP TABLE slack_installs;

CREATE TABLE oauth_states (
    state TEXT PRIMARY KEY,
    expires_at BIGINT NOT NULL
);

DROP TABLE slack_oauth_states;

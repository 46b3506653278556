DROP TABLE auth_changes, refresh_tokens, sessions, grants, clients, accounts;

"""Superset's settings for the recipe of docs/superset.md: one server on loopback, for a team's try.

Secrets come from the environment only. A server for many people keeps its own data in PostgreSQL
(SUPERSET_METASTORE) and stands behind a proxy that speaks TLS.
"""

import os
from pathlib import Path

SECRET_KEY = os.environ["SUPERSET_SECRET_KEY"]
SQLALCHEMY_DATABASE_URI = os.environ.get(
    "SUPERSET_METASTORE", f"sqlite:///{Path.cwd() / 'superset-home' / 'superset.db'}"
)
TALISMAN_ENABLED = False  # it redirects to TLS, which a server on loopback does not speak
SQLLAB_TIMEOUT = 60
PREVENT_UNSAFE_DB_CONNECTIONS = True

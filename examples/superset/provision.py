r"""Gives a running Superset the connection, the datasets and the dashboard of HK Flow.

    HKFLOW_READER_DSN=postgresql://analyst:...@localhost:5432/hkflow \\
    SUPERSET_PASSWORD=... python provision.py http://127.0.0.1:8088

Runs in Superset's own environment. Every object has a fixed identifier, so that running it again
after a change of `dashboard.yml` or of the marts brings the same objects up to date. What stands on
the dashboard is in `dashboard.yml`; what Superset's files look like is in `bundle.py`.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import psycopg2
import requests
import yaml
from bundle import Mart, bundle

_COLUMNS = """
    select c.relname, a.attname, format_type(a.atttypid, a.atttypmod),
        col_description(c.oid, a.attnum)
    from pg_attribute a join pg_class c on c.oid = a.attrelid
    where c.relnamespace = 'hkflow'::regnamespace and c.relkind = 'r' and a.attnum > 0
        and not a.attisdropped and c.relname = any(%s)
    order by c.relname, a.attnum
"""


def main() -> None:
    """Provision the server that the first argument names; exit code 1 with one sentence if not."""
    server = sys.argv[1].rstrip("/") if len(sys.argv) > 1 else "http://127.0.0.1:8088"
    dsn, password = (_setting(name) for name in ("HKFLOW_READER_DSN", "SUPERSET_PASSWORD"))
    user = os.environ.get("SUPERSET_USER", "admin")
    plan = yaml.safe_load(Path(__file__).with_name("dashboard.yml").read_text(encoding="utf-8"))
    try:
        world, marts = _read_marts(dsn, sorted({chart["mart"] for chart in plan["charts"]}))
        session = _session(server, user, password)
        done = session.post(
            f"{server}/api/v1/assets/import/",
            files={"bundle": ("hkflow.zip", bundle(plan, marts, dsn, world), "application/zip")},
            data={"passwords": json.dumps({"databases/hkflow.yaml": _password(dsn)})},
            timeout=120,
        )
    except psycopg2.Error as error:
        sys.exit(f"PostgreSQL does not answer as hkflow publishes to it: {error}".strip())
    except requests.RequestException as error:
        sys.exit(f"{server} does not answer; is Superset running there? {error}")
    if not done.ok:
        sys.exit(f"Superset refuses the dashboard ({done.status_code}): {done.text}")
    print(f"{len(plan['charts'])} charts on {server}/superset/dashboard/{plan['slug']}/")


def _setting(name: str) -> str:
    value = os.environ.get(name, "")
    if not value:
        sys.exit(f"{name} is not set; docs/superset.md says what it is")
    return value


def _password(dsn: str) -> str:
    return psycopg2.extensions.parse_dsn(dsn).get("password", "")


def _read_marts(dsn: str, names: list[str]) -> tuple[str, list[Mart]]:
    """Return the world of the figures, and of each mart its columns: name, type, description.

    Raises:
        psycopg2.Error: no server, no right to read, or nothing was published.
    """
    with psycopg2.connect(dsn) as connection, connection.cursor() as cursor:
        cursor.execute("select world from hkflow._publish")
        [(world,)] = cursor.fetchall()
        cursor.execute(_COLUMNS, (names,))
        columns: dict[str, list[tuple[str, str, str]]] = {name: [] for name in names}
        for mart, *column in cursor.fetchall():
            columns[mart].append(tuple(column))
    missing = [name for name, found in columns.items() if not found]
    if missing:
        sys.exit(f"not published: {', '.join(missing)}; run hkflow publish --to postgres")
    return world, [Mart(name, tuple(found)) for name, found in columns.items()]


def _session(server: str, user: str, password: str) -> requests.Session:
    """Return a session that is logged in and may write.

    Raises:
        requests.RequestException: the server does not answer.
    """
    session = requests.Session()
    login = {"username": user, "password": password, "provider": "db", "refresh": False}
    answer = session.post(f"{server}/api/v1/security/login", json=login, timeout=30)
    if not answer.ok:
        sys.exit(f"Superset refuses {user!r}: check SUPERSET_USER and SUPERSET_PASSWORD")
    session.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"
    session.headers["Referer"] = server
    token = session.get(f"{server}/api/v1/security/csrf_token/", timeout=30).json()["result"]
    session.headers["X-CSRFToken"] = token
    return session


if __name__ == "__main__":
    main()

"""A real PostgreSQL server of the tests' own: made in a folder, on a free port, ended by its id."""

from __future__ import annotations

import os
import pwd
import re
import shutil
import signal
import socket
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

PAGE = Path(__file__).parents[3] / "docs" / "bi.md"
OWNER_PASSWORD = "owner-secret"
NEEDED = "HKFLOW_TESTS_NEED_POSTGRES"
"""Set where tests must not be skipped for want of a server."""


def binary(name: str) -> str | None:
    """Return the path of a program of the server; Debian keeps most of them off the PATH."""
    versions = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), reverse=True)
    return shutil.which(name) or (str(versions[0]) if versions else None)


@dataclass
class Server:
    """A running server; `url` names a role and a database of it."""

    folder: Path
    port: int
    process: subprocess.Popen

    def url(self, role: str, password: str, database: str = "postgres") -> str:
        return f"postgresql://{role}:{password}@127.0.0.1:{self.port}/{database}"

    @property
    def admin(self) -> str:
        return self.url("admin", OWNER_PASSWORD)

    def stop(self) -> None:
        """End the server and its children, at once."""
        os.killpg(self.process.pid, signal.SIGQUIT)
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(20)


def start(folder: Path) -> Server:
    """Make a cluster in a folder and start its server; the role `admin` may do everything."""
    folder.mkdir(parents=True)
    data, password = folder / "data", folder / "password"
    password.write_text(OWNER_PASSWORD)
    account = _unprivileged(folder)
    initdb = [binary("initdb"), "-D", str(data), "-U", "admin", "-A", "scram-sha-256"]
    initdb += [f"--pwfile={password}", "--no-sync", "-E", "UTF8", "--locale=C.UTF-8"]
    done = subprocess.run(
        initdb, capture_output=True, text=True, check=False, cwd=folder, **account
    )
    assert done.returncode == 0, done.stdout + done.stderr
    port = free_port()
    command = [binary("postgres"), "-D", str(data), "-p", str(port), "-k", str(folder)]
    command += [
        "-c",
        "listen_addresses=127.0.0.1",
        "-c",
        "lc_messages=C",
        "-c",
        "logging_collector=off",
    ]
    log = (folder / "log").open("wb")
    process = subprocess.Popen(
        command, stdout=log, stderr=log, cwd=folder, start_new_session=True, **account
    )
    server = Server(folder, port, process)
    for _ in range(200):
        if process.poll() is not None:
            raise AssertionError((folder / "log").read_text())
        if "ready to accept connections" in (folder / "log").read_text():
            return server
        time.sleep(0.1)
    server.stop()
    raise AssertionError("the server did not come up in 20 seconds")


def page_set_up() -> str:
    """Return the SQL by which the page has an administrator set up a server."""
    (block,) = re.findall(r"```sql\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    return block


def free_port() -> int:
    """Return a port of the loopback interface that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _unprivileged(folder: Path) -> dict[str, object]:
    """Return how to run the server where we are root, which it refuses to be."""
    if os.geteuid() != 0:
        return {}
    names = {entry.pw_name for entry in pwd.getpwall()}
    account = pwd.getpwnam("postgres" if "postgres" in names else "nobody")
    for path in (folder, *folder.iterdir()):
        os.chown(path, account.pw_uid, account.pw_gid)
    for parent in folder.parents:
        if parent.stat().st_uid == os.geteuid() and not parent.stat().st_mode & 0o001:
            parent.chmod(parent.stat().st_mode | 0o011)
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}

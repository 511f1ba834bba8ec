"""A real S3 server of the tests' own: SeaweedFS in a folder, on free ports, ended by its id."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

_IDENTITY = {
    "name": "hkflow",
    "credentials": [{"accessKey": "hkflow", "secretKey": "hkflow-secret"}],
    "actions": ["Admin", "Read", "Write", "List"],
}
_PORTS = (
    "master.port",
    "master.port.grpc",
    "volume.port",
    "volume.port.grpc",
    "filer.port",
    "filer.port.grpc",
    "s3.port.grpc",
    "s3.port",
)
_UP_WITHIN_SECONDS = 60.0


def binary() -> str | None:
    """Return the path of the server's program."""
    beside = Path(sys.executable).with_name("weed")
    return str(beside) if beside.is_file() else shutil.which("weed")


@dataclass
class Server:
    """A running server."""

    url: str
    process: subprocess.Popen

    @property
    def variables(self) -> dict[str, str]:
        """Return what tells boto3 how to reach it."""
        return {
            "AWS_ENDPOINT_URL": self.url,
            "AWS_ACCESS_KEY_ID": "hkflow",
            "AWS_SECRET_ACCESS_KEY": "hkflow-secret",
            "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_CONFIG_FILE": "/dev/null",
            "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
        }

    def client(self) -> Any:
        import boto3

        return boto3.session.Session(
            aws_access_key_id="hkflow",
            aws_secret_access_key="hkflow-secret",
            region_name="us-east-1",
        ).client("s3", endpoint_url=self.url)

    def make_bucket(self) -> str:
        name = f"test-{uuid4().hex}"
        self.client().create_bucket(Bucket=name)
        return name

    def objects(self, bucket: str) -> dict[str, str]:
        """Return the ETag of every object, locks left out: they change whenever they are held."""
        pages = self.client().get_paginator("list_objects_v2").paginate(Bucket=bucket)
        found = [item for page in pages for item in page.get("Contents", ())]
        return {item["Key"]: item["ETag"] for item in found if "locks/" not in item["Key"]}

    def stop(self) -> None:
        """End the server and its children, at once."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(20)


def start(folder: Path) -> Server:
    """Start a server that keeps its objects in a folder."""
    (folder / "data").mkdir()
    identities = folder / "s3.json"
    identities.write_text(json.dumps({"identities": [_IDENTITY]}))
    ports = dict(zip(_PORTS, free_ports(len(_PORTS)), strict=True))
    command = [binary(), "server", "-ip=127.0.0.1", "-ip.bind=127.0.0.1", "-s3"]
    command += [f"-dir={folder / 'data'}", f"-s3.config={identities}", "-volume.max=0"]
    command += ["-s3.port.iceberg=0", "-s3.port.lance=0", "-volume.preStopSeconds=0"]
    command += ["-master.volumeSizeLimitMB=64", "-volume.minFreeSpace=0"]
    command += [f"-{name}={port}" for name, port in ports.items()]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            command, stdout=log, stderr=log, cwd=folder, start_new_session=True
        )
    server = Server(f"http://127.0.0.1:{ports['s3.port']}", process)
    deadline = time.monotonic() + _UP_WITHIN_SECONDS
    while not _is_up(server):
        if process.poll() is not None or time.monotonic() > deadline:
            if process.poll() is None:
                server.stop()
            raise AssertionError((folder / "log").read_text(errors="replace")[-2000:])
        time.sleep(0.2)
    return server


def free_ports(count: int) -> list[int]:
    """Return ports of the loopback interface that nobody listens on."""
    probes = [socket.socket() for _ in range(count)]
    try:
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [probe.getsockname()[1] for probe in probes]
    finally:
        for probe in probes:
            probe.close()


def _is_up(server: Server) -> bool:
    """Return whether the server takes an object, which needs all its parts."""
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        client, name = server.client(), server.make_bucket()
        client.put_object(Bucket=name, Key="probe", Body=b"probe")
    except (BotoCoreError, ClientError):
        return False
    return True

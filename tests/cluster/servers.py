"""Servers of others that the cluster needs, on free ports of 127.0.0.1: Redis, and SeaweedFS for S3."""

import json
import shutil
import socket
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from tests.cluster.processes import Programs, until

HOST = "127.0.0.1"
BUCKET = "music"
KEYS = {"aws_access_key_id": "cluster", "aws_secret_access_key": "cluster-secret", "region_name": "us-east-1"}


def free_ports(count: int) -> list[int]:
    """So many ports that nothing listens on."""
    with ExitStack() as held:
        sockets = [held.enter_context(socket.socket()) for _ in range(count)]
        for each in sockets:
            each.bind((HOST, 0))
        return [each.getsockname()[1] for each in sockets]


def redis(programs: Programs, folder: Path) -> str:
    """Starts Redis, which keeps nothing, as Celery's broker.

    Returns:
        Its URL.
    """
    (port,) = free_ports(1)
    command = [shutil.which("redis-server") or "redis-server", "--bind", HOST, "--port", str(port)]
    programs.start("redis", [*command, "--save", "", "--appendonly", "no"], folder / "redis")
    until(lambda: listens(port), "Redis listens", 30, programs)
    return f"redis://{HOST}:{port}/0"


def seaweedfs(programs: Programs, weed: Path, folder: Path) -> str:
    """Starts SeaweedFS as an S3 server that lets in whoever shows `KEYS`, with an empty bucket.

    Returns:
        Its address.
    """
    names = ("master", "volume", "filer", "s3")
    ports = dict(zip([*names, *(f"{name}.grpc" for name in names)], free_ports(2 * len(names)), strict=True))
    data = folder / "seaweedfs"
    data.mkdir(parents=True)
    identity = {
        "name": "cluster",
        "credentials": [{"accessKey": KEYS["aws_access_key_id"], "secretKey": KEYS["aws_secret_access_key"]}],
        "actions": ["Admin", "Read", "List", "Tagging", "Write"],
    }
    (data / "s3.json").write_text(json.dumps({"identities": [identity]}), encoding="utf-8")
    options = {f"{name}.port": ports[name] for name in names} | {
        f"{name}.port.grpc": ports[f"{name}.grpc"] for name in names
    }
    command = [str(weed), "server", f"-dir={data}", f"-ip={HOST}", f"-ip.bind={HOST}", "-filer", "-s3"]
    # A bucket takes a few volumes at once; a small limit keeps them small.
    command += [
        f"-s3.config={data / 's3.json'}",
        "-master.volumeSizeLimitMB=64",
        "-volume.max=100",
        "-volume.preStopSeconds=0",
    ]
    command += ["-s3.port.iceberg=0", "-s3.port.lance=0"]
    programs.start("seaweedfs", [*command, *(f"-{name}={port}" for name, port in options.items())], data)
    address = f"http://{HOST}:{ports['s3']}"
    until(lambda: _with_bucket(address), "SeaweedFS takes a bucket", 60, programs)
    return address


def s3(address: str) -> Any:
    """A client of an S3 server, of boto3's."""
    config = Config(retries={"max_attempts": 1}, connect_timeout=5, read_timeout=30)
    return boto3.client("s3", endpoint_url=address, config=config, **KEYS)


def downloaded(address: str, prefix: str, folder: Path) -> Path:
    """Copies what is in the bucket below a prefix.

    Returns:
        The copy's folder, which is called as the prefix.
    """
    client = s3(address)
    for page in client.get_paginator("list_objects_v2").paginate(Bucket=BUCKET, Prefix=f"{prefix}/"):
        for item in page.get("Contents", ()):
            file = folder / item["Key"]
            file.parent.mkdir(parents=True, exist_ok=True)
            client.download_file(BUCKET, item["Key"], str(file))
    return folder / prefix


def listens(port: int) -> bool | None:
    """True if something listens on a port; null if not."""
    try:
        socket.create_connection((HOST, port), 1).close()
    except OSError:
        return None
    return True


def _with_bucket(address: str) -> bool | None:
    try:
        s3(address).create_bucket(Bucket=BUCKET)
        s3(address).put_object(Bucket=BUCKET, Key="try", Body=b"try")
        s3(address).delete_object(Bucket=BUCKET, Key="try")
    except (BotoCoreError, ClientError):
        return None
    return True

"""Writes a Bluesky repository as the network's servers do, to read it back: independent of the reader but for the CBOR of `libipld`.

The tree is written from its specification (https://atproto.com/specs/repository, "MST structure"); that it is the network's own is shown by
the roots in the shared commit-proof-fixtures.
"""

import hashlib

import libipld

ALPHABET = "234567abcdefghijklmnopqrstuvwxyz"


def cid_of(raw: bytes) -> bytes:
    return b"\x01\x71\x12\x20" + hashlib.sha256(raw).digest()


def as_text(cid: bytes) -> str:
    return libipld.encode_cid(cid)


def tid(microseconds: int, clock: int = 7) -> str:
    number, text = microseconds << 10 | clock, ""
    for _ in range(13):
        number, digit = divmod(number, 32)
        text = ALPHABET[digit] + text
    return text


def layer_of(key: str) -> int:
    bits = "".join(f"{byte:08b}" for byte in hashlib.sha256(key.encode()).digest())
    return (len(bits) - len(bits.lstrip("0"))) // 2


def tree(leaves: dict[str, bytes]) -> tuple[bytes, dict[bytes, bytes]]:
    """The root and the nodes of the tree over these leaves (key → CID)."""
    nodes: dict[bytes, bytes] = {}

    def node(keys: list[str], layer: int) -> bytes:
        runs, own = [[]], []
        for key in keys:
            if layer_of(key) == layer:
                own.append(key)
                runs.append([])
            else:
                runs[-1].append(key)
        below = [node(run, layer - 1) if run else None for run in runs]
        entries, before = [], ""
        for key, right in zip(own, below[1:]):
            shared = next((i for i, (a, b) in enumerate(zip(key, before)) if a != b), min(len(key), len(before)))
            entries.append({"p": shared, "k": key[shared:].encode(), "v": leaves[key], "t": right})
            before = key
        raw = encode_node({"l": below[0], "e": entries})
        nodes[cid_of(raw)] = raw
        return cid_of(raw)

    return node(sorted(leaves), max(map(layer_of, leaves), default=0)), nodes


def encode_node(node: dict) -> bytes:
    """Keys are bytes that could be taken for links by an encoder that sees bytes only, so this is written by hand."""

    def head(kind: int, n: int) -> bytes:
        return (
            bytes([kind << 5 | n]) if n < 24 else bytes([kind << 5 | 24, n]) if n < 256 else bytes([kind << 5 | 25]) + n.to_bytes(2, "big")
        )

    def link(cid: bytes | None) -> bytes:
        return b"\xf6" if cid is None else b"\xd8\x2a" + head(2, len(cid) + 1) + b"\0" + cid

    out = b"\xa2ae" + head(4, len(node["e"]))
    for entry in node["e"]:
        key = head(2, len(entry["k"])) + entry["k"]
        out += b"\xa4ak" + key + b"ap" + head(0, entry["p"]) + b"at" + link(entry["t"]) + b"av" + link(entry["v"])
    return out + b"al" + link(node["l"])


def blocks_of(did: str, records: dict[str, dict], rev: str) -> tuple[bytes, dict[bytes, bytes]]:
    """The commit's address, and all blocks: the commit, the nodes, the records."""
    raws = {path: libipld.encode_dag_cbor(record) for path, record in records.items()}
    root, nodes = tree({path: cid_of(raw) for path, raw in raws.items()})
    commit = libipld.encode_dag_cbor({"did": did, "rev": rev, "sig": b"\7" * 64, "data": root, "prev": None, "version": 3})
    return cid_of(commit), {cid_of(commit): commit} | nodes | {cid_of(raw): raw for raw in raws.values()}


def car(root: bytes, blocks: dict[bytes, bytes] | list[tuple[bytes, bytes]]) -> bytes:
    """A CAR of these blocks, in this order."""

    def framed(raw: bytes) -> bytes:
        n, length = len(raw), b""
        while n > 127:
            length += bytes([n & 127 | 128])
            n >>= 7
        return length + bytes([n]) + raw

    header = b"\xa2eroots\x81\xd8*X%\0" + root + b"gversion\x01"
    return framed(header) + b"".join(framed(cid + raw) for cid, raw in (blocks.items() if isinstance(blocks, dict) else blocks))


def repository(did: str, records: dict[str, dict], rev: str) -> bytes:
    return car(*blocks_of(did, records, rev))

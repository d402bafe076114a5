#!/usr/bin/env python3
"""Recall and precision of a MinHash library on planted documents, as `examples/reuse.rs` counts them.

usage: compare_lineage.py datasketch|rensa PLANTED.jsonl

Sets of five words in a row, 128 permutations, threshold 0.5: the settings both projects show in their manuals.
"""
import json, re, resource, sys, time

WORD = re.compile(r"\w+")


def shingles(text):
    words = WORD.findall(text.lower())
    return {" ".join(words[i : i + 5]) for i in range(max(1, len(words) - 4))}


def datasketch_pairs(texts):
    from datasketch import MinHash, MinHashLSH

    index, pairs = MinHashLSH(threshold=0.5, num_perm=128), set()
    for at, text in enumerate(texts):
        print_ = MinHash(num_perm=128)
        print_.update_batch([s.encode() for s in shingles(text)])
        pairs.update((other, at) for other in index.query(print_))
        index.insert(at, print_)
    return pairs


def rensa_pairs(texts):
    from rensa import RMinHash, RMinHashLSH

    index, pairs, prints = RMinHashLSH(threshold=0.5, num_perm=128, num_bands=32), set(), []
    for at, text in enumerate(texts):
        print_ = RMinHash(num_perm=128, seed=1)
        print_.update(list(shingles(text)))
        pairs.update((other, at) for other in index.query(print_) if prints[other].jaccard(print_) >= 0.5)
        index.insert(at, print_)
        prints.append(print_)
    return pairs


def main():
    peer, path = sys.argv[1:3]
    corpus = [json.loads(line) for line in open(path, encoding="utf-8")]
    start = time.time()
    pairs = {"datasketch": datasketch_pairs, "rensa": rensa_pairs}[peer]([d["text"] for d in corpus])
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print("%.2f s, peak memory %d MB, %d pairs" % (time.time() - start, memory, len(pairs)))
    for edit in ("Verbatim", "Light", "Excerpt", "Heavy", "Natural"):
        hits = [(d["source"], at) in pairs for at, d in enumerate(corpus) if d["edit"] == edit]
        print("%s: recall %.4f of %d" % (edit, sum(hits) / max(1, len(hits)), len(hits)))
    family = [at if d["edit"] in ("Original", "Natural") else d["source"] for at, d in enumerate(corpus)]
    right = sum(family[a] == family[b] for a, b in pairs)
    natural = sum(family[a] != family[b] and "Natural" in (corpus[a]["edit"], corpus[b]["edit"]) for a, b in pairs)
    wrong = len(pairs) - right - natural
    print("precision outside natural duplicates %.4f (%d wrong)" % (right / max(1, right + wrong), wrong))


if __name__ == "__main__":
    main()

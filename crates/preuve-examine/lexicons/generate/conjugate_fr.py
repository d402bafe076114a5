"""French verb forms, from the infinitive: the three regular groups by rule, the others by their stems.

Simple tenses, participles with agreement, infinitive. Reflexive lemmas (`se réjouir`, `s'exclamer`) give the bare verb's forms,
as the pronoun is a token of its own. Limit: irregular verbs must be listed in STEMS.
"""

PRESENT_ER = "e es e ons ez ent".split()
IMPERFECT = "ais ais ait ions iez aient".split()
FUTURE = "ai as a ons ez ont".split()
SUBJUNCTIVE = "e es e ions iez ent".split()
# simple past, then imperfect subjunctive
PAST_A = "ai as a âmes âtes èrent asse asses ât assions assiez assent".split()
PAST_I = "is is it îmes îtes irent isse isses ît issions issiez issent".split()
PAST_U = "us us ut ûmes ûtes urent usse usses ût ussions ussiez ussent".split()
PAST_IN = "ins ins int înmes întes inrent insse insses înt inssions inssiez inssent".split()

# infinitive: (present six forms; imperfect stem; future stem; subjunctive stems singular/plural; past stem+series; participle)
STEMS = {
    "dire": ("dis dis dit disons dites disent", "dis", "dir", "dis/dis", "d+i", "dit"),
    "redire": ("redis redis redit redisons redites redisent", "redis", "redir", "redis/redis", "red+i", "redit"),
    "écrire": ("écris écris écrit écrivons écrivez écrivent", "écriv", "écrir", "écriv/écriv", "écriv+i", "écrit"),
    "lire": ("lis lis lit lisons lisez lisent", "lis", "lir", "lis/lis", "l+u", "lu"),
    "rire": ("ris ris rit rions riez rient", "ri", "rir", "ri/ri", "r+i", "ri"),
    "prendre": ("prends prends prend prenons prenez prennent", "pren", "prendr", "prenn/pren", "pr+i", "pris"),
    "mettre": ("mets mets met mettons mettez mettent", "mett", "mettr", "mett/mett", "m+i", "mis"),
    "battre": ("bats bats bat battons battez battent", "batt", "battr", "batt/batt", "batt+i", "battu"),
    "tenir": ("tiens tiens tient tenons tenez tiennent", "ten", "tiendr", "tienn/ten", "t+in", "tenu"),
    "venir": ("viens viens vient venons venez viennent", "ven", "viendr", "vienn/ven", "v+in", "venu"),
    "voir": ("vois vois voit voyons voyez voient", "voy", "verr", "voi/voy", "v+i", "vu"),
    "prévoir": ("prévois prévois prévoit prévoyons prévoyez prévoient", "prévoy", "prévoir", "prévoi/prévoy", "prév+i", "prévu"),
    "croire": ("crois crois croit croyons croyez croient", "croy", "croir", "croi/croy", "cr+u", "cru"),
    "savoir": ("sais sais sait savons savez savent", "sav", "saur", "sach/sach", "s+u", "su"),
    "vouloir": ("veux veux veut voulons voulez veulent", "voul", "voudr", "veuill/voul", "voul+u", "voulu"),
    "faire": ("fais fais fait faisons faites font", "fais", "fer", "fass/fass", "f+i", "fait"),
    "taire": ("tais tais tait taisons taisez taisent", "tais", "tair", "tais/tais", "t+u", "tu"),
    "plaire": ("plais plais plaît plaisons plaisez plaisent", "plais", "plair", "plais/plais", "pl+u", "plu"),
    "connaître": ("connais connais connaît connaissons connaissez connaissent", "connaiss", "connaîtr", "connaiss/connaiss", "conn+u", "connu"),
    "paraître": ("parais parais paraît paraissons paraissez paraissent", "paraiss", "paraîtr", "paraiss/paraiss", "par+u", "paru"),
    "conclure": ("conclus conclus conclut concluons concluez concluent", "conclu", "conclur", "conclu/conclu", "concl+u", "conclu"),
    "exclure": ("exclus exclus exclut excluons excluez excluent", "exclu", "exclur", "exclu/exclu", "excl+u", "exclu"),
    "suivre": ("suis suis suit suivons suivez suivent", "suiv", "suivr", "suiv/suiv", "suiv+i", "suivi"),
    "mentir": ("mens mens ment mentons mentez mentent", "ment", "mentir", "ment/ment", "ment+i", "menti"),
    "sentir": ("sens sens sent sentons sentez sentent", "sent", "sentir", "sent/sent", "sent+i", "senti"),
    "sortir": ("sors sors sort sortons sortez sortent", "sort", "sortir", "sort/sort", "sort+i", "sorti"),
    "craindre": ("crains crains craint craignons craignez craignent", "craign", "craindr", "craign/craign", "craign+i", "craint"),
    "plaindre": ("plains plains plaint plaignons plaignez plaignent", "plaign", "plaindr", "plaign/plaign", "plaign+i", "plaint"),
    "enjoindre": ("enjoins enjoins enjoint enjoignons enjoignez enjoignent", "enjoign", "enjoindr", "enjoign/enjoign", "enjoign+i", "enjoint"),
    "dépeindre": ("dépeins dépeins dépeint dépeignons dépeignez dépeignent", "dépeign", "dépeindr", "dépeign/dépeign", "dépeign+i", "dépeint"),
    "émouvoir": ("émeus émeus émeut émouvons émouvez émeuvent", "émouv", "émouvr", "émeuv/émouv", "ém+u", "ému"),
    "convaincre": ("convaincs convaincs convainc convainquons convainquez convainquent", "convainqu", "convaincr", "convainqu/convainqu", "convainqu+i", "convaincu"),
    "requérir": ("requiers requiers requiert requérons requérez requièrent", "requér", "requerr", "requièr/requér", "requ+i", "requis"),
    "enquérir": ("enquiers enquiers enquiert enquérons enquérez enquièrent", "enquér", "enquerr", "enquièr/enquér", "enqu+i", "enquis"),
    "être": ("suis es est sommes êtes sont", "ét", "ser", "soi/soy", "f+u", "été"),
    "duire": ("duis duis duit duisons duisez duisent", "duis", "duir", "duis/duis", "duis+i", "duit"),
    "offrir": ("offre offres offre offrons offrez offrent", "offr", "offrir", "offr/offr", "offr+i", "offert"),
    "accueillir": ("accueille accueilles accueille accueillons accueillez accueillent", "accueill", "accueiller", "accueill/accueill", "accueill+i", "accueilli"),
}
# verbs conjugated like one of STEMS behind a prefix
LIKE = {
    "contredire": "dire", "prédire": "dire", "interdire": "dire", "dédire": "dire", "décrire": "écrire", "prescrire": "écrire",
    "transcrire": "écrire", "retranscrire": "écrire", "inscrire": "écrire", "souscrire": "écrire", "sourire": "rire",
    "apprendre": "prendre", "comprendre": "prendre", "reprendre": "prendre", "admettre": "mettre", "promettre": "mettre",
    "émettre": "mettre", "remettre": "mettre", "soutenir": "tenir", "maintenir": "tenir", "retenir": "tenir", "abstenir": "tenir",
    "convenir": "venir", "prévenir": "venir", "intervenir": "venir", "revenir": "venir", "parvenir": "venir", "souvenir": "venir", "disconvenir": "venir",
    "reconnaître": "connaître", "poursuivre": "suivre", "démentir": "mentir", "pressentir": "sentir", "consentir": "sentir",
    "ressortir": "sortir", "débattre": "battre", "apparaître": "paraître",
    "traduire": "duire", "reproduire": "duire", "déduire": "duire",
}
REGULAR_D = "rendre répondre entendre prétendre défendre attendre étendre sous-entendre répandre interrompre".split()
# -eler and -eter verbs that double the consonant; the others take a grave accent
DOUBLING = {"appeler", "rappeler", "jeter", "rejeter", "épeler", "interjeter"}
ENDING_DEFENCE = ("contredire", "prédire", "interdire", "dédire")  # vous contredisez, not contredites


def bare(lemma):
    """The verb without its reflexive pronoun."""
    return lemma.removeprefix("s'")


def agree(participle):
    """Masculine and feminine, singular and plural."""
    plural = participle if participle.endswith("s") else participle + "s"
    return {participle, plural, participle + "e", participle + "es"}


def finish(present, imperfect, future, subjunctive, past, series, participle, gerund):
    found = set(present) | agree(participle) | {gerund}
    found |= {imperfect + ending for ending in IMPERFECT}
    found |= {future + ending for ending in FUTURE + IMPERFECT}
    singular, plural = subjunctive
    found |= {(plural if i in (3, 4) else singular) + ending for i, ending in enumerate(SUBJUNCTIVE)}
    found |= {past + ending for ending in series}
    return found


def weaken(stem):
    """(stem before a mute e, stem before a sounded ending, stem of the future) of a first-group verb; `-ayer` takes the short one."""
    if stem.endswith(("oy", "uy", "ay")):
        return stem[:-1] + "i", stem, stem[:-1] + "ier"
    last = len(stem) - (2 if stem.endswith(("gu", "qu")) else 1)
    for i in range(last, 0, -1):
        if stem[i] not in "aeiouyéèêâîôûœ":
            continue
        consonants = stem[i + 1:]
        single = len(consonants) == 1 or consonants in ("vr", "gn", "ch", "gu", "qu", "gl", "br", "tr", "cr", "bl", "g", "c")
        if consonants and single and stem[i] == "é":
            return stem[:i] + "è" + consonants, stem, stem + "er"
        if consonants and single and stem[i] == "e" and not (i and stem[i - 1] in "aeou"):
            if stem + "er" in DOUBLING:
                heavy = stem + stem[-1]
                return heavy, stem, heavy + "er"
            heavy = stem[:i] + "è" + consonants
            return heavy, stem, heavy + "er"
        break
    return stem, stem, stem + "er"


def soften(stem, ending):
    """Keeps the sound of c and g before a, o, â."""
    if ending[0] in "aoâ":
        if stem.endswith("c"):
            return stem[:-1] + "ç" + ending
        if stem.endswith("g"):
            return stem + "e" + ending
    return stem + ending


def first_group(verb):
    mute, sounded, future = weaken(verb[:-2])
    found = {verb, sounded + "é", sounded + "ée", sounded + "és", sounded + "ées", soften(sounded, "ant")}
    for i, ending in enumerate(PRESENT_ER):
        found.add(soften(sounded if i in (3, 4) else mute, ending))
    found |= {soften(sounded, ending) for ending in IMPERFECT + PAST_A}
    found |= {future + ending for ending in FUTURE + IMPERFECT}
    found |= {(sounded if i in (3, 4) else mute) + ending for i, ending in enumerate(SUBJUNCTIVE)}
    return found


def second_group(verb):
    stem = verb[:-1]
    present = [stem + ending for ending in "s s t ssons ssez ssent".split()]
    plain = verb[:-2]
    return finish(present, stem + "ss", verb, (stem + "ss",) * 2, plain, PAST_I, stem, stem + "ssant") | {verb}


def from_stems(verb, model):
    prefix = verb[: len(verb) - len(model)] if verb != model else ""
    if model == "écrire" and verb != model:
        prefix = verb[: -len("crire")]
        cut = 1
    elif model == "être" or verb == model:
        prefix, cut = "", 0
    else:
        cut = 0
    present, imperfect, future, subjunctive, past, participle = STEMS[model]
    forms_ = [prefix + form[cut:] for form in present.split()]
    if verb in ENDING_DEFENCE:
        forms_[4] = prefix + "disez"
    stem, _, series = past.partition("+")
    singular, _, plural = subjunctive.partition("/")
    glue = lambda text: prefix + text[cut:]
    series = {"i": PAST_I, "u": PAST_U, "in": PAST_IN}[series]
    gerund = {"savoir": "sachant", "être": "étant"}.get(model, glue(imperfect) + "ant")
    return finish(
        forms_, glue(imperfect), glue(future), (glue(singular), glue(plural)), glue(stem), series, glue(participle), gerund
    ) | {verb}


def regular_d(verb):
    stem = verb[:-2]
    present = [stem + ending for ending in ["s", "s", "", "ons", "ez", "ent"]]
    return finish(present, stem, stem + "r", (stem, stem), stem, PAST_I, stem + "u", stem + "ant") | {verb}


def forms(lemma):
    """All forms of `lemma`, sorted. An unknown irregular verb is an error, so that no wrong form is written in silence."""
    verb = bare(lemma)
    if verb in ("se", "ne"):
        return [verb]
    if verb in STEMS:
        found = from_stems(verb, verb)
    elif verb in LIKE:
        found = from_stems(verb, LIKE[verb])
    elif verb in REGULAR_D:
        found = regular_d(verb)
    elif verb.endswith("er"):
        found = first_group(verb)
    elif verb.endswith("ir"):
        found = second_group(verb)
    else:
        raise ValueError(f"`{verb}`: irregular verb without stems")
    return sorted(found)

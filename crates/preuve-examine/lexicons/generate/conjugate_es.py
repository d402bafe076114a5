"""Spanish verb forms, from the infinitive: regular endings, stem changes and irregular stems by table.

Simple tenses, participle with agreement, gerund, and the infinitive and gerund with a reflexive pronoun. A reflexive lemma
(`quejarse`) gives the bare verb's forms, as the pronoun is a token of its own. Limit: irregular verbs must be listed.
"""

ENDINGS = {
    "ar": dict(
        present="o as a amos áis an", preterite="é aste ó amos asteis aron", imperfect="aba abas aba ábamos abais aban",
        subjunctive="e es e emos éis en", past_subjunctive="ara aras ara áramos arais aran ase asen", participle="ado", gerund="ando",
    ),
    "er": dict(
        present="o es e emos éis en", preterite="í iste ió imos isteis ieron", imperfect="ía ías ía íamos íais ían",
        subjunctive="a as a amos áis an", past_subjunctive="iera ieras iera iéramos ierais ieran iese iesen", participle="ido", gerund="iendo",
    ),
    "ir": dict(
        present="o es e imos ís en", preterite="í iste ió imos isteis ieron", imperfect="ía ías ía íamos íais ían",
        subjunctive="a as a amos áis an", past_subjunctive="iera ieras iera iéramos ierais ieran iese iesen", participle="ido", gerund="iendo",
    ),
}
FUTURE = "é ás á emos éis án".split()
CONDITIONAL = "ía ías ía íamos íais ían".split()
# vowel change in the stressed stem; for -ir verbs also the weak change elsewhere
CHANGE = {
    "e>ie": "manifestar requerir negar denegar confesar recomendar encomendar pensar comenzar empezar alentar defender entender sentir advertir referir sugerir"
            " desmentir divertir discernir preferir convertir inferir fregar plegar querer apretar atestar cerrar sentar",
    "o>ue": "contar mostrar demostrar recordar encontrar probar aprobar comprobar reprobar soltar rogar mover resolver volver apostar soñar"
            " sonar colgar acordar desaprobar renovar consolar volcar descontar",
    "e>i": "corregir concebir pedir repetir medir despedir rendir seguir proseguir perseguir conseguir",
}
# stem of the strong preterite (with e, o, ieron / eron)
STRONG = {
    "decir": "dij", "hacer": "hic", "poner": "pus", "tener": "tuv", "mantener": "mantuv", "sostener": "sostuv", "contener": "contuv",
    "abstener": "abstuv", "querer": "quis", "saber": "sup", "traducir": "traduj", "producir": "produj", "reproducir": "reproduj", "proponer": "propus",
    "exponer": "expus", "suponer": "supus", "oponer": "opus", "imponer": "impus", "deponer": "depus", "disponer": "dispus",
    "contradecir": "contradij", "desdecir": "desdij", "predecir": "predij", "intervenir": "intervin", "convenir": "convin", "aducir": "aduj",
    "deducir": "deduj", "estar": "estuv",
}
# first person of the present, which also gives the subjunctive stem (without o)
FIRST = {
    "decir": "dig", "hacer": "hag", "poner": "pong", "tener": "teng", "mantener": "manteng", "sostener": "sosteng", "contener": "conteng",
    "abstener": "absteng", "salir": "salg", "proponer": "propong", "exponer": "expong", "suponer": "supong", "oponer": "opong", "imponer": "impong",
    "deponer": "depong", "disponer": "dispong", "contradecir": "contradig", "desdecir": "desdig", "predecir": "predig", "intervenir": "interveng",
    "convenir": "conveng", "oír": "oig", "ver": "ve", "prever": "preve", "traducir": "traduzc", "aducir": "aduzc", "deducir": "deduzc",
    "reproducir": "reproduzc", "conocer": "conozc", "reconocer": "reconozc", "desconocer": "desconozc", "agradecer": "agradezc", "aparecer": "aparezc",
    "parecer": "parezc", "comparecer": "comparezc", "ofrecer": "ofrezc", "establecer": "establezc", "esclarecer": "esclarezc", "trascender": "trasciend",
}
# present he/they stem where it is neither regular nor a listed vowel change
THIRD = {
    "decir": "dic", "contradecir": "contradic", "desdecir": "desdic", "predecir": "predic", "tener": "tien", "mantener": "mantien", "sostener": "sostien",
    "contener": "contien", "abstener": "abstien", "intervenir": "intervien", "convenir": "convien", "oír": "oy", "argüir": "arguy", "rehuir": "rehúy",
    "excluir": "excluy", "concluir": "concluy", "atribuir": "atribuy", "trascender": "trasciend", "inquirir": "inquier",
}
FUTURE_STEM = {
    "decir": "dir", "hacer": "har", "poner": "pondr", "tener": "tendr", "mantener": "mantendr", "sostener": "sostendr", "contener": "contendr",
    "abstener": "abstendr", "querer": "querr", "saber": "sabr", "salir": "saldr", "proponer": "propondr", "exponer": "expondr", "suponer": "supondr",
    "oponer": "opondr", "imponer": "impondr", "deponer": "depondr", "disponer": "dispondr", "intervenir": "intervendr", "convenir": "convendr",
    "oír": "oir",
}
PARTICIPLE = {
    "decir": "dicho", "hacer": "hecho", "poner": "puesto", "escribir": "escrito", "suscribir": "suscrito", "describir": "descrito", "transcribir": "transcrito",
    "ver": "visto", "prever": "previsto", "descubrir": "descubierto", "cubrir": "cubierto", "resolver": "resuelto", "volver": "vuelto", "abrir": "abierto",
    "proponer": "propuesto", "exponer": "expuesto", "suponer": "supuesto", "oponer": "opuesto", "imponer": "impuesto", "deponer": "depuesto",
    "disponer": "dispuesto", "contradecir": "contradicho", "desdecir": "desdicho", "predecir": "predicho", "creer": "creído", "leer": "leído",
    "oír": "oído",
}
ACCENTED = {  # stressed i and u: envía, actúa
    "enfriar": "enfrí", "fiar": "fí", "confiar": "confí", "desconfiar": "desconfí", "desafiar": "desafí", "enviar": "enví", "continuar": "continú",
    "evaluar": "evalú", "actuar": "actú", "acentuar": "acentú", "criar": "crí", "insinuar": "insinú", "situar": "sitú",
    "ampliar": "amplí", "reunir": "reún", "prohibir": "prohíb", "rehusar": "rehús",
}
SUPPLETIVE = {
    "reír": "río ríes ríe reímos ríen ría rían reí rió reímos rieron riera rieran reía reían reído riendo reirá reirán reiría reír",
    "sonreír": "sonrío sonríes sonríe sonreímos sonríen sonría sonreí sonrió sonrieron sonriera sonreía sonreían sonreído sonriendo sonreirá sonreirán sonreiría sonreír",
    "estar": "estoy estás está estamos están esté estén estaba estaban estado estando",
    "dar": "doy das da damos dan dé den di diste dio dimos dieron diera dieran daba daban dado dando dará darán daría darían dar",
    "ver": "veo ves ve vemos ven vi viste vio vimos vieron veía veían vea vean viera vieran visto viendo verá verán vería verían ver",
    "prever": "preveo prevé prevén prevemos previó previeron preveía preveían prevea prevean previera previsto prevista previstos previstas previendo preverá preverán prevería prever",
    "saber": "sé sabe sabes sabemos saben supe supo supieron supimos sabía sabían sepa sepan supiera supieran sabido sabiendo sabrá sabrán sabría sabrían saber",
    "echar": "echo echa echan echó echaron echaba echaban echará echarán echaría echado echando echar eche echen echara",
}
SKIPPED = {"no"}


def spell(stem, ending, kind):
    """Keeps the sound of the stem's last consonant before another vowel."""
    if not ending:
        return stem
    front = ending[0] in "eéií"
    if kind == "ar" and front:
        for tail, new in (("gu", "gü"), ("c", "qu"), ("g", "gu"), ("z", "c")):
            if stem.endswith(tail):
                return stem[: -len(tail)] + new + ending
    if kind != "ar" and not front:
        for tail, new in (("gu", "g"), ("qu", "c"), ("g", "j")):
            if stem.endswith(tail):
                return stem[: -len(tail)] + new + ending
        if stem.endswith("c") and stem[-2:-1] in "aeiouáéíóú":
            return stem[:-1] + "zc" + ending
        if stem.endswith("c"):
            return stem[:-1] + "z" + ending
    return stem + ending


def changed(verb):
    """The stressed stem: nieg-, cuent-, pid-."""
    stem = verb[:-2]
    for change, verbs in CHANGE.items():
        if verb in verbs.split():
            old, new = change.split(">")
            i = stem.rfind(old)
            return stem[:i] + new + stem[i + 1:]
    return THIRD.get(verb) or ACCENTED.get(verb) or stem


def weak(verb):
    """The stem of -ir verbs before ie, ió, a: sint-, pid-."""
    stem = verb[:-2]
    for change, verbs in CHANGE.items():
        if verb in verbs.split() and verb.endswith("ir") and change in ("e>ie", "e>i"):
            i = stem.rfind("e")
            return stem[:i] + "i" + stem[i + 1:]
    return stem


def yod(stem, ending):
    """Vowel stems write y for an unstressed i: creyó, concluyeron, oyendo."""
    if stem and stem[-1] in "aeou" and ending.startswith(("ie", "ió", "ié")) and not stem.endswith(("gu", "qu")):
        return stem + "y" + ending[1:]
    if stem and stem[-1] in "aeo" and ending.startswith("i"):
        return stem + "í" + ending[1:]
    if stem.endswith("ü") and ending.startswith("i"):
        return stem[:-1] + ("uy" + ending[1:] if ending.startswith(("ie", "ió")) else "ü" + ending)
    return stem + ending


def agree(participle):
    stem = participle[:-1]
    return {stem + ending for ending in ("o", "a", "os", "as")}


def past(verb, kind, stem):
    if verb in STRONG:
        strong = STRONG[verb]
        third = "hizo" if strong == "hic" else strong + "o"
        plural = "eron" if strong.endswith("j") else "ieron"
        endings = ["e", "iste", "imos", plural, plural[:-2] + "a", plural[:-2] + "an", plural[:-3] + "se", plural[:-3] + "sen"]
        return {strong + ending for ending in endings} | {third}
    table, found = ENDINGS[kind], set()
    for ending in table["preterite"].split() + table["past_subjunctive"].split():
        base = weak(verb) if ending.startswith(("ie", "ió", "ié")) else stem
        found.add(spell(base, ending, kind) if kind == "ar" else yod(base, ending))
    return found


def forms(lemma):
    """All forms of `lemma`, sorted."""
    verb = lemma[:-2] if lemma.endswith(("arse", "erse", "irse")) else lemma
    if verb in SKIPPED:
        return [verb]
    if verb in SUPPLETIVE:
        return sorted(SUPPLETIVE[verb].split())
    kind = {"í": "ir"}.get(verb[-2], verb[-2:])
    table, stem = ENDINGS[kind], verb[:-2]
    heavy = changed(verb)
    found = {verb, verb + "se"}
    for i, ending in enumerate(table["present"].split()):
        base = stem if i in (3, 4) else heavy
        if i == 0 and verb in FIRST:
            found.add(FIRST[verb] + ending)
            continue
        if heavy.endswith("y") and i in (1, 2, 5):
            base = heavy
        found.add(yod(base, ending) if i in (3, 4) else spell(base, ending, kind))
    subjunctive = FIRST.get(verb)
    for i, ending in enumerate(table["subjunctive"].split()):
        base = subjunctive or (weak(verb) if i in (3, 4) else heavy)
        found.add(spell(base, ending, kind) if not subjunctive else base + ending)
    found |= {yod(stem, ending) if kind != "ar" else stem + ending for ending in table["imperfect"].split()}
    found |= past(verb, kind, stem)
    future = FUTURE_STEM.get(verb, verb)
    found |= {future + ending for ending in FUTURE + CONDITIONAL}
    participle = PARTICIPLE.get(verb) or yod(stem, table["participle"])
    found |= agree(participle)
    gerund = yod("dic" if verb == "decir" else weak(verb), table["gerund"])
    found |= {gerund}
    return sorted(found)

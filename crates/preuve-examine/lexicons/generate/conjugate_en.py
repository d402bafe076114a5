"""English verb forms: base, -s, -ed, participle, -ing. Limit: only the doublings and irregular verbs listed."""

IRREGULAR = {
    "say": "said said", "tell": "told told", "speak": "spoke spoken", "put": "put put", "write": "wrote written",
    "think": "thought thought", "feel": "felt felt", "know": "knew known", "find": "found found", "see": "saw seen",
    "hear": "heard heard", "understand": "understood understood", "make": "made made", "give": "gave given",
    "hold": "held held", "show": "showed shown", "come": "came come", "begin": "began begun", "take": "took taken",
    "read": "read read", "swear": "swore sworn", "foresee": "foresaw foreseen", "break": "broke broken",
    "withdraw": "withdrew withdrawn", "forget": "forgot forgotten", "bet": "bet bet", "lay": "laid laid",
    "set": "set set", "withhold": "withheld withheld", "fall": "fell fallen", "run": "ran run", "let": "let let",
    "hit": "hit hit", "hint": "hinted hinted", "forecast": "forecast forecast", "broadcast": "broadcast broadcast",
    "cast": "cast cast", "beseech": "besought besought", "mean": "meant meant", "stand": "stood stood",
    "uphold": "upheld upheld", "bid": "bid bid", "go": "went gone", "get": "got got", "stick": "stuck stuck",
    "bear": "bore borne", "seek": "sought sought", "shoot": "shot shot", "rip": "ripped ripped",
    "be": "was been", "overstate": "overstated overstated", "recognise": "recognised recognised", "dream": "dreamed dreamt",
}
DOUBLED = set(
    "admit beg submit refer infer tip blog quip snap rebut pin demur concur jot dub brag trip permit commit vet dip chat"
    " rip tap plan skip slam scan bid put set let get hit cut run bet stop begin forget stun".split()
)
INVARIABLE = {"would"}
VOWELS = "aeiou"


def third(verb):
    """he says, she denies, it publishes"""
    if verb == "be":
        return "is"
    if verb == "go":
        return "goes"
    if verb.endswith("y") and verb[-2] not in VOWELS:
        return verb[:-1] + "ies"
    return verb + ("es" if verb.endswith(("s", "sh", "ch", "x", "z")) else "s")


def gerund(verb):
    if verb in DOUBLED:
        return verb + verb[-1] + "ing"
    if verb.endswith("ie"):
        return verb[:-2] + "ying"
    if verb.endswith("e") and not verb.endswith(("ee", "oe", "ye")) and verb != "be":
        return verb[:-1] + "ing"
    return verb + "ing"


def past(verb):
    if verb in DOUBLED:
        return verb + verb[-1] + "ed"
    if verb.endswith("e"):
        return verb + "d"
    if verb.endswith("y") and verb[-2] not in VOWELS:
        return verb[:-1] + "ied"
    return verb + "ed"


def forms(verb):
    """All forms of `verb`, sorted."""
    if verb in INVARIABLE:
        return [verb]
    found = {verb, third(verb), gerund(verb)}
    found.update(IRREGULAR[verb].split() if verb in IRREGULAR else [past(verb)])
    if verb == "be":
        found.update({"am", "are", "were"})
    if verb in {"label", "signal", "model", "counsel", "chronicle"}:
        found.update({verb + "led", verb + "ling"} if verb.endswith("l") else ())
    return sorted(found)

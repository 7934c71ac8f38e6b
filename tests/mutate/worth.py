"""Mistakes that are none, whatever the code around them: they need not be listed by hand."""

import re

# What compares two things says the same in either order.
SYMMETRIC = re.compile(r"(?:\w+(?:::|\.|->))*\w*(equal|equals|same|memcmp)\w*\(", re.IGNORECASE)
# Where equal values never come, < and <= are one: `if (a.x != b.x) return a.x < b.x;`
ORDER = re.compile(r"if \((?P<a>.+) != (?P<b>.+)\) return (?P=a) [<>]=? (?P=b);")


def makes_no_difference(mistake, line):
    if mistake.kind == "swapped":
        return SYMMETRIC.match(mistake.before) is not None
    if mistake.kind == "comparison":
        match = ORDER.search(line)
        return match is not None and re.fullmatch(
            rf"{re.escape(match['a'])} [<>]=? {re.escape(match['b'])}", mistake.before) is not None
    return False


def computed_by_the_compiler(mistakes, reached, text_of):
    """Numbers in constexpr functions that nothing calls while the program runs."""
    functions = {}
    for mistake in mistakes:
        functions.setdefault((mistake.file, mistake.function), []).append(mistake.number)
    result = set()
    for (file, function), numbers in functions.items():
        if reached.isdisjoint(numbers) and re.search(
                rf"\bcons(?:texpr|teval)\b[^;={{}}]*\b{re.escape(function)}\(", text_of(file)):
            result |= set(numbers)
    return result

"""Writes a file with all its mistakes in it, each behind the switch.

Lines stay as they are, so that what the compiler says can be found again. Around each mistake
stand comments with its number: /*<12*/ ... /*12>*/.
"""

import re


def tree_of(points):
    """[(point, children)]; what crosses another one is left out."""
    roots, stack = [], []
    for point in sorted(points, key=lambda p: (p.start, -p.end)):
        while stack and stack[-1][0].end <= point.start:
            stack.pop()
        if stack and point.end > stack[-1][0].end:
            continue
        node = (point, [])
        (stack[-1][1] if stack else roots).append(node)
        stack.append(node)
    return roots


def with_mistakes(text, numbered, switch="::mutate"):
    """`numbered` are pairs of number and point."""
    numbers = {id(point): number for number, point in numbered}

    def render(start, end, nodes):
        parts, at = [], start
        for point, children in nodes:
            parts.append(text[at:point.start].decode())
            inner = render(point.start, point.end, children)
            number = numbers[id(point)]
            template = point.text.replace("MUTATE_IF_OTHER(", f"{switch}::other({number}, ")
            template = re.sub(r"\bMUTATE\b", f"{switch}::on({number})", template)
            parts.append(f"/*<{number}*/" + template.format(inner) + f"/*{number}>*/")
            at = point.end
        parts.append(text[at:end].decode())
        return "".join(parts)

    return render(0, len(text), tree_of([point for _, point in numbered])).encode()


MARK = re.compile(rb"/\*(?:<(\d+)|(\d+)>)\*/")


def mistakes_at(text, line, column):
    """The numbers of the innermost mistakes around a place of the written text, or on its line."""
    lines = text.split(b"\n")
    if not 0 < line <= len(lines):
        return []
    offset = sum(len(l) + 1 for l in lines[:line - 1]) + column - 1
    open_now, closed_on_line, line_start, line_end = [], [], offset - column + 1, 0
    line_end = line_start + len(lines[line - 1])
    innermost = None
    for match in MARK.finditer(text):
        if match.start() > line_end:
            break
        if innermost is None and match.end() > offset:
            innermost = list(open_now)
        if match[1]:
            open_now.append((int(match[1]), match.end()))
            if match.start() >= line_start:
                closed_on_line.append(int(match[1]))
        elif open_now:
            open_now.pop()
    if innermost is None:
        innermost = list(open_now)
    if innermost:
        number, end = innermost[-1]
        # Several mistakes of the same piece stand directly inside each other.
        return [number]
    return closed_on_line

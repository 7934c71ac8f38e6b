"""Finds the places of a C++ file where a mistake can be made, with clang's own parser.

A Point is a piece of the text and what is to stand in its place. The switch is part of that:
MUTATE(n) is true while mistake n is made. In `text`, {0} is the piece as it was, with the mistakes
inside it; everything else is text of the file without mistakes.

Several mistakes are no point of this tool. A wrong operand of && or || is noticed wherever the
exchange of && and || is, and more often; so only the operand is dropped. The same holds for the
negation of a condition, which is noticed wherever "always" and "never" are. Locks and memory
orders are the thread sanitizer's. Words between quotation marks are for people to read.
"""

import dataclasses
import re

from clang import cindex
from clang.cindex import CursorKind as Kind
from clang.cindex import TypeKind


@dataclasses.dataclass
class Point:
    start: int
    end: int
    text: str       # with {0} for the piece itself and MUTATE for the switch
    line: int
    before: str     # what people read: this text ...
    after: str      # ... became that one
    kind: str
    function: str   # the innermost one with a name


SHIFT = {b"<": b"<=", b"<=": b"<", b">": b">=", b">=": b">"}
EQUAL = {b"==": b"!=", b"!=": b"=="}
ARITHMETIC = {b"+": b"-", b"-": b"+", b"*": b"/", b"/": b"*", b"%": b"/", b"&": b"|", b"|": b"&",
              b"<<": b">>", b">>": b"<<"}
COARSER = {"ns": "us", "us": "ms", "ms": "s", "s": "min", "min": "h"}
UNITS = {"nanoseconds": "microseconds", "microseconds": "milliseconds", "milliseconds": "seconds",
         "seconds": "minutes", "minutes": "hours"}
# Without them nothing but time or memory differs.
NO_EFFECT = re.compile(r"\b(reserve|shrink_to_fit|prefetch|assert|static_assert|setlocale)\b")
SYMMETRIC = {"min", "max", "swap", "equal", "tie", "hypot", "gcd", "is_permutation"}
# Calls that give the same twice, and so may be made once more to see whether a mistake matters.
PURE = re.compile(r"^(size|length|empty|find|rfind|count|begin|end|cbegin|cend|front|back|data|value"
                  r"|at|operator\[\]|operator\*|operator->|operator-|operator\+|operator==|operator<"
                  r"|operator<=>|operator!=|get|npos|time_since_epoch|static_cast|max|min)$")
FUNCTIONS = {Kind.FUNCTION_DECL, Kind.CXX_METHOD, Kind.CONSTRUCTOR, Kind.DESTRUCTOR,
             Kind.FUNCTION_TEMPLATE, Kind.CONVERSION_FUNCTION}
LOOPS = {Kind.FOR_STMT, Kind.WHILE_STMT, Kind.DO_STMT, Kind.CXX_FOR_RANGE_STMT}
INTEGERS = {TypeKind.INT, TypeKind.UINT, TypeKind.LONG, TypeKind.ULONG, TypeKind.LONGLONG,
            TypeKind.ULONGLONG, TypeKind.SHORT, TypeKind.USHORT, TypeKind.CHAR_S, TypeKind.CHAR_U,
            TypeKind.SCHAR, TypeKind.UCHAR}
NUMBERS = INTEGERS | {TypeKind.FLOAT, TypeKind.DOUBLE, TypeKind.LONGDOUBLE}
STRINGS = re.compile(r"^(const )?(std::)?(__cxx11::)?(basic_string(_view)?<char|string(_view)?\b)")
LEXEME = re.compile(rb'R"(?P<mark>[^()\\\s]*)\((?:.|\n)*?\)(?P=mark)"|"(?:\\.|[^"\\\n])*"'
                    rb"|(?<![0-9a-fA-F])'(?:\\.|[^'\\\n])+'|//[^\n]*|/\*(?:.|\n)*?\*/|[()\[\]{};]")


def without_comments(text):
    """`text` in one line. None if it cannot be one line, for mistakes keep the lines as they are."""
    if b'R"' in text or b"#" in text:
        return None
    text = LEXEME.sub(lambda m: b" " if m.group().startswith((b"//", b"/*")) else m.group(), text)
    text = re.sub(rb"\s*\n\s*", b" ", text)
    return text.decode()


def close_of(text, start):
    """Where the bracket that opens at `start` is closed."""
    depth = 0
    for match in LEXEME.finditer(text, start):
        if match.group() in (b"(", b"[", b"{"):
            depth += 1
        elif match.group() in (b")", b"]", b"}"):
            depth -= 1
            if depth == 0:
                return match.start()
    raise ValueError("a bracket is not closed")


class Finder:
    def __init__(self, path, unit, text):
        self.path = path
        self.text = text
        self.points = {}
        self.name = ""
        self.declared = -1  # where the name of the variable stands whose value is looked at
        for cursor in unit.cursor.get_children():
            if self.here(cursor):
                self.declaration(cursor)

    def here(self, cursor):
        file = cursor.location.file
        return file is not None and file.name == self.path

    # --- text

    def span(self, cursor):
        return cursor.extent.start.offset, cursor.extent.end.offset

    def raw(self, cursor):
        start, end = self.span(cursor)
        return self.text[start:end]

    def flat(self, cursor):
        return without_comments(self.raw(cursor))

    def add(self, cursor_or_span, text, before, after, kind):
        start, end = cursor_or_span if isinstance(cursor_or_span, tuple) else self.span(cursor_or_span)
        if start >= end or text is None or before is None or after is None:
            return
        line = self.text.count(b"\n", 0, start) + 1
        point = Point(start, end, text, line, short(before), short(after), kind,
                      self.name)
        self.points.setdefault((start, end, kind, after), point)

    # --- declarations

    def declaration(self, cursor):
        """Outside of functions, only functions and the defaults of members are looked at."""
        if cursor.kind in FUNCTIONS:
            self.function(cursor)
        elif cursor.kind == Kind.FIELD_DECL:
            self.field(cursor)
        elif cursor.kind == Kind.VAR_DECL:
            self.name = cursor.spelling
            self.lambdas_of(cursor)
        elif cursor.kind not in (Kind.ENUM_DECL, Kind.STATIC_ASSERT, Kind.TYPE_ALIAS_DECL):
            for child in cursor.get_children():
                self.declaration(child)

    def lambdas_of(self, cursor):
        for child in cursor.get_children():
            if child.kind == Kind.LAMBDA_EXPR:
                for part in child.get_children():
                    if part.kind == Kind.COMPOUND_STMT:
                        self.statement(part, child, None)
            else:
                self.lambdas_of(child)

    def field(self, cursor):
        self.name = cursor.spelling
        for child in cursor.get_children():
            if child.kind.is_expression() and not cursor.is_bitfield() \
                    and cursor.type.kind != TypeKind.CONSTANTARRAY:
                self.expression(child, cursor)

    def function(self, cursor):
        start = cursor.extent.start.offset
        head = self.text[start:cursor.location.offset]
        if re.search(rb"\bconsteval\b", head) or not cursor.is_definition() \
                or cursor.is_default_method() or cursor.is_deleted_method():
            return
        self.name = re.sub(r"<.*", "", cursor.spelling) or cursor.spelling
        for child in cursor.get_children():
            if child.kind == Kind.COMPOUND_STMT:
                self.statement(child, cursor, None)
            elif cursor.kind == Kind.CONSTRUCTOR and child.kind.is_expression():
                self.expression(child, cursor)

    # --- statements

    def statement(self, cursor, parent, loop):
        kind = cursor.kind
        if kind == Kind.COMPOUND_STMT:
            for child in cursor.get_children():
                self.statement(child, cursor, loop)
        elif kind == Kind.IF_STMT:
            self.if_statement(cursor, loop)
        elif kind in LOOPS:
            self.loop(cursor)
        elif kind == Kind.SWITCH_STMT:
            parts = list(cursor.get_children())
            for part in parts[:-1]:
                self.expression(part, cursor)
            self.statement(parts[-1], cursor, "switch" if loop is None else "switch in loop")
        elif kind in (Kind.CASE_STMT, Kind.DEFAULT_STMT):
            self.statement(list(cursor.get_children())[-1], cursor, loop)
        elif kind == Kind.BREAK_STMT and loop == "loop":
            self.add(cursor, "{{ if (MUTATE) continue; {0}; }}", "break", "continue", "break")
        elif kind == Kind.CONTINUE_STMT and loop is not None:
            if loop == "loop":
                self.add(cursor, "{{ if (MUTATE) break; {0}; }}", "continue", "break", "break")
        elif kind == Kind.RETURN_STMT:
            self.return_statement(cursor, parent)
        elif kind == Kind.DECL_STMT:
            for child in cursor.get_children():
                self.variable(child)
        elif kind == Kind.CXX_TRY_STMT or kind == Kind.CXX_CATCH_STMT:
            for child in cursor.get_children():
                if child.kind != Kind.VAR_DECL:
                    self.statement(child, cursor, loop)
        elif kind.is_expression():
            self.dropped(cursor)
            self.expression(cursor, parent)
        elif kind.is_statement():
            for child in cursor.get_children():
                self.statement(child, cursor, loop)

    def dropped(self, cursor):
        inner = peel(cursor)
        flat = self.flat(cursor)
        if flat is None or NO_EFFECT.search(flat) or inner.kind in (Kind.CXX_THROW_EXPR, Kind.LAMBDA_EXPR) \
                or flat.startswith(("static_cast<void>", "throw", "co_", "delete", "(void)")):
            return
        self.add(cursor, "(MUTATE ? static_cast<void>(0) : static_cast<void>({0}))", flat + ";", "nothing", "dropped")

    def variable(self, cursor):
        if cursor.kind != Kind.VAR_DECL:
            return
        start = cursor.extent.start.offset
        line_start = max(self.text.rfind(b"\n", 0, start), self.text.rfind(b";", 0, start),
                         self.text.rfind(b"{", 0, start), self.text.rfind(b"(", 0, start)) + 1
        head = self.text[line_start:cursor.location.offset]
        if re.search(rb"\bconstexpr\b", head):
            self.lambdas_of(cursor)
            return
        for child in cursor.get_children():
            if not child.kind.is_expression() or child.extent.start.offset < cursor.location.offset:
                continue  # what stands before the name belongs to its type
            if cursor.type.kind == TypeKind.CONSTANTARRAY and peel(child).kind == Kind.INTEGER_LITERAL:
                continue
            if known_at_compile_time(cursor, child):
                continue
            self.declared = cursor.location.offset
            self.negated_call(child, cursor)
            self.expression(child, cursor)

    def return_statement(self, cursor, parent):
        for child in cursor.get_children():
            self.negated_call(child, cursor)
            if peel(child).kind == Kind.CXX_BOOL_LITERAL_EXPR and parent.kind == Kind.IF_STMT:
                continue
            self.expression(child, cursor)

    def negated_call(self, cursor, parent):
        """A Boolean that a call gives, where it is no condition: `return f(x)`."""
        inner = peel(cursor)
        if inner.kind == Kind.CALL_EXPR and inner.type.get_canonical().kind == TypeKind.BOOL \
                and not inner.spelling.startswith("operator") and self.span(inner) != self.span(parent):
            flat = self.flat(inner)
            self.add(inner, "(MUTATE != ({0}))", flat, f"!{flat}", "negated")

    def header(self, cursor, word):
        start = cursor.extent.start.offset
        open_at = self.text.index(b"(", start + len(word))
        return open_at + 1, close_of(self.text, open_at)

    def if_statement(self, cursor, loop):
        begin, end = self.header(cursor, "if")
        constant = b"constexpr" in self.text[cursor.extent.start.offset:begin]
        head, rest = [], []
        for child in cursor.get_children():
            (head if child.extent.start.offset < end else rest).append(child)
        if not constant and head:
            self.if_head(head, begin, end, leaves(rest[0]))
        for child in rest:
            self.statement(child, cursor, loop)

    def if_head(self, head, begin, end, guard):
        named = [child for child in head if child.kind == Kind.VAR_DECL]
        if named:
            name = named[0].spelling
            piece = without_comments(self.text[begin:end])
            if piece is not None and ";" not in piece and name:
                self.add((begin, end), "{0}; !MUTATE && static_cast<bool>(" + name + ")",
                         f"if ({piece})", "if (false)", "never")
            for child in head:
                if child.kind == Kind.VAR_DECL:
                    self.variable(child)
            return
        for child in head:
            if child.kind == Kind.DECL_STMT:
                self.statement(child, None, None)
            elif child.extent.end.offset == last_end(head):
                self.condition(child, guard)
                self.expression(child, None, condition=True)
            else:
                self.expression(child, None)

    def condition(self, cursor, guard):
        """A guard that lets all pass, and any other condition that is dropped.

        What is && or || loses its operands instead, one by one. A block that is never entered is
        noticed wherever one of its statements is missed.
        """
        inner = peel(cursor)
        if self.operator(inner)[0] in (b"&&", b"||"):
            return
        flat = self.flat(cursor)
        if guard:
            self.add(cursor, f"({as_bool(cursor)} && !MUTATE)", f"if ({flat})", "if (false)", "never")
        else:
            self.add(cursor, f"({as_bool(cursor)} || MUTATE)", f"if ({flat})", "if (true)", "always")

    def loop(self, cursor):
        parts = list(cursor.get_children())
        body = parts[-1]
        if any(part.kind == Kind.VAR_DECL for part in parts) and cursor.kind == Kind.WHILE_STMT:
            parts = [body]  # while (const auto x = ...)
        if cursor.kind == Kind.DO_STMT:
            self.statement(parts[0], cursor, "loop")
            self.expression(parts[-1], cursor)
            return
        for part in parts[:-1]:
            if cursor.kind == Kind.WHILE_STMT and part.kind.is_expression():
                if self.operator(peel(part))[0] not in (b"&&", b"||"):
                    flat = self.flat(part)
                    self.add(part, f"({as_bool(part)} && !MUTATE)", f"while ({flat})", "while (false)", "never")
                self.expression(part, cursor, condition=True)
            elif part.kind == Kind.DECL_STMT:
                self.statement(part, cursor, None)
            elif part.kind.is_expression():
                self.expression(part, cursor)
            elif part.kind == Kind.VAR_DECL and cursor.kind == Kind.CXX_FOR_RANGE_STMT:
                pass
        self.statement(body, cursor, "loop")

    # --- expressions

    def operator(self, cursor):
        """(operator, left, right) of a binary one, built in or not; else (b"", None, None)."""
        if cursor.kind not in (Kind.BINARY_OPERATOR, Kind.CALL_EXPR):
            return b"", None, None
        parts = list(cursor.get_children())
        if cursor.kind == Kind.CALL_EXPR:
            if not cursor.spelling.startswith("operator") or len(parts) < 2:
                return b"", None, None
        if len(parts) < 2:
            return b"", None, None
        left, right = parts[0], parts[-1]
        between = self.text[left.extent.end.offset:right.extent.start.offset]
        between = LEXEME.sub(lambda m: b"" if m.group().startswith((b"//", b"/*")) else m.group(), between)
        return between.strip(), left, right

    def expression(self, cursor, parent, condition=False, operand_of=b""):
        kind = cursor.kind
        if kind == Kind.LAMBDA_EXPR:
            for child in cursor.get_children():
                if child.kind == Kind.COMPOUND_STMT:
                    self.statement(child, cursor, None)
            return
        if kind in (Kind.TYPE_REF, Kind.TEMPLATE_REF, Kind.NAMESPACE_REF, Kind.PARM_DECL):
            return
        operator, left, right = self.operator(cursor)
        if operator in (b"&&", b"||"):
            self.logical(cursor, operator, left, right)
            return
        if operator in SHIFT or operator in EQUAL:
            self.comparison(cursor, operator, left, right, condition)
        elif operator in ARITHMETIC:
            self.arithmetic(cursor, operator, left, right)
        elif kind == Kind.UNARY_OPERATOR and re.match(rb"!(?!=)", self.raw(cursor)) and not condition:
            flat = self.flat(cursor)
            self.add(cursor, "(MUTATE != ({0}))", flat, flat and flat[1:], "negated")
        elif kind == Kind.CONDITIONAL_OPERATOR:
            self.conditional(cursor)
            return
        elif kind == Kind.INTEGER_LITERAL:
            self.integer(cursor, operand_of)
        elif kind == Kind.FLOATING_LITERAL:
            flat = self.flat(cursor)
            if re.fullmatch(r"[0-9.]+", flat):
                other = "1.0" if float(flat) == 0 else flat + " * 2"
                self.add(cursor, "(MUTATE ? " + other + " : {0})", flat, other, "constant")
        elif kind == Kind.CXX_BOOL_LITERAL_EXPR:
            flat = self.flat(cursor)
            if flat in ("true", "false"):
                self.add(cursor, "(MUTATE != {0})", flat, "false" if flat == "true" else "true", "constant")
        elif kind == Kind.DECL_REF_EXPR:
            self.named_constant(cursor, operand_of)
            return  # what follows are arguments of a template
        elif kind == Kind.CALL_EXPR:
            self.call(cursor, parent)
        inner_operator = operator if (operator in SHIFT or operator in EQUAL or operator in (b"+", b"-")) else b""
        if kind in (Kind.UNEXPOSED_EXPR, Kind.PAREN_EXPR):
            inner_operator = operand_of
        condition = condition and kind in (Kind.UNEXPOSED_EXPR, Kind.PAREN_EXPR, Kind.UNARY_OPERATOR)
        reserve = kind == Kind.CALL_EXPR and cursor.spelling == "reserve"
        for child in cursor.get_children():
            if reserve and child.kind.is_expression():
                continue
            if child.kind.is_expression() or child.kind == Kind.LAMBDA_EXPR:
                self.expression(child, cursor, condition, inner_operator)
            elif child.kind.is_statement():
                self.statement(child, cursor, None)

    def logical(self, cursor, operator, left, right):
        for side, other in ((left, right), (right, left)):
            inner = self.operator(peel(side))
            if not (side is left and inner[0] == operator and peel(side, parentheses=False).kind != Kind.PAREN_EXPR):
                whole, drop = self.flat(cursor), self.flat(side)
                if operator == b"&&":
                    text = f"({as_bool(side)} || MUTATE)"
                else:
                    text = f"({as_bool(side)} && !MUTATE)"
                if drop is not None and whole is not None:
                    gone = "true" if operator == b"&&" else "false"
                    self.add(side, text, f"{drop}" if len(whole) > 90 else whole,
                             gone if len(whole) > 90 else f"{whole.replace(drop, gone, 1)}", "dropped condition")
            self.expression(side, cursor, condition=True)

    def comparison(self, cursor, operator, left, right, condition):
        a, b = self.flat(left), self.flat(right)
        if a is None or b is None:
            return
        whole = self.flat(cursor)
        if operator in SHIFT:
            other = f"{a} {SHIFT[operator].decode()} {b}"
            if self.pure(left) and self.pure(right):
                text = "MUTATE_IF_OTHER(({0}), (" + braces(other) + "))"
            else:
                text = "(MUTATE ? (" + braces(other) + ") : ({0}))"
            self.add(cursor, text, whole, other, "comparison")
        elif not condition:
            self.add(cursor, "(MUTATE != ({0}))", whole, f"{a} {EQUAL[operator].decode()} {b}", "comparison")

    def pure(self, cursor):
        if cursor.kind == Kind.CALL_EXPR and not PURE.match(cursor.spelling or "") \
                and not (cursor.referenced is not None and cursor.referenced.kind == Kind.CXX_METHOD
                         and cursor.referenced.is_const_method()):
            return False
        if cursor.kind in (Kind.LAMBDA_EXPR, Kind.CXX_NEW_EXPR, Kind.COMPOUND_ASSIGNMENT_OPERATOR):
            return False
        if cursor.kind == Kind.UNARY_OPERATOR and re.match(rb"\+\+|--|.*(\+\+|--)$", self.raw(cursor)):
            return False
        if cursor.kind == Kind.BINARY_OPERATOR and self.operator(cursor)[0] == b"=":
            return False
        return all(self.pure(child) for child in cursor.get_children())

    def arithmetic(self, cursor, operator, left, right):
        kind = cursor.type.get_canonical().kind
        sides = {side.type.get_canonical().kind for side in (left, right)}
        number = kind in NUMBERS and sides <= NUMBERS | {TypeKind.ENUM, TypeKind.BOOL}
        time = "chrono::" in cursor.type.get_canonical().spelling and operator in (b"+", b"-")
        if not number and not time:
            return
        a, b = self.flat(left), self.flat(right)
        if a is None or b is None:
            return
        other = f"{a} {ARITHMETIC[operator].decode()} {b}"
        self.add(cursor, "(MUTATE ? (" + braces(other) + ") : ({0}))", self.flat(cursor), other, "arithmetic")

    def conditional(self, cursor):
        parts = list(cursor.get_children())
        if len(parts) != 3:
            return
        if self.operator(peel(parts[0]))[0] not in (b"&&", b"||"):
            whole, flat = self.flat(cursor), self.flat(parts[0])
            if flat is not None:
                self.add(parts[0], f"({as_bool(parts[0])} || MUTATE)", whole, f"true ? of ({flat})", "always")
                self.add(parts[0], f"({as_bool(parts[0])} && !MUTATE)", whole, f"false ? of ({flat})", "never")
        self.expression(parts[0], cursor, condition=True)
        for part in parts[1:]:
            self.expression(part, cursor)

    def integer(self, cursor, operand_of):
        flat = self.flat(cursor)
        match = re.fullmatch(r"(0[xX][0-9a-fA-F']+|[0-9][0-9']*)([uUlLzZ]*)", flat or "")
        if not match or (match[1].startswith("0") and match[1][1:].isdigit()):
            return
        value = int(match[1].replace("'", ""), 0)
        if operand_of in SHIFT or operand_of in EQUAL:
            return  # the comparison itself is tried
        if operand_of in (b"+", b"-") and value <= 2:
            return
        other = value + 1 if value < 256 else value // 2
        self.add(cursor, "(MUTATE ? " + f"{other}{match[2]}" + " : {0})", flat, str(other), "constant")

    def named_constant(self, cursor, operand_of):
        target = cursor.referenced
        if target is None or target.kind != Kind.VAR_DECL or operand_of in SHIFT or operand_of in EQUAL \
                or not re.match(r"k[A-Z]", target.spelling):
            return
        kind = target.type.get_canonical()
        flat = self.flat(cursor)
        if flat is None or not flat.endswith(target.spelling):
            return
        if kind.kind in INTEGERS:
            self.add(cursor, "(MUTATE ? static_cast<std::remove_cvref_t<decltype({0})>>({0} + 1) : {0})",
                     flat, flat + " + 1", "constant")
        elif "chrono::duration" in kind.spelling:
            self.add(cursor, "(MUTATE ? std::remove_cvref_t<decltype({0})>({0} * 2) : {0})", flat, flat + " * 2", "units")

    def call(self, cursor, parent):
        flat = self.flat(cursor)
        if flat is None:
            return
        literal = re.fullmatch(r"([0-9][0-9']*)(ns|us|ms|s|min|h)", flat)
        if literal:
            unit = COARSER.get(literal[2])
            other = f"{literal[1]}{unit}" if unit else f"{flat} * 24"
            self.add(cursor, "(MUTATE ? " + other + " : {0})", flat, other, "units")
            return
        match = re.match(r"std::chrono::(\w+)[({]|base::(Seconds|Milliseconds)[({]", flat)
        if match:
            unit = (match[1] or match[2]).lower()
            if unit in UNITS:
                other = f"std::chrono::{UNITS[unit]}" + flat[match.end() - 1:]
                self.add(cursor, "(MUTATE ? " + braces(other) + " : {0})", flat, other, "units")
        match = re.match(r"(?:std::chrono::)?duration_cast<(?:std::chrono::|base::)?(\w+)>", flat)
        if match and flat.endswith(".count()") and cursor.spelling == "count":
            unit = match[1].lower()
            swap = {"seconds": "milliseconds", "milliseconds": "seconds", "microseconds": "milliseconds",
                    "nanoseconds": "microseconds"}.get(unit)
            if swap:
                other = f"std::chrono::duration_cast<std::chrono::{swap}>" + flat[match.end():]
                self.add(cursor, "(MUTATE ? " + braces(other) + " : {0})", flat, other, "units")
        if cursor.spelling.startswith("operator"):
            return
        target = cursor.referenced
        constructor = target is not None and target.kind == Kind.CONSTRUCTOR
        if constructor and cursor.extent.start.offset == self.declared:
            return
        if constructor and (parent is None or parent.kind in (Kind.VAR_DECL, Kind.CONSTRUCTOR, Kind.FIELD_DECL,
                                                              Kind.DECL_STMT)):
            return
        self.minimum(cursor, flat)
        self.swapped(cursor, flat, constructor)
        if not constructor:
            self.unwrapped(cursor, flat)

    def minimum(self, cursor, flat):
        match = re.match(r"std::(min|max)\b", flat)
        if match:
            other = "std::" + {"min": "max", "max": "min"}[match[1]] + flat[match.end():]
            self.add(cursor, "(MUTATE ? " + braces(other) + " : {0})", flat, other, "swapped")

    def swapped(self, cursor, flat, constructor):
        """The first two neighbours of one type change their places."""
        arguments = list(cursor.get_arguments())
        if cursor.spelling in SYMMETRIC or (constructor and not flat.startswith(tuple("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ:"))):
            return
        for one, two in zip(arguments, arguments[1:]):
            if one is None or two is None:
                continue
            a, b = self.flat(one), self.flat(two)
            if not a or not b or a == b or a[0] in "{[" or b[0] in "{[":
                continue
            if re.fullmatch(r"[0-9]+", a) or re.fullmatch(r"[0-9]+", b):
                continue
            kinds = [bare(argument.type) for argument in (one, two)]
            if kinds[0] != kinds[1] or not kinds[0] or "std::move" in a or "std::move" in b:
                continue
            start = cursor.extent.start.offset
            head = without_comments(self.text[start:one.extent.start.offset])
            middle = without_comments(self.text[one.extent.end.offset:two.extent.start.offset])
            tail = without_comments(self.text[two.extent.end.offset:cursor.extent.end.offset])
            if None in (head, middle, tail) or middle.strip() != ",":
                continue
            other = head + b + middle + a + tail
            self.add(cursor, "(MUTATE ? " + braces(other) + " : {0})", flat, other, "swapped")
            return

    def unwrapped(self, cursor, flat):
        """The text as it came, where a function should have changed it: a missing escape."""
        arguments = list(cursor.get_arguments())
        if not arguments or arguments[0] is None or cursor.spelling in ("move", "forward", "to_string", "string"):
            return
        result = cursor.type.get_canonical().spelling
        first = arguments[0]
        kind = first.type.get_canonical().spelling
        if not STRINGS.match(result) or not (STRINGS.match(kind) or kind in ("const char *",)):
            return
        if len(arguments) > 1 and not re.search(
                r"escape|quote|clean|safe|encode|decode|lower|upper|trim|fold|strip|normal|filter|line|valid",
                cursor.spelling):
            return
        callee = list(cursor.get_children())[0]
        if callee.kind == Kind.MEMBER_REF_EXPR and list(callee.get_children()):
            return
        text = self.flat(first)
        if text is None:
            return
        wrap = "std::string_view" if "string_view" in result else "std::string"
        self.add(cursor, "(MUTATE ? " + wrap + "(" + braces(text) + ") : {0})", flat, text, "unwrapped")


def known_at_compile_time(variable, value):
    """A constant of a built-in type is computed by the compiler, who makes no mistakes at all."""
    if not variable.type.is_const_qualified() or variable.type.get_canonical().kind not in (
            INTEGERS | {TypeKind.BOOL, TypeKind.ENUM}):
        return False
    for part in value.walk_preorder():
        if part.kind in (Kind.CALL_EXPR, Kind.MEMBER_REF_EXPR, Kind.LAMBDA_EXPR):
            return False
        if part.kind == Kind.DECL_REF_EXPR and not re.match(r"k[A-Z]", part.spelling):
            return False
    return True


def leaves(body):
    """Whether a branch ends by leaving: return, continue, break or throw."""
    if body.kind == Kind.COMPOUND_STMT:
        children = list(body.get_children())
        return bool(children) and leaves(children[-1])
    return body.kind in (Kind.RETURN_STMT, Kind.CONTINUE_STMT, Kind.BREAK_STMT) \
        or peel(body).kind == Kind.CXX_THROW_EXPR


def last_end(cursors):
    return max(cursor.extent.end.offset for cursor in cursors)


def peel(cursor, parentheses=True):
    """What stands inside implicit conversions, and inside parentheses."""
    while cursor.kind == Kind.UNEXPOSED_EXPR or (parentheses and cursor.kind == Kind.PAREN_EXPR):
        children = list(cursor.get_children())
        if len(children) != 1:
            break
        cursor = children[0]
    return cursor


def bare(kind):
    spelling = kind.get_canonical().get_pointee().spelling if kind.get_canonical().kind in (
        TypeKind.LVALUEREFERENCE, TypeKind.RVALUEREFERENCE) else kind.get_canonical().spelling
    return re.sub(r"\bconst\b|\s", "", spelling)


def as_bool(cursor):
    plain = cursor.type.get_canonical().kind == TypeKind.BOOL
    return "({0})" if plain else "static_cast<bool>({0})"


def braces(text):
    return text.replace("{", "{{").replace("}", "}}")


def short(text, limit=160):
    text = " ".join(text.split())
    return text if len(text) <= limit else text[:limit - 1] + "…"


def parse(path, arguments):
    index = cindex.Index.create()
    return index.parse(path, args=arguments)


def points_of(path, arguments):
    with open(path, "rb") as file:
        text = file.read()
    unit = parse(path, arguments)
    fatal = [str(d) for d in unit.diagnostics if d.severity >= cindex.Diagnostic.Error]
    finder = Finder(path, unit, text)
    return sorted(finder.points.values(), key=lambda p: (p.start, -p.end)), fatal

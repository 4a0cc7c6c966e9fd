"""Reads C++ just well enough for the house checks: what is code and what is not, which lines a function takes."""
import re
from dataclasses import dataclass

NOT_CODE = re.compile(
    r'//[^\n]*'
    r'|/\*.*?\*/'
    r'|R"(?P<delimiter>[^()\\\s]{0,16})\(.*?\)(?P=delimiter)"'
    r'|"(?:\\.|[^"\\\n])*"'
    r"|(?<![0-9a-fA-F])'(?:\\.|[^'\\\n])+'"
    r'|^[ \t]*\#(?:[^\n]*\\\n)*[^\n]*',
    re.DOTALL | re.MULTILINE)
CONTAINER = re.compile(r'^(?:template\s*<.*>\s*)?(?:\[\[.*?\]\]\s*)?(?:typedef\s+)?(?:class|struct|union)\b', re.DOTALL)
LABEL = re.compile(r'^\s*(?:public|private|protected)\s*:(?!:)')


@dataclass
class Function:
    name: str
    first_line: int
    last_line: int

    @property
    def lines(self):
        return self.last_line - self.first_line + 1


def blanked(text):
    """The text with comments, literals and preprocessor lines turned into blanks; lines stay where they are."""
    return NOT_CODE.sub(lambda match: re.sub(r'[^\n]', ' ', match.group()), text)


def function_name(head):
    """Of `void Parser::parse(int x) const`: Parser::parse; of `TEST(Lexer, Reads)`: Lexer.Reads; of `auto f = [](…)`: f."""
    head = ' '.join(head.split())
    test = re.match(r'(?:TYPED_)?TEST(?:_[FP])?\s*\(\s*(\w+)\s*,\s*(\w+)\s*\)', head)
    if test:
        return f'{test.group(1)}.{test.group(2)}'
    lambda_name = re.search(r'(\w+)\s*=\s*\[', head)
    if lambda_name:
        return lambda_name.group(1)
    named = re.search(r'((?:[\w~]+(?:<[^()\s&]*>)?\s*::\s*)*(?:operator\s*(?:\(\s*\)|[^\s\w(]+|[\w:<> ]+?)|[\w~]+))\s*\(', head)
    return named.group(1).replace(' ', '') if named else head[:40]


def scope_kind(head):
    """What the brace after `head`, written outside any function, opens: container, function, data or argument."""
    while LABEL.match(head):
        head = LABEL.sub('', head, count=1)
    head = head.strip()
    if re.search(r'\bnamespace\b', head) or head == 'extern' or CONTAINER.match(head):
        return 'container'
    if head.count('(') > head.count(')'):
        return 'argument'  # a default value written as braces
    if '(' not in head or head.endswith('=') or head.startswith('enum'):
        return 'data'
    return 'function'


def functions(text):
    """Every function body outside other functions, with the lines from its head to its closing brace."""
    code = blanked(text)
    found, scopes = [], []  # scopes: (kind, head's beginning, head)
    head_start = 0
    for position, character in enumerate(code):
        outside = not scopes or scopes[-1][0] == 'container'
        if character == '{':
            head = code[head_start:position] if outside else ''
            scopes.append((scope_kind(head) if outside else 'block', head_start, head))
            if scopes[-1][0] == 'container':
                head_start = position + 1
        elif character == '}' and scopes:
            kind, start, head = scopes.pop()
            initialiser = kind in ('function', 'data') and code[position + 1:position + 200].lstrip()[:1] in (',', '{', '(')
            if kind in ('block', 'argument') or initialiser:
                continue  # the head goes on
            if kind == 'function':
                found.append(made_function(code, start, position, head))
            head_start = position + 1
        elif character == ';' and outside:
            head_start = position + 1
    return found


def made_function(code, start, end, head):
    while LABEL.match(head):
        label = LABEL.match(head).end()
        start, head = start + label, head[label:]
    start += len(head) - len(head.lstrip())
    return Function(function_name(head), code.count('\n', 0, start) + 1, code.count('\n', 0, end) + 1)


def includes(text):
    """(line, path, quoted) of every #include."""
    found = []
    for number, line in enumerate(text.splitlines(), 1):
        match = re.match(r'\s*#\s*include\s*([<"])([^>"]+)[>"]', line)
        if match:
            found.append((number, match.group(2), match.group(1) == '"'))
    return found

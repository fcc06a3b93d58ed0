"""What the dashboard checks need of PromQL: names, labels, ranges.

A lexer, not a parser: that an expression is valid is asked of a Prometheus
(check.py --prometheus), which knows best.
"""

import re

_TOKEN = re.compile(r"""
    (?P<space>\s+)
  | (?P<string>"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|`[^`]*`)
  | (?P<variable>\$\{[^}]+\}|\$\w+)
  | (?P<duration>(?:\d+(?:ms|[smhdwy]))+)
  | (?P<number>\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)
  | (?P<name>[A-Za-z_][\w:]*)
  | (?P<operator>=~|!~|!=|==|<=|>=|[-+*/%^=<>(){}\[\],@:])
""", re.VERBOSE)
_KEYWORDS = {"by", "without", "on", "ignoring", "group_left", "group_right",
             "and", "or", "unless", "atan2", "bool", "offset", "inf", "nan"}
_LABEL_LISTS = {"by", "without", "on", "ignoring", "group_left", "group_right"}
_CLOSING = {"(": ")", "{": "}", "[": "]"}


class Selector:
    """`metric{matchers}[window]`, and the function around it."""

    def __init__(self, metric, matchers, window, function):
        self.metric = metric      # "" if only matchers name it
        self.matchers = matchers  # [(label, operator, value)]
        self.window = window      # the text between [ and ], or None
        self.function = function  # "rate" for rate(metric[...]), or None


class Expression:
    """The selectors of an expression and every label that it names."""

    def __init__(self, text):
        self.text = text
        self.selectors = []
        self.grouping_labels = set()
        self.made_labels = set()  # by label_replace, label_join, count_values
        self._tokens = list(_tokens(text))
        _check_brackets(self._tokens, text)
        self._read()

    def labels(self):
        """The labels that metrics must have: matched or grouped, but not
        made."""
        matched = {label for s in self.selectors for label, _, _ in s.matchers}
        return (matched | self.grouping_labels) - self.made_labels

    def _read(self):
        tokens = self._tokens
        calls = []  # for each open bracket, the function in front of it
        at = 0
        while at < len(tokens):
            kind, text = tokens[at]
            after = tokens[at + 1][1] if at + 1 < len(tokens) else ""
            if kind == "name" and text.lower() in _LABEL_LISTS and after == "(":
                end = _closing(tokens, at + 1)
                self.grouping_labels |= {t for k, t in tokens[at + 2:end]
                                         if k == "name"}
                at = end + 1
            elif text == "{" or (kind == "name"
                                 and after not in ("(", "by", "without")
                                 and text.lower() not in _KEYWORDS):
                at = self._selector(at, calls[-1] if calls else None)
            else:
                if text == "(":
                    previous = tokens[at - 1] if at else ("", "")
                    is_call = previous[0] == "name"
                    calls.append(previous[1].lower() if is_call else None)
                    if calls[-1] in ("label_replace", "label_join", "count_values"):
                        self._made(at)
                elif text == ")":
                    calls.pop()
                at += 1

    def _selector(self, at, function):
        tokens = self._tokens
        metric, matchers, window = "", [], None
        if tokens[at][0] == "name":
            metric = tokens[at][1]
            at += 1
        if at < len(tokens) and tokens[at][1] == "{":
            end = _closing(tokens, at)
            inner = tokens[at + 1:end]
            for i in range(0, len(inner), 4):
                matchers.append((inner[i][1], inner[i + 1][1],
                                 inner[i + 2][1][1:-1]))
            at = end + 1
        if at < len(tokens) and tokens[at][1] == "[":
            end = _closing(tokens, at)
            window = "".join(t for _, t in tokens[at + 1:end])
            at = end + 1
        if at < len(tokens) and tokens[at][1] == "@":  # `@ end()`, `@ 123`
            at += 4 if tokens[at + 1][0] == "name" else 2
        self.selectors.append(Selector(metric, matchers, window, function))
        return at

    def _made(self, at):
        """Adds the label that the call at `at` makes: the first string
        argument of this call."""
        depth = 0
        for kind, text in self._tokens[at:]:
            depth += text in _CLOSING
            depth -= text in _CLOSING.values()
            if kind == "string" and depth == 1:
                self.made_labels.add(text[1:-1])
                return


def _tokens(text):
    at = 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if not match:
            raise ValueError(f"unexpected {text[at]!r} in {text!r}")
        if match.lastgroup != "space":
            yield match.lastgroup, match.group()
        at = match.end()


def _closing(tokens, at):
    depth = 0
    for i in range(at, len(tokens)):
        depth += tokens[i][1] in _CLOSING
        depth -= tokens[i][1] in _CLOSING.values()
        if depth == 0:
            return i
    raise ValueError("unclosed bracket")


def _check_brackets(tokens, text):
    wanted = []
    for _, token in tokens:
        if token in _CLOSING:
            wanted.append(_CLOSING[token])
        elif token in _CLOSING.values():
            if not wanted or wanted.pop() != token:
                raise ValueError(f"unbalanced {token!r} in {text!r}")
    if wanted:
        raise ValueError(f"missing {wanted[-1]!r} in {text!r}")

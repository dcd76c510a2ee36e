"""Every resource, property and list item of a CloudFormation template that can be taken out, and
the text without it. The text, and not the data, so that comments and markers stay."""

import copy
from dataclasses import dataclass

import yaml


@dataclass(frozen=True)
class Place:
    """Something that can be taken out."""

    root: tuple  # where the resource stands
    kind: str
    path: tuple  # below it: names, and numbers for items of a list
    span: tuple  # the characters of it, to be replaced ...
    instead: str  # ... by this

    @property
    def name(self):
        """`Gateway.Properties.Name`, with `[0]` for the first item of a list."""
        steps = [f"[{s}]" if isinstance(s, int) else f".{s}" for s in self.path]
        return self.root[-1] + "".join(steps)

    @property
    def pattern(self):
        """The same without the resource's name, items and region: what a list of exceptions names."""
        steps = ["[]" if isinstance(s, int) else f".{s}" for s in self.path]
        return self.kind + "".join(steps)

    def taken_from(self, text):
        return text[: self.span[0]] + self.instead + text[self.span[1] :]


def places(text, wanted):
    """All places in the resources whose type `wanted` takes, and in what SAM adds to functions."""
    root = yaml.compose(text)
    resources = value_of(root, "Resources")
    for index, (key, resource) in enumerate(resources.value):
        kind = value_of(resource, "Type").value
        if wanted(kind):
            yield Place(("Resources", key.value), kind, (), span(text, resources, index), "")
            for found in below(text, resource, ()):
                yield Place(("Resources", key.value), kind, *found)
    for found in below(text, value_of(root, "Globals"), ()):
        yield Place(("Globals",), "Globals", *found)


def below(text, node, path):
    """The path, span and replacement of every entry of `node`, and below it."""
    if node.tag == "!If":
        for branch in (1, 2):
            yield from below(text, node.value[branch], (*path, "Fn::If", branch))
    if not isinstance(node, yaml.CollectionNode) or node.tag.startswith("!"):
        return
    mapping = isinstance(node, yaml.MappingNode)
    for index, entry in enumerate(node.value):
        inner = (*path, entry[0].value if mapping else index)
        if len(node.value) == 1:
            finish = end(node)
            newline = "\n" * (text[finish - 1] == "\n")
            yield inner, (node.start_mark.index, finish), ("{}" if mapping else "[]") + newline
        else:
            yield inner, span(text, node, index), ""
        yield from below(text, entry[1] if mapping else entry, inner)


def start(text, node, index):
    """Where an entry of a collection begins, with the dash of a list's item."""
    entry = node.value[index]
    mapping = isinstance(node, yaml.MappingNode)
    begin = (entry[0] if mapping else entry).start_mark.index
    return begin if mapping or node.flow_style else text.rindex("-", 0, begin)


def end(node):
    """Where a value ends; the mark of a block lies behind the comments after it."""
    while isinstance(node, yaml.CollectionNode) and not node.flow_style:
        node = node.value[-1][1] if isinstance(node, yaml.MappingNode) else node.value[-1]
    return node.end_mark.index


def span(text, node, index):
    """One entry of a collection that has others."""
    begin = start(text, node, index)
    if index + 1 < len(node.value):
        return begin, start(text, node, index + 1)
    if node.flow_style:
        before = node.value[index - 1]
        return end(before[1] if isinstance(before, tuple) else before), end_of(node, index)
    begin = text.rindex("\n", 0, begin) + 1
    finish = end_of(node, index)
    return begin, finish if text[finish - 1] == "\n" else text.index("\n", finish) + 1


def end_of(node, index):
    entry = node.value[index]
    return end(entry[1] if isinstance(entry, tuple) else entry)


def value_of(node, key):
    return next(value for name, value in node.value if name.value == key)


def data(text):
    """The template as plain data, functions as a map of their name to their argument."""
    return yaml.load(text, Loader=_Loader)


class _Loader(yaml.SafeLoader):
    pass


def _tagged(loader, suffix, node):
    if isinstance(node, yaml.ScalarNode):
        return {f"Fn::{suffix}": loader.construct_scalar(node)}
    if isinstance(node, yaml.SequenceNode):
        return {f"Fn::{suffix}": loader.construct_sequence(node, deep=True)}
    return {f"Fn::{suffix}": loader.construct_mapping(node, deep=True)}


_Loader.add_multi_constructor("!", _tagged)


def without(tree, place):
    """`tree` without that place: what the text must say after it was taken out."""
    tree = copy.deepcopy(tree)
    steps = (*place.root, *place.path)
    parent = tree
    for step in steps[:-1]:
        parent = parent[step]
    del parent[steps[-1]]
    return tree

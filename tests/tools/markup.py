"""Reads a page as browsers do, into the standard library's elements: what most tests of pages do most of the time."""

from xml.etree.ElementTree import Element, SubElement

from selectolax.lexbor import LexborHTMLParser, LexborNode

_TEXT = "-text"
_SVG = "{http://www.w3.org/2000/svg}"


def read_html(page: str) -> Element:
    """The root of a page, by HTML's own rules (elements that were left out are there); comments are left out."""
    read = LexborHTMLParser(page).root
    assert read is not None
    root = Element(str(read.tag), _attributes(read))
    _fill(root, read)
    return root


def _fill(element: Element, node: LexborNode, namespace: str = "") -> None:
    """Give the element what the node has inside; a drawing's elements are in the namespace of drawings."""
    last = None
    for child in node.iter(include_text=True):
        if child.tag == _TEXT:
            text = child.text_content or ""
            if last is None:
                element.text = (element.text or "") + text
            else:
                last.tail = (last.tail or "") + text
        elif child.tag and child.tag[0].isalpha():
            within = _SVG if child.tag == "svg" else namespace
            last = SubElement(element, f"{within}{child.tag}", _attributes(child))
            _fill(last, child, within)


def _attributes(node: LexborNode) -> dict[str, str]:
    """An attribute that is merely there is empty."""
    return {name: value or "" for name, value in node.attributes.items()}

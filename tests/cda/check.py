#!/usr/bin/env python3
"""check.py FILE.xml...: what neither XSD nor Schematron ask of our documents.

Statement ids are unique; every statement is told by a narrative that is there and says something; no processing
instruction, no comment; a section with nullFlavor has no entries; a revoked document says so first in every section.
Standard library only. Exit 1 when a document fails."""
import re
import sys
from xml.etree import ElementTree as ET

V = '{urn:hl7-org:v3}'
STATEMENTS = {V + t for t in ('act', 'observation', 'procedure', 'encounter')}
ENTRY_REFERENCE = '2.16.840.1.113883.10.20.22.4.122'


def is_reference(e):
    return any(t.get('root') == ENTRY_REFERENCE for t in e.findall(V + 'templateId'))


def faults(path):
    raw = open(path, encoding='utf-8', newline='').read()
    root = ET.fromstring(raw)
    told = {e.get('ID'): ''.join(e.itertext()).strip() for e in root.iter() if e.get('ID')}
    seen = set()
    for e in root.iter():
        if e.tag not in STATEMENTS or is_reference(e):
            continue
        for i in e.findall(V + 'id'):
            key = (i.get('root'), i.get('extension'))
            if key in seen:
                yield 'id %s twice' % (key,)
            seen.add(key)
        ref = e.find(V + 'text/' + V + 'reference')
        if ref is None or not told.get(ref.get('value', '')[1:]):
            yield '%s without narrative' % e.tag
    if re.search(r'<\?(?!xml version)', raw) or '<!' in raw:
        yield 'processing instruction, comment or DOCTYPE'
    revoked = root.findtext(V + 'title').startswith('REVOKED')
    for s in root.iter(V + 'section'):
        text = s.find(V + 'text')
        if s.get('nullFlavor') and s.find(V + 'entry') is not None:
            yield 'entries in a section with nullFlavor'
        if revoked != ''.join(text[0].itertext()).startswith('REVOKED on '):
            yield 'section %s: first paragraph and title differ' % s.findtext(V + 'title')


bad = 0
for f in sys.argv[1:]:
    for fault in faults(f):
        print('%s: %s' % (f, fault))
        bad = 1
sys.exit(bad)

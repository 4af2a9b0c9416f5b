#!/usr/bin/env python3
"""Writes the files that the web, FTP and mail servers of a recording serve. Usage: site.py FOLDER SEED"""
import json
import os
import random
import struct
import sys
import zlib

WORDS = """term library course reading lecture campus student budget meeting agenda minutes report room key season garden
bridge river station timetable lunch menu soup bread coffee printer paper network account password reset form deadline
seminar thesis draft review grade committee archive photograph exhibition concert choir rehearsal ticket bicycle repair
workshop laboratory sample measurement table figure chapter appendix translation grammar history map valley harbour""".split()


def sentence(rng):
    words = [rng.choice(WORDS) for _ in range(rng.randint(5, 14))]
    return " ".join(words).capitalize() + rng.choice([".", ".", ".", "?", "!"])


def paragraph(rng):
    return " ".join(sentence(rng) for _ in range(rng.randint(2, 6)))


def page(rng, title, names):
    links = "".join(f'<li><a href="/{name}?from={rng.randint(1, 99)}&amp;lang=en">{name}</a></li>' for name in names)
    body = "".join(f"<h2>{rng.choice(WORDS).title()}</h2><p>{paragraph(rng)}</p>" for _ in range(rng.randint(1, 4)))
    return (f'<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
            f'<link rel="stylesheet" href="/style.css"><script src="/app.js"></script></head>\n<body><h1>{title}</h1>'
            f'<img src="/logo.png" alt="logo">\n{body}\n<ul>{links}</ul>'
            f'<form action="/form" method="post"><input name="name"><textarea name="text"></textarea></form></body></html>\n')


def png(rng, width, height):
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    rows = b"".join(b"\0" + bytes(rng.randrange(256) for _ in range(width * 3)) for _ in range(height))
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
            + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))


def write(path, data):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as file:
        file.write(data if isinstance(data, bytes) else data.encode())


def main():
    folder, rng = sys.argv[1], random.Random(int(sys.argv[2]))
    site = f"{folder}/site"
    names = ["index.html"] + [f"{rng.choice(WORDS)}-{i}.html" for i in range(8)]
    for name in names:
        write(f"{site}/{name}", page(rng, name.split(".")[0].title(), rng.sample(names, 4)))
    write(f"{site}/style.css", "".join(
        f".{w} {{ color: #{rng.randrange(1 << 24):06x}; margin: {rng.randint(0, 9)}px; }}\n" for w in rng.sample(WORDS, 25)))
    write(f"{site}/app.js", "".join(
        f"function {w}(a, b) {{ return a.map(x => x * {rng.randint(2, 99)} + b['{w}']); }}\n" for w in rng.sample(WORDS, 18)))
    write(f"{site}/data.json", json.dumps(
        [{"id": i, "name": rng.choice(WORDS), "price": rng.randint(100, 9999) / 100, "tags": rng.sample(WORDS, 3)}
         for i in range(20)]))
    write(f"{site}/logo.png", png(rng, 24, 16))
    write(f"{site}/report.pdf", b"%PDF-1.4\n" + rng.randbytes(5000) + b"\n%%EOF\n")
    write(f"{site}/private/staff.html", page(rng, "Staff", names[:2]))
    with open(f"{folder}/pages.txt", "w") as file:
        file.write("\n".join(names + ["style.css", "app.js", "data.json", "logo.png", "report.pdf", "old", "missing.html"]))
    for i in range(4):
        write(f"{folder}/ftp/pub/notes-{i}.txt", "\n".join(paragraph(rng) for _ in range(rng.randint(1, 8))) + "\n")
    write(f"{folder}/ftp/pub/archive.bin", rng.randbytes(6000))
    write(f"{folder}/ftp/pub/readme", sentence(rng) + "\n")
    for i in range(5):
        write(f"{folder}/mail/new/17000000{i}.M{i}.campus",
              f"From: {rng.choice(WORDS)}@campus.example\r\nTo: alice@campus.example\r\nSubject: {sentence(rng)}\r\n"
              f"Date: Mon, 0{i + 1} Jan 2024 10:00:00 +0000\r\n\r\n{paragraph(rng)}\r\n{paragraph(rng)}\r\n")


main()

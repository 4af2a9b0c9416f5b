#!/usr/bin/env python3
"""Small servers for protocols that are neither web, name, mail nor file service. Usage: others.py SEED SECONDS

Each answers in the manner of its protocol, so that "other" traffic is more than noise. Stops by itself.
"""
import random
import socket
import sys
import threading
import time

TCP = {
    23: b"\xff\xfd\x18\xff\xfd\x20\xff\xfd\x23campus switch\r\nlogin: ",
    445: b"",
    502: b"",
    1883: b"",
    4444: b"",
    5432: b"",
    6379: b"",
    6667: b":irc.campus.example NOTICE * :*** Looking up your hostname...\r\n",
    9000: b"",
}
UDP = [123, 161, 443, 514, 1900, 3478, 5004, 5060, 11211]


def answer(port, data, rng):
    if port == 23:
        return b"\r\nPassword: " if len(data) < 40 else b"\r\n$ "
    if port == 502:
        return data[:5] + bytes([3 + 4]) + data[6:8] + b"\x04" + rng.randbytes(4)
    if port == 1883:
        return b"\x20\x02\x00\x00" if data[:1] == b"\x10" else b"\x40\x02" + data[2:4]
    if port == 5432:
        return b"R\0\0\0\x08\0\0\0\0Z\0\0\0\x05I" if len(data) > 20 else b"N"
    if port == 6379:
        return rng.choice([b"+OK\r\n", b"$5\r\nvalue\r\n", b":%d\r\n" % rng.randint(1, 900)])
    if port == 6667:
        return b":irc.campus.example 001 guest :Welcome\r\n"
    if port == 5060:
        return b"SIP/2.0 200 OK\r\nCSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n"
    if port == 161:
        return data[:2] + b"\x02\x01\x01\x04\x06public\xa2" + rng.randbytes(20)
    if port == 3478:
        return b"\x01\x01\x00\x0c\x21\x12\xa4\x42" + data[8:20] + b"\x00\x20\x00\x08\x00\x01" + rng.randbytes(6)
    if port in (514, 1900, 5004, 4444):
        return b""
    return rng.randbytes(rng.randint(10, 400))


def serve_tcp(family, port, seed):
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if family == socket.AF_INET6:
        listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
    listener.bind(("", port))
    listener.listen(16)

    def talk(connection):
        rng = random.Random(seed)
        connection.settimeout(3)
        try:
            if TCP[port]:
                connection.sendall(TCP[port])
            while data := connection.recv(4096):
                if reply := answer(port, data, rng):
                    connection.sendall(reply)
        except OSError:
            pass
        connection.close()

    while True:
        threading.Thread(target=talk, args=(listener.accept()[0],), daemon=True).start()


def serve_udp(family, port, seed):
    rng = random.Random(seed)
    sock = socket.socket(family, socket.SOCK_DGRAM)
    if family == socket.AF_INET6:
        sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
    # Replies leave from the address that was asked: bound to each, for a wildcard would answer from the first.
    sock.bind(("192.0.2.40" if family == socket.AF_INET else "2001:db8:1::40", port))
    while True:
        data, peer = sock.recvfrom(4096)
        if reply := answer(port, data, rng):
            sock.sendto(reply, peer)


def main():
    seed, seconds = int(sys.argv[1]), float(sys.argv[2])
    for family in (socket.AF_INET, socket.AF_INET6):
        for port in TCP:
            threading.Thread(target=serve_tcp, args=(family, port, seed), daemon=True).start()
        for port in UDP:
            threading.Thread(target=serve_udp, args=(family, port, seed), daemon=True).start()
    time.sleep(seconds)


main()

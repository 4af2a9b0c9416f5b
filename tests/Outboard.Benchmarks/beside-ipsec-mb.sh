#!/usr/bin/env bash
# Crypto through the device beside intel-ipsec-mb, on one core, by turns; a markdown table of nanoseconds an op.
# Usage: beside-ipsec-mb.sh [FOLDER] [CPU] [PAIRS] [SECONDS]
# FOLDER (or PEERS) holds crypto_ipsecmb.c and bench.h of the peer programs; needs gcc and Debian's libipsec-mb-dev. SECONDS is how
# long each of our cases is sampled in each turn. SIZES and BURST in the environment choose others than 64,256,1420,8192 and 32.
# The peer's figure is that of its fastest calling style. ZUC of 8192 bytes stands beside the peer's 8188, the most that it takes.
set -euo pipefail
source=$(realpath "${1:-${PEERS:?the folder that holds crypto_ipsecmb.c}}")
cd "$(dirname "$0")/../.."
[ -e "$source/crypto_ipsecmb.c" ] || source=$source/src
cpu=${2:-1} pairs=${3:-3} seconds=${4:-0.3} sizes=${SIZES:-64,256,1420,8192} burst=${BURST:-32}
forward=aes-128-gcm,aes-256-gcm,chacha20-poly1305,aes-128-cbc+hmac-sha1,aes-128-cbc+hmac-sha256,aes-128-ctr,aes-128-cmac
forward+=,snow3g-uea2,snow3g-uia2,zuc-eea3,zuc-eia3,hmac-sha1,hmac-sha256,sha256
forward+=,pdcp-aes-ctr+cmac,pdcp-snow3g-uea2+uia2,pdcp-zuc-eea3+eia3
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

gcc -O3 -march=native -I"$source" "$source/crypto_ipsecmb.c" -o "$work/crypto_ipsecmb" -lIPSec_MB -lm
dotnet build -c Release host/Outboard.Cli -v q >/dev/null
bench() {
  dotnet host/Outboard.Cli/bin/Release/net10.0/outboard.dll bench crypto --json --max-simd-bitwidth 512 --cpu "$cpu" \
    --seconds "$seconds" --burst "$burst" --sizes "$sizes" "$@"
}
for i in $(seq "$pairs"); do
  taskset -c "$cpu" "$work/crypto_ipsecmb" --cpu "$cpu" --arch avx512 --rounds 10 --budget 10 >"$work/theirs$i" 2>/dev/null
  { bench --algorithm "$forward"; bench --algorithm aes-128-cbc+hmac-sha1 --operation decrypt; } >"$work/ours$i"
done
python3 - "$work" "$pairs" "$sizes" <<'P'
import json
import sys

work, pairs, sizes = sys.argv[1], int(sys.argv[2]), [int(s) for s in sys.argv[3].split(",")]
theirs, ours, order = {}, {}, []


def keep(table, name, size, nanoseconds):
    key = (name, size)
    table[key] = min(nanoseconds, table.get(key, nanoseconds))


for i in range(1, pairs + 1):
    for line in open(f"{work}/theirs{i}"):
        row = json.loads(line)
        if "ns" in row:
            name, size = row["case"].split("/")[:2]
            keep(theirs, name, 8192 if size == "8188" else int(size), row["ns"])
    for line in open(f"{work}/ours{i}"):
        row = json.loads(line)
        if row["metric"] == "time per op":
            name, size = row["case"].rsplit("/", 1)
            if name not in order:
                order.append(name)
            keep(ours, name, int(size), row["value"])

load = open("/proc/loadavg").read().split()[:3]
print(f"best of {pairs} turns each, nanoseconds an op: ours / peer, ratio of throughput; load average {' '.join(load)}\n")
print("| case | " + " | ".join(f"{size} ours | peer | ratio" for size in sizes) + " |")
print("|---|" + "--:|--:|--:|" * len(sizes))
for name in order:
    cells = []
    for size in sizes:
        us, peer = ours.get((name, size)), theirs.get((name, size))
        cells += [f"{us:.1f}" if us else "-", f"{peer:.1f}" if peer else "-", f"{peer / us:.2f}" if us and peer else "-"]
    print(f"| {name} | " + " | ".join(cells) + " |")
P

#!/usr/bin/env bash
# Pools, mbufs and rings beside DPDK's, on one core, by turns. Usage: beside-dpdk.sh FOLDER [CPU] [PAIRS] [FILTER]
# FOLDER holds dpdk_core.c and bench.h of the peer programs; needs gcc and Debian's dpdk and libdpdk-dev, and root for huge pages.
set -euo pipefail
cd "$(dirname "$0")/../.."
source=${1:?the folder that holds dpdk_core.c}
cpu=${2:-1} pairs=${3:-5} filter=${4:-}
work=$(mktemp -d)
pages=$(cat /proc/sys/vm/nr_hugepages)
trap 'echo "$pages" >/proc/sys/vm/nr_hugepages; rm -rf "$work"' EXIT

# shellcheck disable=SC2046 # the flags are words
gcc -O3 -march=native $(pkg-config --cflags libdpdk | sed 's/-march=[^ ]*//') -DALLOW_EXPERIMENTAL_API -I"$source" \
  "$source/dpdk_core.c" -o "$work/dpdk_core" $(pkg-config --libs libdpdk) -lrte_net_ring -lrte_bus_vdev -lm -lpthread
dotnet build -c Release tests/Outboard.Benchmarks -v q >/dev/null
echo $((pages + 64)) >/proc/sys/vm/nr_hugepages
for i in $(seq "$pairs"); do
  taskset -c "$cpu" "$work/dpdk_core" --cpu "$cpu" --part mem --huge yes --rounds 30 --budget 10 >"$work/theirs$i" 2>/dev/null
  dotnet tests/Outboard.Benchmarks/bin/Release/net10.0/Outboard.Benchmarks.dll quick-memory "$filter" 60 "$cpu" >"$work/ours$i"
done
echo "load average $(cut -d' ' -f1-3 /proc/loadavg)"
python3 - "$work" "$pairs" <<'P'
import json
import re
import sys

work, pairs = sys.argv[1], int(sys.argv[2])
theirs, ours = {}, {}
for i in range(1, pairs + 1):
    for line in open(f"{work}/theirs{i}"):
        try:
            row = json.loads(line)
        except ValueError:
            continue
        if "ns" in row and "median" in row and "cycles_per" in row.get("metric", ""):
            theirs.setdefault(row["case"], []).append((row["ns"], row["median"] * row["ns"] / row["value"]))
    for line in open(f"{work}/ours{i}"):
        found = re.match(r"(\S+)\s+([\d.]+)\s+([\d.]+)\s+(\d+)$", line.strip())
        if found:
            ours.setdefault(found[1], []).append((float(found[2]), float(found[3]), int(found[4])))


def middle(values):
    return sorted(values)[len(values) // 2]


print(f"{'case':46}{'dpdk best':>10}{'median':>8}{'ours best':>10}{'median':>8}{'ratio':>7}{'medians':>8}  bytes")
for case, samples in ours.items():
    # A case of ours that has more than one form is set beside the one form that DPDK has.
    key = re.sub(r"-thread|-switch|-off24", "", case).replace("-cache/", "/").replace("/single", "/bulk1")
    best, median = min(s[0] for s in samples), middle([s[1] for s in samples])
    allocated = max(s[2] for s in samples)
    if key in theirs:
        peer, peer_median = min(s[0] for s in theirs[key]), middle([s[1] for s in theirs[key]])
        print(f"{case:46}{peer:10.3f}{peer_median:8.3f}{best:10.3f}{median:8.3f}{best / peer:7.2f}{median / peer_median:8.2f}  {allocated}")
    else:
        print(f"{case:46}{'':18}{best:10.3f}{median:8.3f}{'':15}  {allocated}")
P

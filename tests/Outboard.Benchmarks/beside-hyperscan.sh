#!/usr/bin/env bash
# Rules through the device beside Hyperscan, PCRE2-JIT and RE2::Set, on one core, by turns; markdown tables of Gbit/s and compile times.
# Usage: beside-hyperscan.sh [FOLDER] [CPU] [PAIRS] [SECONDS]
# FOLDER (or PEERS) holds the peer programs (src/regex_hs.c ...) and their generators; needs gcc, g++, make, pkg-config, python3 and Debian's
# libhyperscan-dev, libpcre2-dev and libre2-dev. SECONDS is how long each of our cases is sampled in each turn.
# From the environment: VECTORS, the folder of published rules and payloads, shared/vectors/regex beside the clone otherwise; SETS, names of
# sets to run, all otherwise; SIZES, payload sizes as of --cuts, 0,64,1024 otherwise; TRAIN=yes shows our device the payloads before it compiles.
# Hyperscan's plain mode reports every end, as our mode end does; its som adds the start, as our default mode does for PCRE's matches; single
# is the first end of each rule, which PCRE2 (rule by rule) and RE2::Set answer too. Every figure adds up the best times of small slices.
set -euo pipefail
source=$(realpath "${1:-${PEERS:?the folder that holds src/regex_hs.c}}")
cd "$(dirname "$0")/../.."
cpu=${2:-1} pairs=${3:-3} seconds=${4:-0.3} sizes=${SIZES:-0,64,1024}
vectors=${VECTORS:-$(pwd)/../shared/vectors/regex}
fail() { echo "beside-hyperscan: $1" >&2; exit 2; }
for program in gcc g++ make pkg-config python3 dotnet taskset; do
  command -v "$program" >/dev/null || fail "$program is missing"
done
pkg-config --exists libhs || fail "Hyperscan is missing: apt-get install libhyperscan-dev"
pkg-config --exists libpcre2-8 || fail "PCRE2 is missing: apt-get install libpcre2-dev"
pkg-config --exists re2 || fail "RE2 is missing: apt-get install libre2-dev"
[ -e "$source/src/regex_hs.c" ] || fail "$source/src/regex_hs.c: there is no such file"
[ -e "$vectors/ids-patterns.jsonl" ] || fail "$vectors/ids-patterns.jsonl: there is no such file; VECTORS names its folder"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

mkdir "$work/cache"
make --no-print-directory -s -C "$source" OUT="$work" "$work/regex_hs" "$work/regex_pcre2" "$work/regex_re2" 2>/dev/null >&2 \
  || fail "the peer programs do not build"
dotnet build -c Release host/Outboard.Cli -v q >/dev/null
python3 "$source/gen/make_rules.py" "$work/synthetic" 2>/dev/null >&2
python3 "$source/gen/collect.py" "$vectors" "$work/published" 2>/dev/null >&2
python3 - "$work" <<'P'
import random
import re
import struct
import sys

work = sys.argv[1]
CORPUS_MAX = 1 << 20          # what the peers take of a corpus too
draw = random.Random(20261122)


def pick(items):
    return items[int(draw.random() * len(items))]


def between(low, high):
    return low + int(draw.random() * (high - low + 1))


def read_rules(path):
    return [line.rstrip("\n") for line in open(path, encoding="latin-1") if re.match(r"\d+:/", line)]


def write_rules(name, rules):
    with open(f"{work}/{name}.rules", "w", encoding="latin-1", newline="\n") as out:
        out.write("\n".join(rules) + "\n")


def read_payloads(path):
    data, at, payloads = open(path, "rb").read(), 0, []
    while at + 4 <= len(data):
        size = struct.unpack_from("<I", data, at)[0]
        payloads.append(data[at + 4:at + 4 + size])
        at += 4 + size
    return payloads


def write_payloads(name, payloads):
    taken = 0
    with open(f"{work}/{name}.payloads", "wb") as out:
        for payload in payloads:
            if taken + len(payload) > CORPUS_MAX:
                break
            out.write(struct.pack("<I", len(payload)) + payload)
            taken += len(payload)


def is_literal(rule):
    body = rule[rule.index("/") + 1:rule.rindex("/")]
    return not re.search(r"[.?*+()\[\]{}|^$\\]", re.sub(r"\\x[0-9a-f]{2}|\\[^A-Za-z0-9]", "", body))


ids = read_rules(f"{work}/published/ids.rules")
write_rules("literals", [rule for rule in ids if is_literal(rule)])
write_rules("pcres", [rule for rule in ids if not is_literal(rule)])
write_payloads("ids", read_payloads(f"{work}/published/ids.payloads"))
write_rules("synthetic", read_rules(f"{work}/synthetic/synthetic.rules"))
synthetic = read_payloads(f"{work}/synthetic/synthetic.payloads")
write_payloads("synthetic", synthetic)

# Literals of the lengths that intrusion rules have (3 % up to 3 bytes, 16 % up to 7, 13 % up to 10, the others longer) and of the bytes:
# words of paths, headers and parameters, some with bytes that do not print.
SYLLABLES = "mor tel vik nas pol dra gun hex lim rok sha bit wor pay sto kun fil ser mag rec dwn ini reg cfg".split()
SIGNS = ["/", ".php", ".exe", "=", "&", "?id=", ": ", "|", "-", "_", "User-Agent", "Host: ", "cmd", "%20", "<", ">", "\r\n"]


def literal():
    share = draw.random()
    length = between(2, 3) if share < 0.034 else between(4, 7) if share < 0.19 else between(8, 10) if share < 0.32 else between(11, 40)
    if draw.random() < (0.15 if length > 4 else 0.9):
        return bytes(int(draw.random() * 256) for _ in range(length))
    text = ""
    while len(text) < length:
        text += pick(SYLLABLES) if draw.random() < 0.75 else pick(SIGNS)
    return text[:length].encode()


def spell(data):
    return "".join(chr(c) if c < 128 and chr(c).isalnum() else f"\\x{c:02x}" for c in data)


seen, made = set(), []
while len(made) < 17000:
    one = literal()
    if one not in seen:
        seen.add(one)
        made.append(one)
write_rules("generated", [f"{i + 1}:/{spell(one)}/{'i' if draw.random() < 0.4 else ''}" for i, one in enumerate(made)])
mixed = []
for payload in synthetic:
    if draw.random() < 0.2:
        at = int(draw.random() * len(payload))
        payload = payload[:at] + pick(made) + payload[at:]
    mixed.append(payload)
write_payloads("generated", mixed)
P

# name, rules, how many, payloads, sizes
sets=$(cat <<'S'
literals-8 literals 8 ids sizes
literals-50 literals 50 ids sizes
literals-200 literals 200 ids sizes
literals-1000 literals 1000 ids sizes
generated-3000 generated 3000 generated sizes
generated-5000 generated 5000 generated sizes
generated-17000 generated 17000 generated sizes
pcres-50 pcres 50 ids sizes
pcres-200 pcres 200 ids sizes
pcres-all pcres 0 ids sizes
synthetic-100 synthetic 100 synthetic sizes
synthetic-1000 synthetic 1000 synthetic sizes
packets-64 literals 8 synthetic 64
S
)
ours() {
  dotnet host/Outboard.Cli/bin/Release/net10.0/outboard.dll bench regex --json --skip-refused --cpu "$cpu" --seconds "$seconds" \
    --train "${TRAIN:-no}" "$@" || echo "beside-hyperscan: our run of $* failed" >&2
}
theirs() {
  local program=$1
  shift
  taskset -c "$cpu" timeout 600 "$work/$program" --cpu "$cpu" --max-kb 1024 --rounds 6 "$@" 2>/dev/null || true
}
for i in $(seq "$pairs"); do
  while read -r name rules limit payloads cuts; do
    [ -z "${SETS:-}" ] || [[ " ${SETS//,/ } " == *" $name "* ]] || continue
    [ "$cuts" != sizes ] || cuts=$sizes
    common=(--rules "$work/$rules.rules" --corpus "$work/$payloads.payloads" --limit "$limit")
    for cut in ${cuts//,/ }; do
      echo "$i $name $cut" >&2
      {
        theirs regex_hs "${common[@]}" --cuts "$cut" --cache "$work/cache"
        if [ "$limit" -gt 0 ] && [ "$limit" -le 200 ]; then
          theirs regex_pcre2 "${common[@]}" --cuts "$cut"
          theirs regex_re2 "${common[@]}" --cuts "$cut"
        fi
      } </dev/null >"$work/theirs.$i.$name.$cut"
      ours "${common[@]}" --sizes "$cut" --mode default </dev/null >"$work/default.$i.$name.$cut"
      ours "${common[@]}" --sizes "$cut" --mode end </dev/null >"$work/end.$i.$name.$cut"
      echo "$name $cut" >>"$work/order"
    done
  done <<<"$sets"
done
[ -e "$work/order" ] || fail "SETS names none of: $(cut -d' ' -f1 <<<"$sets" | tr '\n' ' ')"
python3 - "$work" "$pairs" <<'P'
import json
import statistics
import sys

work, pairs = sys.argv[1], int(sys.argv[2])
order = list(dict.fromkeys(tuple(line.split()) for line in open(f"{work}/order")))
PEERS = ["plain", "som", "single", "first-match", "which-rules"]


def lines(path):
    return [json.loads(line) for line in open(path) if line.startswith("{")]


def read(name, cut, i):
    turn = {row["case"].rsplit("/", 1)[1]: row for row in lines(f"{work}/theirs.{i}.{name}.{cut}")}
    for mode in ("default", "end"):
        rows = lines(f"{work}/{mode}.{i}.{name}.{cut}")
        if rows:
            turn[mode] = rows[0]
    return turn


def rate(row):
    return row["slice_gbps"] if "slice_gbps" in row else row["gbps"]


def best(turns, key, value):
    found = [value(turn[key]) for turn in turns if key in turn]
    return max(found) if found else None


def show(number):
    return "-" if number is None else f"{number:.2f}" if number < 10 else f"{number:.1f}"


def ratio(turns, ours, theirs):
    found = sorted(rate(turn[ours]) / rate(turn[theirs]) for turn in turns if ours in turn and theirs in turn)
    return "-" if not found else f"{statistics.median(found):.2f} ({found[0]:.2f}-{found[-1]:.2f})"


def count(turns, key):
    found = {turn[key]["matches"] for turn in turns if key in turn}
    return "/".join(str(one) for one in sorted(found)) or "-"


table = {key: [read(*key, i) for i in range(1, pairs + 1)] for key in order}
load = " ".join(open("/proc/loadavg").read().split()[:3])
print(f"Gbit/s, best of {pairs} turns; ratios of throughput, ours by theirs, within a turn: median (least-greatest); load average {load}\n")
print("| set | payload | Hyperscan plain | som | single | PCRE2-JIT | RE2::Set | ours default | ours end "
      "| default/plain | default/som | end/plain | matches plain, end, default |")
print("|---|--:|" + "--:|" * 11)
for (name, cut), turns in table.items():
    cells = [show(best(turns, key, rate)) for key in PEERS + ["default", "end"]]
    cells += [ratio(turns, "default", "plain"), ratio(turns, "default", "som"), ratio(turns, "end", "plain")]
    cells.append(", ".join(count(turns, key) for key in ("plain", "end", "default")))
    print(f"| {name} | {'as is' if cut == '0' else cut} | " + " | ".join(cells) + " |")

print("\nCompiling, best of all turns (Hyperscan's once: it is kept); bytes of the compiled rules\n")
print("| set | Hyperscan plain ms | som ms | kept plain, som | KiB plain | ours ms | taken | refused | KiB | scratch KiB |")
print("|---|" + "--:|" * 9)
for name in dict.fromkeys(name for name, _ in order):
    turns = [turn for (other, _), turns in table.items() if other == name for turn in turns]
    ours = [turn["default"] for turn in turns if "default" in turn]
    kept = ", ".join(str(best(turns, key, lambda row: row["rules_kept"]) or "-") for key in ("plain", "som"))
    least = min((row["compile_ms"] for row in ours), default=None)
    first = ours[0] if ours else {}
    print(f"| {name} | {show(best(turns, 'plain', lambda row: row['compile_ms']))} | {show(best(turns, 'som', lambda row: row['compile_ms']))} "
          f"| {kept} | {best(turns, 'plain', lambda row: row['db_kb']) or '-'} | {show(least)} | {first.get('rules', '-')} | {first.get('refused', '-')} "
          f"| {first['database_bytes'] // 1024 if 'database_bytes' in first else '-'} "
          f"| {int(first['scratch_bytes']) // 1024 if 'scratch_bytes' in first else '-'} |")

small = [(key, turns) for key, turns in table.items() if key[1] == "64"]
if small:
    print("\nNanoseconds a 64-byte packet, best of all turns\n")
    print("| set | Hyperscan plain | som | ours default | ours end |")
    print("|---|--:|--:|--:|--:|")
    for (name, _), turns in small:
        cells = []
        for key, field in (("plain", "ns_per_payload"), ("som", "ns_per_payload"), ("default", "slice_ns"), ("end", "slice_ns")):
            found = [turn[key][field] for turn in turns if key in turn]
            cells.append(show(min(found)) if found else "-")
        print(f"| {name} | " + " | ".join(cells) + " |")
P

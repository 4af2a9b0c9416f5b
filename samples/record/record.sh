#!/usr/bin/env bash
# Records real traffic between servers, clients and attackers of our own, each in a network namespace, into one capture.
#
#   sudo samples/record/record.sh OUTPUT SEED [all|train|held-out] [BENIGN_ACTIONS] [HOSTILE_ROUNDS]
#
# writes OUTPUT.pcap (Ethernet, microseconds) and OUTPUT.labels (flows that are hostile on purpose). The third argument picks
# which part of the attack texts is used. Debian packages: nginx-light curl openssl dnsmasq-base bind9-dnsutils
# exim4-daemon-light dovecot-imapd dovecot-pop3d swaks vsftpd openssh-server openssh-client tcpdump iproute2 ethtool
# iputils-ping python3. The namespaces have no way out: three ports of one bridge, documentation addresses
# (RFC 5737, RFC 3849) only, no route elsewhere. It stops by itself and removes what it made.
set -euo pipefail

output=$(realpath -m "${1:?output name without extension}")
seed=${2:?seed}
part=${3:-all}
benign=${4:-240}
rounds=${5:-1}
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d /tmp/outboard-record.XXXXXX)
tag=ob$$
chmod 755 "$work"

cleanup() {
    for ns in srv cli bad net; do
        ip netns pids "$tag-$ns" 2>/dev/null | xargs -r kill 2>/dev/null || true
        ip netns del "$tag-$ns" 2>/dev/null || true
    done
    rm -rf "$work"
}
trap cleanup EXIT

# One bridge, three hosts. Offloads are off, so that segments have their size and checksums of the wire.
ip netns add "$tag-net"
ip -n "$tag-net" link add br0 type bridge
ip -n "$tag-net" link set br0 up
number=0
for ns in srv cli bad; do
    number=$((number + 1))
    ip netns add "$tag-$ns"
    ip -n "$tag-net" link add "p-$ns" type veth peer name eth0 netns "$tag-$ns"
    ip -n "$tag-$ns" link set eth0 address "02:00:5e:10:00:0$number"
    ip -n "$tag-net" link set "p-$ns" master br0
    ip -n "$tag-net" link set "p-$ns" up
    ip netns exec "$tag-$ns" ethtool -K eth0 tx off rx off tso off gso off gro off >/dev/null
    ip netns exec "$tag-net" ethtool -K "p-$ns" tx off rx off tso off gso off gro off >/dev/null
    ip -n "$tag-$ns" link set lo up
    ip -n "$tag-$ns" link set eth0 up
    for prefix in 192.0.2.0/24 198.51.100.0/24 203.0.113.0/24; do
        ip -n "$tag-$ns" route add "$prefix" dev eth0
    done
    ip -n "$tag-$ns" route add 2001:db8::/32 dev eth0
done
for last in 10 21 25 40 53; do
    ip -n "$tag-srv" address add "192.0.2.$last/32" dev eth0
    ip -n "$tag-srv" address add "2001:db8:1::$last/128" dev eth0 nodad
done
for last in 11 12 13 14 15 16 17 18 19; do
    ip -n "$tag-cli" address add "198.51.100.$last/32" dev eth0
    ip -n "$tag-cli" address add "2001:db8:2::$last/128" dev eth0 nodad
done
for last in 66 67 68 69; do
    ip -n "$tag-bad" address add "203.0.113.$last/32" dev eth0
    ip -n "$tag-bad" address add "2001:db8:bad::$last/128" dev eth0 nodad
done
ip netns exec "$tag-srv" sysctl -qw net.ipv4.icmp_ratelimit=0 net.ipv6.icmp.ratelimit=0

# Servers.
python3 "$here/site.py" "$work" "$seed"
mkdir -p "$work"/{tmp,spool,empty,dovecot,mail/cur,mail/tmp,ftp/pub/incoming}
chmod 755 "$work/ftp" "$work/empty"
chown -R ftp:nogroup "$work/ftp/pub/incoming"
chown -R mail:mail "$work/mail"
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 30 -subj "/CN=www.campus.example" \
    -addext "subjectAltName=DNS:www.campus.example,DNS:mail.campus.example" \
    -keyout "$work/server.key" -out "$work/server.pem" 2>/dev/null
echo "alice:$(openssl passwd -apr1 'correct horse')" >"$work/htpasswd"
echo 'alice:{PLAIN}correct horse' >"$work/dovecot.users"
chmod 644 "$work/dovecot.users"
ssh-keygen -q -t ed25519 -N '' -f "$work/hostkey"
ssh-keygen -q -t ed25519 -N '' -f "$work/id"
for conf in nginx dnsmasq exim dovecot vsftpd; do
    sed "s|WORK|$work|g" "$here/conf/$conf.conf" >"$work/$conf.conf"
done
srv() { ip netns exec "$tag-srv" "$@"; }
srv nginx -c "$work/nginx.conf" 2>/dev/null
srv dnsmasq -C "$work/dnsmasq.conf"
srv exim4 -C "$work/exim.conf" -bd -oX 25
srv dovecot -c "$work/dovecot.conf"
srv vsftpd "$work/vsftpd.conf" &
mkdir -p /run/sshd
srv /usr/sbin/sshd -D -h "$work/hostkey" -o "AuthorizedKeysFile=$work/id.pub" -o StrictModes=no -o UsePAM=no \
    -o PermitRootLogin=prohibit-password -o "PidFile=none" -f /dev/null 2>/dev/null &
srv openssl s_server -dtls -accept 192.0.2.40:4433 -cert "$work/server.pem" -key "$work/server.key" -quiet \
    </dev/null >/dev/null 2>&1 &
srv python3 "$here/others.py" "$seed" 300 &
sleep 2

# The recording: the server's port of the bridge sees every conversation.
rm -f "$output.pcap" "$output.labels"
ip netns exec "$tag-net" timeout 280 tcpdump -i p-srv -s 0 -U -w "$work/capture.pcap" -q 2>/dev/null &
sleep 1
ip netns exec "$tag-cli" timeout 240 python3 "$here/benign.py" "$work" "$seed" "$benign" &
clients=$!
ip netns exec "$tag-bad" timeout 240 python3 "$here/hostile.py" "$work/labels" "$seed" "$part" "$rounds" &
attackers=$!
wait $clients $attackers
sleep 1
ip netns pids "$tag-net" | xargs -r kill -INT
sleep 1
mkdir -p "$(dirname "$output")"
cp "$work/capture.pcap" "$output.pcap"
{
    echo "# label protocol source port destination port: flows of $(basename "$output").pcap that are hostile on purpose"
    sort -u "$work/labels"
} >"$output.labels"
ls -l "$output.pcap" "$output.labels"

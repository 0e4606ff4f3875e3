#!/usr/bin/env bash
# Builds livret and packs it for Debian: `bash packaging/deb.sh`, on the oldest Debian where it will run.
# Needs cargo and build-essential (a C compiler, make, perl, objdump); dpkg-deb is part of every Debian.
set -euo pipefail
cd "$(dirname "$0")/.."

cargo build --release --locked --bin livret
binary=target/release/livret
version=$(sed -n '/^\[workspace.package\]/,/^\[/s/^version = "\(.*\)"/\1/p' Cargo.toml)
architecture=$(dpkg --print-architecture)
# The newest symbol of the C library that the program asks for.
glibc=$(objdump -T "$binary" | grep -o 'GLIBC_[0-9.]*' | sort -Vu | tail -1 | cut -d_ -f2)

root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
umask 022
# mktemp keeps it to itself; in the package it is « / ».
chmod 755 "$root"
put() { install -D -m "$1" "$2" "$root$3"; }
put 755 "$binary" /usr/bin/livret
strip --strip-unneeded "$root/usr/bin/livret"
put 755 packaging/debian/livret-admin /usr/sbin/livret-admin
put 644 packaging/systemd/livret.service /usr/lib/systemd/system/livret.service
put 644 packaging/systemd/livret-backup.service /usr/lib/systemd/system/livret-backup.service
put 644 packaging/systemd/livret-backup.timer /usr/lib/systemd/system/livret-backup.timer
put 640 packaging/debian/livret.toml /etc/livret/livret.toml
put 644 docs/exploitation.md /usr/share/doc/livret/exploitation.md
put 644 LICENSE /usr/share/doc/livret/copyright
put 644 packaging/proxy/nginx.conf /usr/share/doc/livret/examples/nginx.conf
put 644 packaging/proxy/Caddyfile /usr/share/doc/livret/examples/Caddyfile
gzip -9n -c CHANGELOG.md > "$root/usr/share/doc/livret/changelog.gz"
for script in postinst prerm postrm; do put 755 "packaging/debian/$script" "/DEBIAN/$script"; done
echo /etc/livret/livret.toml > "$root/DEBIAN/conffiles"
cat > "$root/DEBIAN/control" <<EOF
Package: livret
Version: $version
Architecture: $architecture
Maintainer: Livret <livret@localhost>
Installed-Size: $(du -sk --exclude=DEBIAN "$root" | cut -f1)
Depends: libc6 (>= $glibc), libgcc-s1, passwd, util-linux
Recommends: nginx | caddy
Suggests: postgresql
Section: web
Priority: optional
Description: attester, garder, vérifier des compétences (Open Badges)
 Un organisme de formation atteste ce qu'il a observé ; la personne garde le
 badge dans son livret ; l'entreprise le vérifie, sans compte.
 .
 Après l'installation : /usr/share/doc/livret/exploitation.md
EOF
mkdir -p target/debian
dpkg-deb --root-owner-group --build "$root" "target/debian/livret_${version}_${architecture}.deb"

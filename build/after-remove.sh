#!/bin/sh
# After the removal of the deb or rpm; an upgrade's new version puts its own files in place afterwards.
set -e
case "${1:-}" in upgrade | 1) exit 0 ;; esac
rm -f /usr/bin/latchkey-desktop
if [ -f /etc/apparmor.d/latchkey ]; then
  command -v apparmor_parser >/dev/null 2>&1 && apparmor_parser --remove /etc/apparmor.d/latchkey || true
  rm -f /etc/apparmor.d/latchkey
fi

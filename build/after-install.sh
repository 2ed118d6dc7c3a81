#!/bin/sh
# After the install of the deb or rpm: the command, the sandbox's way to work, the desktop's caches.
set -e
app=/opt/Latchkey

ln -sf "$app/latchkey" /usr/bin/latchkey-desktop

# Without user namespaces Chromium's sandbox needs this helper to be root's and setuid; with them, plain.
if unshare --user true 2>/dev/null; then
  chmod 0755 "$app/chrome-sandbox" || true
else
  chmod 4755 "$app/chrome-sandbox" || true
fi

# A profile is installed only where this AppArmor understands it; the app also runs without.
if command -v apparmor_parser >/dev/null 2>&1 &&
  apparmor_parser --skip-kernel-load --debug "$app/resources/apparmor-profile" >/dev/null 2>&1; then
  cp -f "$app/resources/apparmor-profile" /etc/apparmor.d/latchkey
  if ! { [ -x /usr/bin/ischroot ] && /usr/bin/ischroot; }; then
    apparmor_parser --replace --write-cache --skip-read-cache /etc/apparmor.d/latchkey || true
  fi
fi

command -v update-mime-database >/dev/null 2>&1 && update-mime-database /usr/share/mime || true
command -v update-desktop-database >/dev/null 2>&1 && update-desktop-database /usr/share/applications || true

#!/bin/sh
# Runs a command with a private session bus and a private, unlocked GNOME keyring (a real Secret
# Service), under a private X display. Nothing of the user's own keyring is seen or touched.
#   with-keyring.sh node tests/e2e/run.mjs
# Needs: dbus-run-session, gnome-keyring-daemon, xvfb-run.
set -eu
if [ "${LK_KEYRING_STAGE:-}" != inside ]; then
  work=$(mktemp -d)
  mkdir -m 700 "$work/run"
  mkdir -p "$work/data" "$work/config"
  status=0
  LK_KEYRING_STAGE=inside LK_KEYRING_WORK="$work" XDG_RUNTIME_DIR="$work/run" XDG_DATA_HOME="$work/data" \
    dbus-run-session -- xvfb-run -a -s '-screen 0 1280x800x24' "$0" "$@" || status=$?
  # xdg-document-portal, where it is installed, leaves a FUSE mount behind for a moment.
  rm -rf "$work" 2>/dev/null || { fusermount -uz "$work/run/doc" 2>/dev/null || umount -l "$work/run/doc" 2>/dev/null || sleep 1; rm -rf "$work" || true; }
  exit "$status"
fi
unset LK_KEYRING_STAGE
# --unlock reads the password up to end-of-file: no newline, or that is part of it. The first time
# it makes the "login" collection with it. It forks, and prints the variables to use.
printf %s test-keyring-password | gnome-keyring-daemon --unlock --components=secrets >/dev/null
exec "$@"

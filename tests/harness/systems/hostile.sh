# A command that does whatever its document says, and prints "fine" where that is nothing.
word=$(cat "$1")
case $word in
    exit_3) echo "line 12: /tmp/a/b.txt has no total" >&2; exit 3 ;;
    refuse) exit 4 ;;
    segfault) kill -SEGV $$ ;;
    deaf) trap '' TERM INT HUP; sleep 60 & wait ;;
    stopped) kill -STOP $$ ;;
    strays) (setsid setsid sleep 60 &) ; sleep 60 ;;
    strays_then_fine) (setsid setsid sleep 60 &) ; setsid sleep 60 & ;;
    flood) yes ;;
    flood_errors) yes >&2 ;;
    close) exec >&- 2>&- <&- ; exit 0 ;;
    close_and_hang) exec >&- 2>&- <&- ; sleep 60 ;;
    unwritable) mkdir "$TMPDIR/a" && touch "$TMPDIR/a/b" && chmod 000 "$TMPDIR/a" ;;
    litter) touch "$TMPDIR/litter" ;;
    no_input) rm -r "$(dirname "$1")" ;;
    # tail keeps a line without end; a stray is nobody's child any more once its parent has ended.
    hog) head -c 400000000 /dev/zero | tail; sleep 60 ;;
    stray_hog) (setsid setsid sh -c 'head -c 400000000 /dev/zero | tail; sleep 60' &) ; sleep 60 ;;
esac
echo fine

/// The receiving side: a program for any POSIX shell, given as the argument of `sh -c`.
package enum ReceiverScript {
  /// The arguments that make a shell the receiver.
  ///
  /// - Parameters:
  ///   - nonce: begins each of its lines; letters and digits.
  ///   - tick: seconds between two looks of the watchdog, at least 1.
  ///   - ticks: so many of them without a frame end the receiver; during a file or a tree 20 times as
  ///     many.
  package static func arguments(nonce: String, tick: Int = 5, ticks: Int = 6) -> [String] {
    ["-c", text, "devbench-receiver", nonce, "\(tick)", "\(ticks)"]
  }

  /// What it says before it ends where the image has no program that takes a number of bytes.
  package static let takesNothing = "neither head nor dd"

  // No name and no content is ever part of a command: they are read into variables, and used in double
  // quotes, after “--” or behind “<” and “>”. Programs are started only where the shell can't do it.
  static let text = #"""
    nonce=$1 tick=$2 ticks=$3
    # What a command that is run after a landing gets back.
    mask=$(umask) locale=${LC_ALL+x}${LC_ALL-}
    LC_ALL=C; export LC_ALL
    umask 022
    # The standard error stays open: where it ends, containerd ends the input as well.
    exec 5>&2 2>&1

    # Reading exactly N bytes: busybox's head reads ahead, an old dd gives up early on a pipe.
    exact() { printf 'abcdef\n' | { "$@" >/dev/null 2>&1; IFS= read -r r; [ "$r" = def ]; }; }
    if exact head -c 3; then take=head
    elif exact dd bs=3 count=1 iflag=fullblock; then take=dd
    elif exact dd bs=1 count=3; then take=bytes
    # Content couldn't be told from frames. The status of a shell that isn't there.
    else echo '\#(takesNothing)'; exit 127; fi
    take() {
      case $take in
      head) head -c "$1" ;;
      dd)
        blocks=$(($1 / 65536)) rest=$(($1 % 65536))
        if [ "$blocks" -gt 0 ]; then
          dd bs=65536 count="$blocks" iflag=fullblock 2>/dev/null || return 1
        fi
        if [ "$rest" -gt 0 ]; then dd bs="$rest" count=1 iflag=fullblock 2>/dev/null; fi ;;
      *) dd bs=1 count="$1" 2>/dev/null ;;
      esac
    }

    tar=no
    if command -v tar >/dev/null && [ "$(printf 'a\0' | xargs -0 printf %s 2>/dev/null)" = a ]; then
      tar=tar
    fi
    digest=-
    for program in sha256sum md5sum cksum; do
      if command -v "$program" >/dev/null; then digest=$program; break; fi
    done
    sum() { if [ "$digest" = - ]; then echo -; else "$digest" <"$1" || echo failed; fi; }

    # The receiver ends when nothing comes any more, whatever it waits in: the client may be gone
    # without the stream having been closed. In a group of its own, its programs end with it.
    IFS=' ' read -r _ _ _ _ group _ </proc/$$/stat
    if [ "$group" = $$ ]; then group=-$$; else group=$$; fi
    (
      left=$ticks
      trap 'left=$ticks' USR1
      trap 'left=$((ticks * 20))' USR2
      trap 'exit 0' TERM
      printf '%s hello 1 %s %s %s\n' "$nonce" "$tar" "$digest" "$take"
      exec </dev/null >/dev/null 2>&1 5>&-
      while [ "$left" -gt 0 ]; do sleep "$tick"; left=$((left - 1)); done
      kill -TERM "$group"
    ) &
    dog=$!
    trap 'kill "$dog" 2>/dev/null' EXIT

    # A path's line, into $p.
    path() {
      IFS= read -r line || exit 1
      case $line in
      =*) p=$(printf '%bx' "${line#=}"); p=${p%x} ;;
      *) p=${line#?} ;;
      esac
    }

    # Makes the directories above $1. Links to directories stay; other things in the way go.
    above() {
      d=${1%/*}
      if [ -z "$d" ] || [ -d "$d" ]; then return 0; fi
      mkdir -p -- "$d" 2>/dev/null && return 0
      while [ -n "$d" ] && [ ! -d "$d" ]; do
        if [ -e "$d" ] || [ -h "$d" ]; then rm -f -- "$d"; fi
        d=${d%/*}
      done
      mkdir -p -- "${1%/*}"
    }

    # Makes $p a file that can be written to: the one that is there, if that is possible.
    open() {
      fresh=
      if [ -h "$p" ] || [ -d "$p" ]; then
        rm -rf -- "$p" || return 1
        fresh=1
      fi
      above "$p" || return 1
      { true >>"$p"; } 2>/dev/null || { fresh=1; rm -f -- "$p" && true >>"$p"; }
    }

    # Behind “=” is what the file had before. What isn't permitted to a user who may write the file all the
    # same is no failure.
    mode() {
      case $1 in =*) [ -n "$fresh" ] || return 0 ;; esac
      chmod "${1#=}" "$p" || :
    }
    # An answer is one write that begins a line: the main loop and what verifies beside it both answer.
    ok() { printf '\n%s ok %s %s\n' "$nonce" "$n" "${1-}"; }
    no() { failed=1; printf '\n%s no %s\n' "$nonce" "$n"; }

    # Takes $1 bytes; as long as they flow, the watchdog waits.
    flow() {
      ahead=$1
      while [ "$ahead" -gt 16777216 ]; do
        take 16777216 || return 1
        ahead=$((ahead - 16777216))
        kill -USR2 "$dog" 2>/dev/null
      done
      take "$ahead"
    }

    # Writes $1 bytes to $p. All of them are read in any case: what a full disk leaves would be taken
    # for a header.
    put() { flow "$1" | { cat >"$p"; s=$?; cat >/dev/null; exit "$s"; }; }

    # The digest of all digests of the listed files, with their names.
    sums() { take "$1" | { xargs -0 "$digest" -- 2>/dev/null; cat >/dev/null; } | "$digest"; }

    # Beside the main loop: answers with the digest of the listed files together, while the next frame
    # is already received. In one write, so that answers don't mix.
    verify() {
      while IFS=' ' read -r n list; do
        s=$(sums "$list")
        ok "$s" >&3
      done
    }

    # A command gets no input, and its descendants keep nothing of the receiver's but its output.
    run() (
      trap - EXIT
      if [ -n "$locale" ]; then LC_ALL=${locale#x}; else unset LC_ALL; fi
      umask "$mask"
      exec "$@" </dev/null 3>&- 4>&- 5>&-
    )

    # Whether $p is executable, for its owner if not for this user.
    executable() {
      [ -x "$p" ] || case $(ls -ld -- "$p" 2>/dev/null) in '' | ???[xs]*) ;; *) return 1 ;; esac
    }

    # Whether $p is what the host has there: a file's digest, a link's target, nothing.
    holds() {
      case $a in
      file)
        if [ -f "$p" ] && [ ! -h "$p" ] && { [ "$b" != x ] || executable; }; then
          ok "$(sum "$p")"
        else no
        fi ;;
      directory) if [ -d "$p" ] && [ ! -h "$p" ]; then ok; else no; fi ;;
      link)
        at=$p
        path
        there=$(readlink -n -- "$at" 2>/dev/null; echo x)
        if [ -h "$at" ] && [ "$there" = "${p}x" ]; then ok; else no; fi ;;
      *) if [ ! -e "$p" ] && [ ! -h "$p" ]; then ok; else no; fi ;;
      esac
    }

    failed=
    exec 3>&1
    {
    while IFS=' ' read -r verb n a b c d; do
      kill -USR1 "$dog" 2>/dev/null
      case $verb in
      t)
        path
        IFS= read -r text || exit 1
        if open && printf %b "$text" >"$p"; then mode "$a"; ok "$(sum "$p")"; else no; fi ;;
      w)
        path
        kill -USR2 "$dog" 2>/dev/null
        if open; then
          if put "$a"; then mode "$b"; ok "$(sum "$p")"; else no; fi
        else
          take "$a" >/dev/null
          no
        fi ;;
      l)
        path; at=$p
        path
        if above "$at" && rm -rf -- "$at" && ln -s -- "$p" "$at"; then ok; else no; fi ;;
      m)
        path
        if [ ! -d "$p" ] && { [ -e "$p" ] || [ -h "$p" ]; }; then rm -f -- "$p"; fi
        if above "$p" && mkdir -p -- "$p"; then ok; else no; fi ;;
      d)
        path
        case $p in
        /?*) if rm -rf -- "$p"; then ok; else no; fi ;;
        *) no ;;
        esac ;;
      b)
        kill -USR2 "$dog" 2>/dev/null
        bad=
        if [ "$a" -gt 0 ]; then take "$a" | xargs -0 rm -rf -- || bad=1; fi
        if [ "$b" -gt 0 ]; then take "$b" | xargs -0 mkdir -p -- || bad=1; fi
        list=0
        if [ "$c" = + ]; then
          # The archive comes in pieces, up to one of 0 bytes. What tar leaves is read as well.
          while IFS= read -r size && [ "$size" -gt 0 ]; do
            take "$size" || break
            kill -USR2 "$dog" 2>/dev/null
          done |
            { tar -x -m -o -p -f - -C /; s=$?; cat >/dev/null; exit "$s"; } || bad=1
          IFS= read -r list || exit 1
        fi
        if [ -n "$bad" ]; then
          if [ "$list" -gt 0 ]; then take "$list" >/dev/null; fi
          no
        elif [ "$list" = 0 ]; then ok
        elif [ "$digest" = - ]; then
          take "$list" >/dev/null
          ok -
        else
          { echo "$n $list"; take "$list"; } >&4
        fi ;;
      c)
        path
        kill -USR2 "$dog" 2>/dev/null
        holds ;;
      v)
        kill -USR2 "$dog" 2>/dev/null
        ok "$(sums "$a")" ;;
      x)
        set --
        while [ "$a" -gt 0 ]; do path; set -- "$@" "$p"; a=$((a - 1)); done
        kill -USR2 "$dog" 2>/dev/null
        # Not after something that the sender took for granted and that failed.
        if [ "$b" = + ] && [ -n "$failed" ]; then no
        else run "$@"; ok "$?"; fi
        failed= ;;
      h) ok ;;
      *) exit 2 ;;
      esac
      kill -USR1 "$dog" 2>/dev/null
    done
    } 4>&1 >&3 | verify
    """#
}

// Where the app runs: its directory, its network, its time, its language.
extension ParityProbe {
  // Nothing is written: whether a name that is there can be had in another case too tells.
  static let place = #"""
    d_other_case() {
      d_p=${1%%[A-Za-z]*}
      d_r=${1#"$d_p"}
      d_c=${d_r%"${d_r#?}"}
      d_pairs=AaBbCcDdEeFfGgHhIiJjKkLlMmNnOoPpQqRrSsTtUuVvWwXxYyZzA
      case $d_c in
      [a-z]) d_pairs=aAbBcCdDeEfFgGhHiIjJkKlLmMnNoOpPqQrRsStTuUvVwWxXyYzZa ;;
      esac
      d_w=${d_pairs#*"$d_c"}
      d_other=$d_p${d_w%"${d_w#?}"}${d_r#?}
    }
    d_case() {
      set +f; set -- * .[!.]*; set -f
      d_tried=0
      for d_f in "$@"; do
        case $d_f in *[A-Za-z]*) ;; *) continue ;; esac
        if ! [ -e "$d_f" ] && ! [ -L "$d_f" ]; then continue; fi
        d_other_case "$d_f"
        # Both are listed: two files, or two names of one.
        for d_g in "$@"; do
          if [ "$d_g" = "$d_other" ]; then d_fact place case sensitive; return; fi
        done
        if [ -e "$d_other" ] || [ -L "$d_other" ]; then
          # A second look: the other may have been made since the list was.
          if [ "$d_f" -ef "$d_other" ]; then d_fact place case insensitive; return; fi
        elif [ -e "$d_f" ] || [ -L "$d_f" ]; then d_fact place case sensitive; return; fi
        d_tried=$((d_tried + 1))
        if [ "$d_tried" -ge 20 ]; then break; fi
      done
      d_unknown place case 'the working directory has no name that tells'
    }
    d_place() {
      d_v=$(pwd -P; printf x)
      d_fact place directory "${d_v%"${d_nl}x"}"
      d_case
      if [ -w . ]; then d_fact place writable yes; else d_fact place writable no; fi
      set -- $(d_bounded df -PT .)
      while [ $# -gt 7 ]; do shift; done
      case ${2-}:${3-} in
      ?*:[0-9]*) d_fact place file-system "$2" ;;
      *)
        d_v=$(d_bounded stat -f -c %T .)
        case $d_v in
        ''|UNKNOWN*|*[!A-Za-z0-9/._-]*) d_unknown place file-system 'neither df nor stat tells' ;;
        *) d_fact place file-system "$d_v" ;;
        esac ;;
      esac
    }
    """#

  static let network = #"""
    d_network() {
      d_v=$(uname -n || hostname)
      if [ -z "$d_v" ] && d_word /proc/sys/kernel/hostname; then :; fi
      if [ -n "$d_v" ]; then d_fact network hostname "$d_v"
      else d_unknown network hostname 'there is no uname'; fi
      if [ -r /etc/resolv.conf ]; then
        d_servers= d_search= d_options= d_dots=1
        while read -r d_k d_v || [ -n "$d_k" ]; do
          d_v=${d_v%%[#;]*}
          case $d_k in
          nameserver) for d_w in $d_v; do d_servers=$d_servers${d_servers:+ }$d_w; break; done ;;
          search|domain) d_search=; for d_w in $d_v; do d_search=$d_search${d_search:+ }$d_w; done ;;
          options)
            for d_w in $d_v; do
              case $d_w in
              ndots:*) d_dots=${d_w#ndots:} ;;
              *) d_options=$d_options${d_options:+ }$d_w ;;
              esac
            done ;;
          esac
        done </etc/resolv.conf
        d_fact network nameservers "$d_servers"
        d_fact network search "$d_search"
        d_fact network ndots "$d_dots"
        d_fact network resolver-options "$d_options"
      else
        for d_k in nameservers search ndots resolver-options; do
          d_unknown network $d_k '/etc/resolv.conf cannot be read'
        done
      fi
      if [ -r /etc/nsswitch.conf ]; then
        while read -r d_k d_v || [ -n "$d_k" ]; do
          if [ "$d_k" = hosts: ]; then
            d_w=; for d_g in ${d_v%%#*}; do d_w=$d_w${d_w:+ }$d_g; done
            d_fact network hosts-order "$d_w"
            break
          fi
        done </etc/nsswitch.conf
      fi
    }
    """#

  // These few values of the environment are told in clear, and only where they look like what they are.
  static let timeAndLocale = #"""
    d_clock() {
      d_v=$(date +%s.%N)
      case $d_v in
      *[!0-9.]*|*.|'') d_v=$(date +%s) ;;
      esac
      case $d_v in
      ''|*[!0-9.]*) d_unknown time "$1" 'there is no date' ;;
      *) d_fact time "$1" "$d_v" ;;
      esac
    }
    d_plain() {
      case $3 in
      '') ;;
      *[!A-Za-z0-9_.@:/,+=\<\>-]*) d_unknown "$1" "$2" 'not a usual value' ;;
      *)
        if [ "${#3}" -le 60 ]; then d_fact "$1" "$2" "$3"
        else d_unknown "$1" "$2" 'not a usual value'; fi ;;
      esac
    }
    d_time() {
      d_plain time TZ "${TZ-}"
      if d_v=$(date +%z) && [ -n "$d_v" ]; then d_fact time offset "$d_v"
      else d_unknown time offset 'there is no date'; fi
      if d_v=$(date +%Z) && [ -n "$d_v" ]; then d_plain time zone "$d_v"
      else d_unknown time zone 'there is no date'; fi
      case $d_locale in x*) d_plain locale LC_ALL "${d_locale#x}" ;; esac
      for d_k in LANG LANGUAGE LC_CTYPE LC_NUMERIC LC_TIME LC_COLLATE LC_MONETARY LC_MESSAGES \
        LC_PAPER LC_NAME LC_ADDRESS LC_TELEPHONE LC_MEASUREMENT LC_IDENTIFICATION; do
        eval "d_v=\${$d_k-}"
        d_plain locale "$d_k" "$d_v"
      done
      if d_v=$(d_app; d_bounded locale charmap) && [ -n "$d_v" ]; then d_fact locale charmap "$d_v"
      else d_unknown locale charmap 'there is no locale'; fi
    }
    """#

  // Names, and hashes of salt, name and value. No other checksum stands in: a CRC can be turned round.
  static let environment = #"""
    if d_has sha256sum; then d_sum=sha256sum
    elif d_has shasum; then d_sum='shasum -a 256'
    elif d_has openssl; then d_sum='openssl dgst -sha256 -r'
    else d_sum=; fi
    d_variable() {
      d_raw=$1
      case $1 in
      *"$d_soh"*) d_raw=$(printf '%sx' "$1" | tr '\001' '\n') d_raw=${d_raw%x} ;;
      esac
      d_key=${d_raw%%=*}
      d_left=$((d_left - 1))
      if [ -z "$d_salt" ]; then d_unknown environment "$d_key" 'no salt was given'
      elif [ -z "$d_sum" ]; then d_unknown environment "$d_key" 'there is no sha256sum'
      elif [ "$d_left" -lt 0 ]; then d_unknown environment "$d_key" 'too many variables'
      else
        d_v=$(printf '%s\n%s' "$d_salt" "$d_raw" | $d_sum)
        d_v=${d_v%% *}
        case $d_v in
        ''|*[!0-9a-f]*) d_unknown environment "$d_key" 'sha256sum failed' ;;
        *) d_fact environment "$d_key" "sha256:$d_v" ;;
        esac
      fi
    }
    # The environment's variables, one a line, with a newline in one as byte 1.
    d_variables() {
      if [ -r "/proc/$d_pid/environ" ]; then tr '\000\n' '\n\001' <"/proc/$d_pid/environ"
      else (d_app; env -0) | LC_ALL=C tr '\000\n' '\n\001'; fi
    }
    d_environment() {
      d_soh=$(printf '\001') d_left=600
      d_all=$(d_variables)
      if [ -n "$d_all" ]; then
        IFS=$d_nl
        for d_line in $d_all; do
          case $d_line in
          ?*=*) IFS=' '; d_variable "$d_line"; IFS=$d_nl ;;
          esac
        done
        return
      fi
      # No tr: the shell's own list has names. What is a line of a value is no variable's name.
      d_all=$(export -p)
      IFS=$d_nl
      for d_line in $d_all; do
        case $d_line in 'export '*|'declare -x '*) ;; *) continue ;; esac
        d_k=${d_line#export } d_k=${d_k#declare -x } d_k=${d_k%%=*}
        case $d_k in ''|[0-9]*|*[!A-Za-z0-9_]*) continue ;; esac
        eval "d_v=\${$d_k+x}"
        case $d_k:$d_locale in
        LC_ALL:) ;;
        *) if [ -n "$d_v" ]; then d_unknown environment "$d_k" 'there is no tr'; fi ;;
        esac
      done
    }
    """#
}

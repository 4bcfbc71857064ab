/// A program for any POSIX shell that tells what the runtime is made of in which it runs.
///
/// It is given to a shell's standard input (`sh -s SALT [SECONDS [PROGRAM]]`), in the environment and the working
/// directory of the app. It writes nothing but its standard output, runs none of the app's code on purpose,
/// and reads its own text to the end before anything runs: no program that it starts can read from it.
///
/// Each line of the output is one of these; fields are separated by tabs and escaped (`FactText`):
///
/// ```
/// devbench-fact         group  name    value
/// devbench-unknown      group  name    reason    the fact is there, its value can't be told
/// devbench-unknown-all  group  prefix  reason    which facts begin with this can't be told
/// devbench-facts-end    1                        the format's version
/// ```
///
/// Lines are below 4096 bytes, each a single write, since several jobs share one pipe (POSIX's PIPE_BUF).
package enum ParityProbe {
  /// The version of the output's format.
  package static let version = 1

  /// The arguments of a shell that reads the script from its standard input.
  ///
  /// - Parameters:
  ///   - salt: goes into the hash of each environment value: the same for what is compared, random, and
  ///     thrown away afterwards. Without one no hash is made.
  ///   - seconds: how long any one tool may take, at least 1.
  ///   - program: that the app is started with. Where it is a path, runtimes are looked for in its directory
  ///     first, since a virtual environment's Python is usually on no `PATH`.
  package static func arguments(salt: String, seconds: Int = 1, program: String? = nil) -> [String]
  {
    ["-s", salt, "\(max(1, seconds))"] + (program.map { [$0] } ?? [])
  }

  /// The script. The names of its own variables and functions begin with `d_`.
  package static let script = [
    "d_probe() {", frame, bounds, system, user, place, limits, network, timeAndLocale, environment,
    runtimes, packages, systemPackages, run, "}",
    #"d_probe "$@" </dev/null 2>/dev/null"#, "",
  ].joined(separator: "\n")

  /// Variables, and how facts are told.
  private static let frame = #"""
    set +eux
    set -f
    d_salt=${1-} d_limit=${2:-1} d_program=${3-} d_pid=$$
    # What the app's own programs get back.
    d_locale=${LC_ALL+x}${LC_ALL-}
    LC_ALL=C; export LC_ALL
    d_app() {
      case $d_locale in x*) LC_ALL=${d_locale#x}; export LC_ALL ;; *) unset LC_ALL ;; esac
    }
    d_runtime() {
      d_app
      case $d_program in
      /*) d_v=${d_program%/*} ;;
      */*) d_v=$(pwd)/${d_program%/*} ;;
      *) return ;;
      esac
      case $d_v in *:*) ;; *) PATH=${d_v:-/}:$PATH ;; esac
    }
    d_nl='
    '
    d_tab=$(printf '\t') d_cr=$(printf '\r')
    d_has() { command -v "$1" >/dev/null 2>&1; }

    # The escaped text of $1, into d_q.
    d_quote() {
      d_q= d_r=$1
      while :; do
        case $d_r in
        *[[:cntrl:]\\]*) ;;
        *) d_q=$d_q$d_r; return ;;
        esac
        d_p=${d_r%%[[:cntrl:]\\]*}
        d_r=${d_r#"$d_p"}
        d_c=${d_r%"${d_r#?}"}
        d_r=${d_r#?}
        case $d_c in
        \\) d_c='\\' ;;
        "$d_tab") d_c='\t' ;;
        "$d_nl") d_c='\n' ;;
        "$d_cr") d_c='\r' ;;
        *) d_c='\0'$(printf %03o "'$d_c") ;;
        esac
        d_q=$d_q$d_p$d_c
      done
    }
    d_line() {
      if [ "${#3}" -gt 1000 ]; then return; fi
      d_quote "$3"; d_name=$d_q
      d_q=
      if [ "${#4}" -le 2500 ]; then d_quote "$4"; fi
      if [ "${#d_name}" -gt 1000 ]; then return; fi
      if [ "${#4}" -gt 2500 ] || [ "${#d_q}" -gt 2500 ]; then
        printf 'devbench-unknown\t%s\t%s\tlonger than 2500 bytes\n' "$2" "$d_name"
      else printf '%s\t%s\t%s\t%s\n' "$1" "$2" "$d_name" "$d_q"; fi
    }
    d_fact() { d_line devbench-fact "$1" "$2" "$3"; }
    d_unknown() { d_line devbench-unknown "$1" "$2" "$3"; }
    d_unknown_all() { d_line devbench-unknown-all "$1" "$2" "$3"; }
    # The first word of a file's only line, or nothing.
    d_word() {
      d_v= d_w=
      if [ -r "$1" ]; then IFS=' ' read -r d_v d_w <"$1"; fi
      [ -n "$d_v" ]
    }
    """#

  /// Ends what takes too long, with what it started, which would hold the pipe: by GNU's `timeout`, or in
  /// a session of its own. Without these by another `timeout`, in both of its spellings, or by a watchdog:
  /// they end the tool alone.
  private static let bounds = #"""
    case $(timeout --version) in *GNU*) d_timeout=new ;; *) d_timeout= ;; esac
    if [ -n "$d_timeout" ]; then :
    elif d_has setsid && d_has sleep; then d_timeout=group
    elif timeout -s KILL 5 true; then d_timeout=new
    elif timeout -t 5 -s KILL true; then d_timeout=old
    elif d_has sleep; then d_timeout=dog
    else d_timeout=none; fi
    d_watched() {
      "$@" & d_child=$!
      { sleep "$d_limit"; kill -KILL "$d_sign$d_child"; } >/dev/null 2>&1 & d_dog=$!
      wait "$d_child"; d_status=$?
      kill "$d_dog"
      return "$d_status"
    }
    d_bounded() {
      case $d_timeout in
      new) timeout -s KILL "$d_limit" "$@" ;;
      old) timeout -t "$d_limit" -s KILL "$@" ;;
      group) d_sign=-; d_watched setsid "$@" ;;
      dog) d_sign=; d_watched "$@" ;;
      *) "$@" ;;
      esac
    }
    """#

  /// Quick ones first; those that start programs side by side.
  private static let run = #"""
    printf '\n'
    d_clock clock-start
    d_system
    d_user
    d_place
    d_limits
    d_network
    d_time
    d_environment &
    d_python &
    d_node &
    d_ruby &
    d_runtimes &
    d_java &
    d_system_packages &
    wait
    d_clock clock-end
    printf 'devbench-facts-end\t1\n'
    """#
}

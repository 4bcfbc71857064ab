// What the operating system says of itself, of the user and of limits.
extension ParityProbe {
  static let system = #"""
    d_libc() {
      d_v=$(d_bounded getconf GNU_LIBC_VERSION)
      case $d_v in
      'glibc '[0-9]*)
        d_fact system libc glibc
        d_fact system libc-version "${d_v#glibc }"
        return ;;
      esac
      d_v=$(d_bounded ldd --version 2>&1)
      case $d_v in
      musl*) ;;
      *GLIBC*|*'GNU libc'*)
        d_v=${d_v%%"$d_nl"*}
        d_fact system libc glibc
        d_fact system libc-version "${d_v##* }"
        return ;;
      *)
        set +f; set -- /lib/ld-musl-*.so.1; set -f
        d_v=
        if [ -x "$1" ]; then d_v=$(d_bounded "$1" 2>&1); fi ;;
      esac
      case $d_v in
      musl*Version*)
        d_v=${d_v#*Version }
        d_fact system libc musl
        d_fact system libc-version "${d_v%%"$d_nl"*}" ;;
      *)
        d_unknown system libc 'neither getconf nor ldd tells'
        d_unknown system libc-version 'neither getconf nor ldd tells' ;;
      esac
    }
    d_system() {
      d_os= d_release=
      for d_f in /etc/os-release /usr/lib/os-release; do
        if [ -r "$d_f" ]; then
          while IFS='=' read -r d_k d_v || [ -n "$d_k" ]; do
            d_v=${d_v#[\"\']} d_v=${d_v%[\"\']}
            case $d_k in
            ID) d_os=$d_v ;;
            VERSION_ID) d_release=$d_v ;;
            esac
          done <"$d_f"
          break
        fi
      done
      if [ -z "$d_os" ] && d_has sw_vers; then
        d_os=macos d_release=$(d_bounded sw_vers -productVersion)
      fi
      if [ -n "$d_os" ]; then d_fact system os "$d_os"
      else d_unknown system os 'there is no os-release'; fi
      # A rolling distribution has none.
      if [ -n "$d_release" ]; then d_fact system os-release "$d_release"; fi
      if d_v=$(uname -m); then d_fact system architecture "$d_v"
      else d_unknown system architecture 'there is no uname'; fi
      for d_k in 's kernel ostype' 'r kernel-release osrelease' 'v kernel-build version'; do
        d_p=${d_k#? } d_v=$(uname -"${d_k%% *}")
        if [ -z "$d_v" ] && d_word "/proc/sys/kernel/${d_p#* }"; then d_v=$d_v${d_w:+ $d_w}; fi
        if [ -n "$d_v" ]; then d_fact system "${d_p% *}" "$d_v"
        else d_unknown system "${d_p% *}" 'there is no uname'; fi
      done
      d_libc
    }
    """#

  // The home is the user database's: HOME is a value of the environment, and compared there.
  static let user = #"""
    d_user() {
      d_uid=$(id -u) d_gid=$(id -g) d_groups=$(id -G)
      if [ -z "$d_uid" ] && [ -r "/proc/$d_pid/status" ]; then
        while IFS="$d_tab" read -r d_k d_v d_w; do
          case $d_k in
          Uid:) d_uid=$d_v ;;
          Gid:) d_gid=$d_v ;;
          Groups:) d_groups=${d_v:-$d_gid}; break ;;
          esac
        done <"/proc/$d_pid/status"
      fi
      if [ -z "$d_uid" ]; then d_unknown_all user '' 'there is no id'
      else
        d_fact user uid "$d_uid"
        d_fact user gid "$d_gid"
        if d_has sort; then
          d_groups=$(for d_v in $d_groups; do printf '%s\n' "$d_v"; done | sort -n)
        fi
        d_v=; for d_w in $d_groups; do d_v=$d_v${d_v:+ }$d_w; done
        d_fact user groups "$d_v"
        d_v=$(id -un)
        case $d_v in
        '') d_unknown user name 'the user database has none' ;;
        *[!A-Za-z0-9._-]*|-*) d_fact user name "$d_v" ;;
        *)
          d_fact user name "$d_v"
          eval "d_w=~$d_v"
          case $d_w in /*) d_fact user home "$d_w" ;; esac ;;
        esac
      fi
      d_fact user umask "$(umask)"
      if [ -z "${HOME-}" ]; then d_v=unset
      elif ! [ -d "$HOME" ]; then d_v=missing
      elif [ -w "$HOME" ]; then d_v=writable
      else d_v=read-only; fi
      d_fact user home-state "$d_v"
    }
    """#

  // /proc says them alike whatever the shell; its ulimit differs in units and in what -p is.
  static let limits = #"""
    d_limit_fact() {
      case $2 in
      unlimited|'') d_v=$2 ;;
      *[!0-9]*) return ;;
      *) d_v=$(($2 * $3)) ;;
      esac
      if [ -n "$d_v" ]; then d_fact limits "$1" "$d_v"; fi
    }
    # The least figure in file $3 of the group $2 and of those above it, below the mount $1.
    d_least() {
      d_min=unlimited d_at=$2
      case $d_at in *..*|/) d_at= ;; esac
      while :; do
        if d_word "$1$d_at/$3"; then
          if [ "$3" = cpu.cfs_quota_us ]; then
            d_quota=$d_v
            d_word "$1$d_at/cpu.cfs_period_us" && d_w=$d_v
            d_v=$d_quota
          fi
          case $d_v in
          *[!0-9]*) ;;
          *)
            case $3 in
            cpu.*) if [ "${d_w:-0}" -gt 0 ]; then d_v=$((d_v * 1000 / d_w)); fi ;;
            esac
            # An old memory group without a limit says the largest number of pages.
            if [ "$d_v" -lt 1152921504606846976 ]; then
              if [ "$d_min" = unlimited ] || [ "$d_v" -lt "$d_min" ]; then d_min=$d_v; fi
            fi ;;
          esac
        fi
        if [ -z "$d_at" ]; then break; fi
        d_at=${d_at%/*}
      done
    }
    d_groups_limits() {
      d_all= d_mem= d_cpu= d_pids=
      if [ -r "/proc/$d_pid/cgroup" ]; then
        while IFS=: read -r d_k d_v d_w; do
          case $d_k:,$d_v, in
          0:,,) d_all=$d_w ;;
          *,memory,*) d_mem=$d_w ;;
          *,pids,*) d_pids=$d_w ;;
          *,cpu,*) d_cpu=$d_w ;;
          esac
        done <"/proc/$d_pid/cgroup"
      fi
      d_root=/sys/fs/cgroup
      if [ -f $d_root/cgroup.controllers ]; then
        d_least $d_root "$d_all" memory.max; d_fact limits memory-group "$d_min"
        # In thousandths of a processor.
        d_least $d_root "$d_all" cpu.max; d_fact limits cpu-group "$d_min"
        d_least $d_root "$d_all" pids.max; d_fact limits processes-group "$d_min"
      elif [ -d $d_root/memory ] || [ -d $d_root/cpu ]; then
        d_least $d_root/memory "$d_mem" memory.limit_in_bytes
        d_fact limits memory-group "$d_min"
        d_least $d_root/cpu "$d_cpu" cpu.cfs_quota_us; d_fact limits cpu-group "$d_min"
        d_least $d_root/pids "$d_pids" pids.max; d_fact limits processes-group "$d_min"
      else
        for d_k in memory cpu processes; do
          d_unknown limits $d_k-group 'there are no control groups to see'
        done
      fi
    }
    d_limits() {
      if [ -r "/proc/$d_pid/limits" ]; then
        while read -r d_k d_v; do
          d_k="$d_k $d_v"
          for d_w in 'cpu time=cpu-time' 'file size=file-size' 'stack size=stack' \
            'core file size=core' 'processes=processes' 'open files=open-files' \
            'locked memory=locked-memory' 'address space=address-space'; do
            case $d_k in
            "Max ${d_w%=*} "*)
              set -- ${d_k#"Max ${d_w%=*} "}
              d_fact limits "${d_w#*=}" "$1"
              d_fact limits "${d_w#*=}-hard" "$2" ;;
            esac
          done
        done <"/proc/$d_pid/limits"
      else
        d_limit_fact open-files "$(ulimit -n)" 1
        d_limit_fact open-files-hard "$(ulimit -H -n)" 1
        d_limit_fact stack "$(ulimit -s)" 1024
        d_limit_fact cpu-time "$(ulimit -t)" 1
        d_limit_fact address-space "$(ulimit -v)" 1024
        # In bash -p is a pipe's size.
        d_limit_fact processes "$(ulimit -u || ulimit -p)" 1
      fi
      d_groups_limits
      d_v=$(nproc || getconf _NPROCESSORS_ONLN || grep -c '^processor' /proc/cpuinfo)
      if [ -n "$d_v" ]; then d_fact limits cpus "$d_v"
      else d_unknown limits cpus 'neither nproc nor getconf'; fi
      if [ -r /proc/meminfo ]; then
        IFS=' ' read -r d_k d_v d_w </proc/meminfo
        d_limit_fact memory "$d_v" 1024
      fi
    }
    """#
}

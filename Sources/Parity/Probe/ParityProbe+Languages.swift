// Languages' runtimes, and what is installed for them.
extension ParityProbe {
  // Options that the app gives its runtimes aren't for these calls: they may start a debugger.
  static let runtimes = #"""
    d_version() {
      d_fact runtime "$1" "$2"
      d_fact runtime "$1-path" "$(command -v "$1")"
    }
    d_ask() {
      d_v=$(d_bounded "$@") || d_v=
      if [ -z "$d_v" ]; then d_unknown runtime "$1" "it didn't answer"; return 1; fi
    }
    d_runtimes() {
      d_runtime
      unset PERL5OPT PERL5DB GOFLAGS
      if d_has perl && d_ask perl -e 'printf "%vd", $^V'; then d_version perl "$d_v"; fi
      # Another toolchain would be fetched if go.mod asks for it.
      GOTOOLCHAIN=local; export GOTOOLCHAIN
      if d_has go && d_ask go version; then
        d_v=${d_v#go version go}; d_version go "${d_v%% *}"
      fi
      if d_has php && d_ask php -r 'echo PHP_VERSION;'; then d_version php "$d_v"; fi
      if d_has dotnet && d_ask dotnet --list-runtimes; then
        IFS=$d_nl
        for d_w in $d_v; do
          d_w=${d_w% \[*}
          case $d_w in
          *' '[0-9]*) d_fact runtime "dotnet/${d_w% *}" "${d_w##* }" ;;
          esac
        done
        d_fact runtime dotnet-path "$(command -v dotnet)"
      fi
    }
    d_java() {
      d_runtime
      unset JAVA_TOOL_OPTIONS JDK_JAVA_OPTIONS _JAVA_OPTIONS
      d_has java || return
      # A Mac has a stand-in that asks to install it.
      if [ -x /usr/libexec/java_home ] && ! /usr/libexec/java_home >/dev/null; then return; fi
      d_v=$(d_bounded java -version 2>&1)
      case $d_v in
      *' version "'*) d_v=${d_v#*' version "'}; d_version java "${d_v%%\"*}" ;;
      *) d_unknown runtime java "its answer can't be read" ;;
      esac
    }
    """#

  static let packages = [
    passing, pythonStart + python + "'", "}", nodeStart + node + "'", "}", ruby,
  ].joined(separator: "\n")

  /// What a runtime tells in the probe's own format, up to its last line.
  private static let passing = #"""
    d_pass() {
      d_tool=$1 d_prefix=$2
      shift 2
      d_v=$(d_bounded "$@")
      IFS=$d_nl
      d_last=
      for d_l in $d_v; do
        d_last=$d_l
        case $d_l in "devbench-"*) printf '%s\n' "$d_l" ;; esac
      done
      if [ "$d_last" != end ]; then
        case $d_v in
        *"devbench-fact${d_tab}runtime${d_tab}$d_tool$d_tab"*) ;;
        *) d_unknown runtime "$d_tool" "it didn't answer" ;;
        esac
        d_unknown_all packages "$d_prefix" "$d_tool didn't tell them in time"
      fi
    }
    """#

  private static let pythonStart = #"""
    d_python() {
      d_runtime
      unset PYTHONINSPECT PYTHONSTARTUP PYTHONVERBOSE PYTHONDEBUG PYTHONPROFILEIMPORTTIME
      PYTHONDONTWRITEBYTECODE=1; export PYTHONDONTWRITEBYTECODE
      d_has python3 || return
      # A Mac has a stand-in that asks to install it.
      if [ "$(command -v python3)" = /usr/bin/python3 ] && d_has xcode-select \
        && ! xcode-select -p >/dev/null; then return; fi
      d_pass python3 python/ python3 -c '
    """#

  // In Python's own words: the app's sys.path, but not for what this program itself imports.
  private static let python = #"""
    import sys, os
    path = list(sys.path)
    try:
        here = os.getcwd()
    except OSError:
        here = ""
    sys.path = [p for p in path if p and os.path.abspath(p) != here]
    names = {"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"}
    def quote(text):
        return "".join(names.get(c) or ("\\0%03o" % ord(c) if c < " " or c == "\x7f" else c) for c in text)
    def fact(group, name, value, kind="fact"):
        line = "\t".join(["devbench-" + kind, group, quote(name), quote(value)]) + "\n"
        try:
            line = line.encode("utf-8", "surrogateescape")
        except UnicodeError:
            line = line.encode("utf-8", "replace")
        if len(line) < 3500:
            sys.stdout.buffer.write(line)
    fact("runtime", "python3", sys.version.split()[0])
    fact("runtime", "python3-path", sys.executable or "?")
    sys.stdout.flush()
    def installed():
        try:
            from importlib import metadata
        except ImportError:
            metadata = None
        if metadata:
            for found in metadata.distributions(path=path):
                try:
                    about = found.metadata
                    yield about["Name"], about["Version"]
                except Exception:
                    pass
            return
        for place in path:
            try:
                entries = sorted(os.listdir(place or "."))
            except OSError:
                continue
            for entry in entries:
                stem, kind = os.path.splitext(entry)
                parts = stem.split("-")
                if kind in (".dist-info", ".egg-info") and len(parts) > 1:
                    yield parts[0], parts[1]
    seen = set()
    for name, version in installed():
        if not name or len(seen) >= 5000:
            continue
        for c in "_.":
            name = name.replace(c, "-")
        while "--" in name:
            name = name.replace("--", "-")
        name = name.lower()
        if name in seen:
            continue
        seen.add(name)
        if version:
            fact("packages", "python/" + name, str(version))
        else:
            fact("packages", "python/" + name, "its metadata has no version", "unknown")
    print("end")
    """#

  private static let nodeStart = #"""
    d_node() {
      d_runtime
      unset NODE_OPTIONS NODE_V8_COVERAGE NODE_DEBUG
      if ! d_has node; then
        if [ -d node_modules ]; then
          d_unknown_all packages node/ 'there is a node_modules, and no node'
        fi
        return
      fi
      d_pass node node/ node -e '
    """#

  // The nearest of each name, as Node resolves it (Node.js, “Loading from node_modules folders”).
  private static let node = #"""
    const fs = require("fs"), path = require("path");
    const names = {"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"};
    const quote = (text) => text.replace(/[\\\x00-\x1f\x7f]/g,
      (c) => names[c] || "\\0" + ("00" + c.charCodeAt(0).toString(8)).slice(-3));
    let out = "";
    const fact = (group, name, value, kind) => {
      const line = ["devbench-" + (kind || "fact"), group, quote(name), quote(value)].join("\t") + "\n";
      if (Buffer.byteLength(line) < 3500) out += line;
    };
    const list = (place) => { try { return fs.readdirSync(place).sort(); } catch (e) { return []; } };
    fact("runtime", "node", process.versions.node);
    fact("runtime", "node-path", process.execPath);
    const seen = new Set();
    const look = (place, name) => {
      if (seen.has(name) || seen.size >= 5000) return;
      const file = path.join(place, "package.json");
      let text;
      try {
        if (fs.statSync(file).size > 1048576) return;
        text = fs.readFileSync(file, "utf8");
      } catch (e) { return; }
      seen.add(name);
      let version;
      try { version = JSON.parse(text).version; } catch (e) {}
      if (typeof version === "string") fact("packages", "node/" + name, version);
      else fact("packages", "node/" + name, "its package.json has no version", "unknown");
    };
    let here;
    try { here = process.cwd(); } catch (e) { here = "/"; }
    for (;;) {
      const modules = path.join(here, "node_modules");
      for (const name of list(modules)) {
        if (name[0] === ".") continue;
        const place = path.join(modules, name);
        if (name[0] === "@") for (const part of list(place)) look(path.join(place, part), name + "/" + part);
        else look(place, name);
      }
      const above = path.dirname(here);
      if (above === here) break;
      here = above;
    }
    fs.writeSync(1, out + "end\n");
    """#

  private static let ruby = #"""
    d_ruby() {
      d_runtime
      unset RUBYOPT
      d_has ruby || return
      d_pass ruby ruby/ ruby -e '
        quote = lambda { |s| s.to_s.gsub(/[^ -\[\]-~]/) { |c| c.bytes.map { |b| "\\0%03o" % b }.join } }
        fact = lambda { |g, n, v| $stdout.print "devbench-fact\t#{g}\t#{quote[n]}\t#{quote[v]}\n" }
        fact["runtime", "ruby", RUBY_VERSION]
        fact["runtime", "ruby-path", RbConfig.ruby]
        $stdout.flush
        Gem::Specification.stubs.first(5000).each { |s| fact["packages", "ruby/" + s.name, s.version] }
        puts "end"'
    }
    """#

  static let systemPackages = #"""
    d_system_packages() {
      d_any=
      if [ -f /var/lib/dpkg/status ] && d_has dpkg-query; then
        # Not dpkg, which a busybox may have as its own.
        d_any=dpkg d_arch=$(d_bounded dpkg-query -W -f '${Architecture}' dpkg)
        d_v=$(d_bounded dpkg-query -W \
          -f '${db:Status-Abbrev}\t${binary:Package}\t${Version}\n') || d_failed dpkg
        IFS=$d_nl
        for d_l in $d_v; do
          case $d_l in
          ?i*"$d_tab"*"$d_tab"*)
            d_l=${d_l#*"$d_tab"}
            d_k=${d_l%%"$d_tab"*}
            d_fact system-packages "dpkg/${d_k%":$d_arch"}" "${d_l#*"$d_tab"}" ;;
          esac
        done
      fi
      if [ -f /lib/apk/db/installed ] && d_has apk; then
        d_any=apk
        d_v=$(d_bounded apk info -v) || d_failed apk
        IFS=$d_nl
        for d_l in $d_v; do
          d_k=${d_l%-*-r*}
          case $d_l in
          "$d_k"-*) d_fact system-packages "apk/$d_k" "${d_l#"$d_k-"}" ;;
          esac
        done
      fi
      if { [ -d /var/lib/rpm ] || [ -d /usr/lib/sysimage/rpm ]; } && d_has rpm; then
        d_any=rpm
        d_v=$(d_bounded rpm -qa --qf '%{NAME}\t%{VERSION}-%{RELEASE}\n') || d_failed rpm
        IFS=$d_nl
        for d_l in $d_v; do
          case $d_l in
          gpg-pubkey*) ;;
          *"$d_tab"*) d_fact system-packages "rpm/${d_l%%"$d_tab"*}" "${d_l#*"$d_tab"}" ;;
          esac
        done
      fi
      if [ -z "$d_any" ]; then
        d_unknown_all system-packages '' 'there is no dpkg-query, apk or rpm'
      fi
    }
    d_failed() { d_unknown_all system-packages "$1/" "$1 didn't tell them in time"; }
    """#
}

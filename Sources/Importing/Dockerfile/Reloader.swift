/// Whether a command notices changed files by itself, and how it is started without that.
enum Reloader {
  private static let flags: Set<String> = [
    "--reload", "--watch", "--debug", "--hot", "--live-reload",
  ]
  private static let programs: Set<String> = [
    "nodemon", "ts-node-dev", "tsnd", "watchexec", "air", "reflex", "entr", "vite", "watchmedo",
    "webpack-dev-server", "cargo-watch", "CompileDaemon", "gow", "wgo",
  ]

  /// - Parameters:
  ///   - command: program and arguments; nil if only the base image says it.
  ///   - scripts: of package.json, for `npm run NAME`.
  static func launch(
    _ command: [String]?, environment: [String: String], scripts: [String: String] = [:]
  ) -> ScenarioDraft.Launch {
    var launch = ScenarioDraft.Launch()
    guard var words = command else { return launch }
    if let script = script(words, in: scripts) {
      // The script is behind npm's back; what it starts can't be changed from here.
      var inner = self.launch(
        script.split(whereSeparator: \.isWhitespace).map(String.init), environment: environment)
      inner.withoutReloader = nil
      inner.environmentWithoutReloader = []
      return inner
    }
    let isShell = words.count >= 3 && ["sh", "bash"].contains(ProjectPath.name(words[0]))
    if isShell { words = words[2].split(whereSeparator: \.isWhitespace).map(String.init) }
    // `NAME=value` and cross-env stand before the program.
    let start = words.firstIndex { $0 != "cross-env" && $0.wholeMatch(of: /\w+=.*/) == nil }
    let names = words[(start ?? 0)...].map { ProjectPath.name($0) }
    let isFlask = names.contains("flask")
    let isNode = names.first == "node"
    let isFlag: (String) -> Bool = { word in
      switch word {
      case "--debug": isFlask
      case "--watch": true
      default: flags.contains(word) || word.hasPrefix("--watch-path=")
      }
    }
    let hasFlag = words.contains(where: isFlag)
    let isNext = zip(names, names.dropFirst()).contains {
      ["next", "nuxt", "astro", "remix"].contains($0) && $1 == "dev"
    }
    let isTSX = zip(names, names.dropFirst()).contains { $0 == "tsx" && $1 == "watch" }
    let isDjango = zip(names, names.dropFirst()).contains { $0 == "manage.py" && $1 == "runserver" }
    let hasProgram = names.contains(where: programs.contains) || isNext || isTSX || isDjango
    let flaskDebug =
      isFlask && ["1", "true", "on"].contains(environment["FLASK_DEBUG"]?.lowercased() ?? "")
    launch.hasReloader =
      hasFlag || hasProgram || flaskDebug || (isDjango && !words.contains("--noreload"))
    if launch.hasReloader == true, !hasProgram, !isShell {
      launch.withoutReloader = words.filter { !isFlag($0) }
      if isFlask { launch.environmentWithoutReloader = [("FLASK_DEBUG", "0")] }
    }
    if isFlask, launch.hasReloader == true {
      launch.markers = [("detected", "Detected change in"), ("restarted", "Restarting with")]
    }
    if isNode, hasFlag {
      launch.markers = [("detected", "Restarting '"), ("failed", "Failed running '")]
      launch.wantsWritingInPlace = true
    }
    if names.first == "nodemon" || names.dropFirst().first == "nodemon" {
      launch.markers = [("detected", "restarting due to changes")]
    }
    return launch
  }

  /// What `npm run dev`, `npm start` and their kin stand for.
  private static func script(_ words: [String], in scripts: [String: String]) -> String? {
    guard let program = words.first, ["npm", "yarn", "pnpm"].contains(ProjectPath.name(program))
    else { return nil }
    let rest = words.dropFirst().filter { !$0.hasPrefix("-") }
    let name = rest.first == "run" ? rest.dropFirst().first : rest.first
    return name.flatMap { scripts[$0] }
  }
}

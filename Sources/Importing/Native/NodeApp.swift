/// An app that package.json starts.
struct NodeApp {
  private static let port = "{{port}}"

  private let package: PackageJSON
  private let directory: String
  private let tree: ProjectTree

  /// - Parameter directory: where package.json is, relative to the project.
  init(_ package: PackageJSON, in directory: String, of tree: ProjectTree) {
    self.package = package
    self.directory = directory
    self.tree = tree
  }

  /// Nil if nothing says how to start it.
  func read() -> NativeImport? {
    var result = NativeImport(native: ScenarioDraft.Native(paths: [], source: package.file))
    for name in ["dev", "start"] {
      guard let script = package.scripts[name] else { continue }
      let words = command(script, named: name)
      var launch = Reloader.launch(
        script.split(whereSeparator: \.isWhitespace).map(String.init), environment: [:])
      let shown = PlainWords.quoted(script)
      result.found.append("script         \(name): \(PlainWords.line(script))")
      if name == "dev", launch.hasReloader != true {
        // Many tools reload that can't be told from their names.
        guard package.scripts["start"] != script else { continue }
        launch.hasReloader = !script.hasPrefix("node ")
        if launch.hasReloader == true {
          result.notes.append(
            ImportNote(
              "couldn't tell whether \(shown) reloads by itself; if it doesn't, write restart for reload",
              in: package.file, line: package.line(ofScript: name)))
        }
      }
      let path = launch.hasReloader == true ? "reload" : "restart"
      guard !result.native.paths.contains(where: { $0.name == path }) else { continue }
      result.native.paths.append(
        ScenarioDraft.Native.Path(
          name: path, command: words, markers: launch.markers,
          comment: "The script \(name): \(PlainWords.line(script))"))
      if launch.wantsWritingInPlace { result.native.wantsWritingInPlace = true }
    }
    if result.native.paths.isEmpty, let main = package.main ?? conventionalMain {
      let file = ProjectPath.prefixed(directory, main)
      guard tree.hasFile(file) else { return nil }
      result.native.paths = [
        ScenarioDraft.Native.Path(
          name: "restart", command: ["node", file], comment: "The main file")
      ]
    }
    guard !result.native.paths.isEmpty else { return nil }
    tellPort(&result)
    let needsModules = !package.dependencies.isEmpty
    if needsModules, !tree.hasDirectory(ProjectPath.prefixed(directory, "node_modules")) {
      result.notes.append(
        ImportNote(
          "its dependencies aren't installed; run npm install before a run", in: package.file))
    }
    return result
  }

  private var conventionalMain: String? {
    ["server.js", "index.js"].first { tree.hasFile(ProjectPath.prefixed(directory, $0)) }
  }

  /// A plain call of node as it is, all else by the package manager, which knows the shell and the tools.
  private func command(_ script: String, named name: String) -> [String] {
    let words = script.split(whereSeparator: \.isWhitespace).map(String.init)
    if words.first == "node", !script.contains(where: { "&|;<>$`\"'*()\\".contains($0) }) {
      return words.map { word in
        let inner = ProjectPath.joined(directory, word)
        return directory != "." && inner.map(tree.hasFile) == true ? inner ?? word : word
      }
    }
    let has = { (file: String) in tree.hasFile(ProjectPath.prefixed(directory, file)) }
    if has("yarn.lock") {
      return ["yarn"] + (directory == "." ? [] : ["--cwd", directory]) + ["run", name]
    }
    if has("pnpm-lock.yaml") {
      return ["pnpm"] + (directory == "." ? [] : ["--dir", directory]) + ["run", name]
    }
    return ["npm"] + (directory == "." ? [] : ["--prefix", directory]) + ["run", name]
  }

  private func tellPort(_ result: inout NativeImport) {
    let scripts = package.scripts.values.joined(separator: "\n")
    if package.dependencies.contains("vite") && scripts.contains("vite") {
      for index in result.native.paths.indices {
        let words = result.native.paths[index].command
        result.native.paths[index].command +=
          (words.first == "npm" ? ["--"] : []) + ["--port", Self.port]
      }
      return
    }
    let readsPort = sources.contains {
      $0.contains("process.env.PORT") || $0.contains("env.PORT") || $0.contains("env[\"PORT\"]")
        || $0.contains("env['PORT']")
    }
    let knowsPort: Set = ["next", "react-scripts", "nuxt", "@remix-run/serve"]
    if readsPort || !package.dependencies.isDisjoint(with: knowsPort) {
      for index in result.native.paths.indices {
        result.native.paths[index].environment = [("PORT", Self.port)]
      }
      return
    }
    for source in sources {
      if let match = source.firstMatch(of: /\.listen\(\s*(?:\{\s*port:\s*)?([0-9]{2,5})\b/),
        let port = Int(match.output.1), (1...65535).contains(port)
      {
        result.native.fixedPort = port
        result.notes.append(
          ImportNote(
            "the app always listens on port \(port), which has to be free while it is measured",
            in: package.file))
        return
      }
    }
    result.native.missing =
      "how the app is told its port: \(Self.port) in command or env, or probe.port"
    result.unfinished.append(
      ImportNote(
        "nothing says how the app is told its port; write \"\(Self.port)\" into command or env of "
          + "local-native, or the app's own port as app.probe.port", in: package.file))
  }

  private var sources: [String] {
    tree.files.filter { file in
      (directory == "." || file.hasPrefix(directory + "/"))
        && [".js", ".ts", ".mjs", ".cjs", ".mts"].contains(where: file.hasSuffix)
    }.prefix(200).compactMap(tree.text)
  }
}

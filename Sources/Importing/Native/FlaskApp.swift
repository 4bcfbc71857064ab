/// A Flask app, found by the line that makes it.
struct FlaskApp {
  private let file: String
  private let line: Int
  private let tree: ProjectTree

  /// Nil if the project has none.
  ///
  /// - Parameter directory: of the project; "." for all of it.
  init?(in directory: String, of tree: ProjectTree) {
    let made = tree.files.filter { file in
      file.hasSuffix(".py") && (directory == "." || file.hasPrefix(directory + "/"))
        && !file.contains("test")
    }.compactMap { file -> (String, Int)? in
      let lines = tree.text(file)?.textLines ?? []
      return lines.firstIndex { $0.contains(/=\s*(?:flask\.)?Flask\(/) }.map { (file, $0 + 1) }
    }
    guard let first = made.first else { return nil }
    (file, line) = first
    self.tree = tree
  }

  func read() -> NativeImport {
    // A package is named by its directory, a file by itself.
    let app = ProjectPath.name(file) == "__init__.py" ? ProjectPath.parent(file) : file
    let command = ["python3", "-m", "flask", "run"]
    let port = ["--port", "{{port}}"]
    let environment = [("FLASK_APP", app), ("PYTHONUNBUFFERED", "1")]
    let reload = ScenarioDraft.Native.Path(
      name: "reload", command: command + ["--reload"] + port,
      environment: environment.map { (name: $0.0, value: $0.1) }
        + [(name: "FLASK_DEBUG", value: "1")],
      markers: [("detected", "Detected change in"), ("restarted", "Restarting with")],
      comment: "Flask's own reloader must run on this path only")
    let restart = ScenarioDraft.Native.Path(
      name: "restart", command: command + port,
      environment: environment.map { (name: $0.0, value: $0.1) },
      markers: [("ready", "Running on http")])
    var result = NativeImport(
      native: ScenarioDraft.Native(
        paths: [reload, restart], source: "\(PlainWords.line(file)):\(line)"))
    result.found.append("Flask          \(PlainWords.line(file)) (line \(line))")
    result.isPython = true
    if let environment = [".venv", "venv"].first(where: { tree.hasFile("\($0)/pyvenv.cfg") }) {
      result.notes.append(
        ImportNote(
          "the python3 of the PATH runs the app, not this one; activate it before a run",
          in: environment))
    }
    return result
  }
}

import Scenarios

/// A scenario that was written for a project.
package struct ImportedScenario: Sendable {
  /// The file's text.
  package let text: String
  /// What it was written from, one line each: a word, spaces, what was found.
  package let found: [String]
  package let notCarriedOver: [ImportNote]
  /// What a person has to complete; empty if it can run as it is.
  package let unfinished: [ImportNote]
}

extension ImportedScenario {
  /// Looks at a project and writes a scenario for it. Nothing is changed.
  ///
  /// - Parameters:
  ///   - project: the project's directory.
  ///   - directory: where the scenario file is to be; absolute, the project itself or above it.
  ///   - file: the scenario file's name, for faults.
  ///   - wanted: the only source to look at; nil for all, of which the first that says how the app runs on
  ///     a cluster counts, and the first that says how it runs here.
  ///   - artifact: which of several images, or services, is meant.
  package static func write(
    for project: String, into directory: String, file: String, from wanted: ImportSource? = nil,
    artifact: String? = nil
  ) throws(ImportFailure) -> ImportedScenario {
    let tree = try ProjectTree(project)
    guard let source = Self.relative(tree.directory, to: directory) else {
      throw .outside(project: tree.directory, directory: directory)
    }
    var draft = ScenarioDraft(name: ProjectPath.scenarioName(ProjectPath.name(tree.directory)))
    draft.notCarriedOver = tree.notes
    let cluster = try cluster(tree, wanted, artifact)
    if artifact != nil, cluster == nil { throw .noSuchArtifact(artifact ?? "", known: []) }
    if let cluster { draft.take(cluster) }
    let context = draft.cluster?.context ?? "."
    if let native = try native(tree, wanted, context) { draft.take(native) }
    guard draft.cluster != nil || draft.native != nil else {
      throw .nothingFound(directory: tree.directory, wanted: wanted)
    }
    let finder = EditFinder(in: context, of: tree, rules: draft.cluster?.rules ?? [])
    draft.take(finder)
    draft.isPython = draft.isPython || (draft.edit?.file.hasSuffix(".py") ?? false)
    return finished(draft, source: source, directory: directory, file: file)
  }

  /// Whatever the decoder refuses has to be completed by a person.
  private static func finished(
    _ draft: ScenarioDraft, source: String, directory: String, file: String
  ) -> ImportedScenario {
    var draft = draft
    var text = ScenarioWriter.text(draft, source: source)
    if draft.unfinished.isEmpty {
      do {
        _ = try ScenarioFile.check(text: text, file: file, directory: directory)
      } catch {
        draft.unfinished = error.faults.map { ImportNote($0.message) }
      }
    }
    if !draft.unfinished.isEmpty {
      text = ScenarioWriter.text(draft, source: source)
      if (try? ScenarioFile.check(text: text, file: file, directory: directory)) != nil {
        draft.isRefused = true
        text = ScenarioWriter.text(draft, source: source)
      }
    }
    return ImportedScenario(
      text: text,
      found: draft.found, notCarriedOver: draft.notCarriedOver, unfinished: draft.unfinished)
  }

  private static func cluster(
    _ tree: ProjectTree, _ wanted: ImportSource?, _ artifact: String?
  ) throws(ImportFailure) -> ClusterImport? {
    if wanted == nil || wanted == .skaffold, let source = SkaffoldImport(tree) {
      return try source.read(artifact: artifact)
    }
    if wanted == nil || wanted == .compose, let source = ComposeImport(tree) {
      return try source.read(artifact: artifact)
    }
    if wanted == nil || wanted == .dockerfile, let source = DockerfileImport(tree) {
      return try source.read(artifact: artifact)
    }
    return nil
  }

  private static func native(
    _ tree: ProjectTree, _ wanted: ImportSource?, _ context: String
  ) throws(ImportFailure) -> NativeImport? {
    for directory in context == "." ? ["."] : [context, "."] {
      if wanted == nil || wanted == .packageJSON,
        let package = try PackageJSON(reading: directory, of: tree),
        let found = NodeApp(package, in: directory, of: tree).read()
      {
        return found
      }
      if wanted == nil || wanted == .flask, let app = FlaskApp(in: directory, of: tree) {
        return app.read()
      }
    }
    return nil
  }

  /// "." for the directory itself; nil if the path doesn't lie in it.
  private static func relative(_ path: String, to directory: String) -> String? {
    if path == directory { return "." }
    let root = directory == "/" ? "/" : directory + "/"
    return path.hasPrefix(root) ? String(path.dropFirst(root.count)) : nil
  }
}

extension ScenarioDraft {
  fileprivate mutating func take(_ cluster: ClusterImport) {
    self.cluster = cluster.cluster
    port = cluster.port
    found += cluster.found
    notCarriedOver += cluster.notes
    unfinished += cluster.unfinished
  }

  fileprivate mutating func take(_ native: NativeImport) {
    self.native = native.native
    found += native.found
    notCarriedOver += native.notes
    unfinished += native.unfinished
    isPython = native.isPython
    if let fixed = native.native.fixedPort {
      // One probe.port goes for all workflows.
      if cluster == nil || port == nil { port = fixed }
    }
  }

  /// Flask's reloader follows modules only. Templates are read anew in debug mode, which FLASK_DEBUG doesn't
  /// start with click 8.4.0 (pallets/flask issue 6025).
  private mutating func readTemplatesAnew(for edit: Edit) {
    guard isPython, !edit.file.hasSuffix(".py"), let paths = native?.paths else { return }
    for (index, path) in paths.enumerated() {
      guard let flag = path.command.firstIndex(of: "--reload") else { continue }
      native?.paths[index].command.insert("--debug", at: flag + 1)
      native?.paths[index].comment = "--debug has templates read anew; it needs Flask 2.2.3"
    }
  }

  fileprivate mutating func take(_ finder: EditFinder) {
    edit = finder.edit
    candidates = finder.candidates
    if let edit {
      readTemplatesAnew(for: edit)
      found.append(
        "edit           \(PlainWords.line(edit.file)):\(edit.line): \(PlainWords.line(edit.find))")
    } else {
      unfinished.append(
        ImportNote(
          "no text was found that a response certainly shows; write one under edits: file, find and replace"
        ))
    }
  }
}

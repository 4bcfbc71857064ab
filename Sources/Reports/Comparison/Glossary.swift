import Measurement

/// What the words of a report mean, for somebody who reads one for the first time.
enum Glossary {
  /// Of a phase, to follow its name; nil of one that devbench didn't name.
  static func meaning(ofPhase name: String) -> String? {
    switch name {
    case "detect": "until the save is noticed, by devbench or by the app's own reloader"
    case "pack": "reading the changed files and handing them over"
    case "transfer": "until they have landed in the container"
    case "notice": "until the app's own reloader in the container notices them"
    case "build": "until the new image is built"
    case "push": "sending the image to the registry"
    case "pull": "the cluster fetches it from there"
    case "deploy": "until the new container runs"
    case "stop": "until the old app has ended"
    case "grace period": "the old app didn't end when asked, until it was killed"
    case "start": "until the new app is ready"
    case "reload": "until the app has loaded the new code"
    case "respond": "from ready to the first answer with the new code"
    case Phase.unattributed: "what nothing explains"
    default: nil
    }
  }

  static func meaning(of workflow: WorkflowKind) -> String {
    switch workflow {
    case .localNative: "the app runs on this machine, without a container"
    case .localCluster: "in a container on a cluster of this machine"
    case .remoteCluster: "in a container on a remote cluster, over a link"
    }
  }

  static func meaning(of path: UpdatePath) -> String {
    switch path {
    case .reload: "the app's own reloader takes in the edit"
    case .restart: "the app is started again"
    case .sync: "the changed files are copied into the running container"
    case .rebuild: "the image is built and deployed again"
    }
  }
}

extension Comparison {
  /// The parts of a cell's name, in one line: only those that are in the names.
  var namesNote: String? {
    guard let first = cells.first else { return nil }
    let showsWorkflow = cells.contains { $0.label.hasPrefix($0.cell.workflow.rawValue + "/") }
    let showsEdit = Set(cells.map(\.cell.edit)).count > 1
    let showsLink = cells.contains { !$0.cell.link.isEmpty && $0.label.contains("@") }
    let showsDevelopers = cells.contains { $0.cell.developers > 1 && $0.label.contains(" x") }
    var parts = showsWorkflow ? ["workflow"] : []
    var meanings = showsWorkflow ? ["where the app runs"] : []
    if showsWorkflow || cells.count == 1 || Set(cells.map(\.cell.pathName)).count > 1 {
      parts.append("path")
      meanings.append("how an edit gets into it")
    }
    if showsEdit {
      parts.append("edit")
      meanings.append("what is edited")
    }
    var form = parts.joined(separator: "/")
    if showsLink {
      form += "@link"
      meanings.append("over which link")
    }
    if showsDevelopers {
      form += " xN"
      meanings.append("how many develop at once")
    }
    let example = cells.max { $0.label.count < $1.label.count } ?? first
    return "A name such as \(example.label) is \(form): \(meanings.joined(separator: ", "))."
  }

  /// The words that the names of cells are made of, with what they mean, in the order of the cells.
  var words: [(term: String, meaning: String)] {
    var words: [(term: String, meaning: String)] = []
    func add(_ term: String, _ meaning: String) {
      if !words.contains(where: { $0.term == term }) { words.append((term, meaning)) }
    }
    for cell in cells.map(\.cell) {
      add(cell.workflow.rawValue, Glossary.meaning(of: cell.workflow))
    }
    for cell in cells.map(\.cell) where cell.variant.isEmpty {
      add(cell.path.rawValue, Glossary.meaning(of: cell.path))
    }
    for cell in cells.map(\.cell) where !cell.variant.isEmpty {
      add(
        cell.pathName.description,
        cells.contains { $0.cell.path == cell.path && $0.cell.variant.isEmpty }
          ? "a variant of \(cell.path.rawValue): the scenario says how it differs"
          : Glossary.meaning(of: cell.path) + ", in a variant that the scenario describes")
    }
    return words
  }

  /// The phases that occur, with what they mean.
  var phaseWords: [(term: String, meaning: String)] {
    PhaseSummary.names(of: cells).compactMap { name in
      Glossary.meaning(ofPhase: name).map { (name, $0) }
    }
  }
}

import FileSync

/// Looks for a text in the sources that a response certainly shows, so that a token can stand in it.
///
/// Only what the source itself says counts: a literal that a handler of a known path answers with, or a
/// page's heading. What merely looks like a greeting is offered, never taken.
struct EditFinder {
  /// A literal that a response shows.
  struct Answer {
    /// Index of the line, from 0.
    var line: Int
    /// As the source spells it, without its quotes.
    var literal: String
    /// Of the URL; nil if it can't be told.
    var path: String?
    var reason: String
  }

  private static let mostCandidates = 5

  private let tree: ProjectTree
  private(set) var edit: ScenarioDraft.Edit?
  private(set) var candidates: [String] = []

  /// - Parameters:
  ///   - directory: the app's part of the project.
  ///   - rules: files that one of them takes come first; the others rebuild.
  init(in directory: String, of tree: ProjectTree, rules: [ScenarioDraft.Cluster.Rule]) {
    self.tree = tree
    let sync = rules.compactMap {
      try? SyncRule(from: $0.from, to: $0.to, strip: $0.strip, exclude: $0.exclude)
    }
    let files = tree.files.filter { file in
      (directory == "." || file.hasPrefix(directory + "/")) && !Self.isTest(file)
    }
    let synced = files.filter { file in sync.contains { $0.target(of: TreePath(file)) != nil } }
    let others = files.filter { !synced.contains($0) }
    var answers: [(file: String, edit: ScenarioDraft.Edit)] = []
    for file in (synced + others).prefix(500) {
      guard let text = tree.text(file) else { continue }
      let found = Self.answers(in: text, of: file, tree: tree)
      for (answer, place) in found {
        if let edit = self.edit(answer, in: place) {
          answers.append((place, edit))
        } else if candidates.count < Self.mostCandidates {
          candidates.append("\(place):\(answer.line + 1): \(PlainWords.line(answer.literal))")
        }
      }
      if answers.contains(where: { $0.edit.path == "/" }) { break }
    }
    edit = (answers.first { $0.edit.path == "/" } ?? answers.first)?.edit
    if edit == nil { page(among: synced + others) }
    if edit == nil { offerGreetings(in: synced + others) }
  }

  private static func isTest(_ file: String) -> Bool {
    file.split(separator: "/").contains {
      ["test", "tests", "__tests__", "spec", "fixtures", "examples"].contains($0)
        || $0.contains(".test.") || $0.contains(".spec.") || $0.hasPrefix("test_")
        || $0.contains("_test.")
    }
  }

  private static func answers(
    in text: String, of file: String, tree: ProjectTree
  ) -> [(Answer, file: String)] {
    switch file.split(separator: ".").last {
    case "py":
      return PythonAnswers(SourceLines.code(text, comments: .hash)).read(file: file, tree: tree)
    case "js", "mjs", "cjs", "ts", "mts", "jsx", "tsx":
      return ScriptAnswers(SourceLines.code(text, comments: .slashes)).answers.map { ($0, file) }
    case "go":
      return GoAnswers(SourceLines.code(text, comments: .slashes)).answers.map { ($0, file) }
    default: return []
    }
  }

  /// The edit that puts a token behind the literal; nil if that couldn't be told from others.
  private func edit(_ answer: Answer, in file: String) -> ScenarioDraft.Edit? {
    guard let path = answer.path, let text = tree.text(file) else { return nil }
    // Up to what the language takes for more than text.
    let trimmed = Self.trimmed(String(answer.literal.prefix { !"\\%{}$`".contains($0) }))
    guard trimmed.count >= 3 else { return nil }
    let line = text.textLines[answer.line]
    var unique = trimmed
    if Self.count(unique, in: text) != 1, let range = line.ranges(of: trimmed).first {
      // With what stands before it on the line, it may occur but once.
      unique = Self.trimmed(String(line[..<range.upperBound]))
    }
    guard Self.count(unique, in: text) == 1, !unique.contains("{{token}}") else { return nil }
    return ScenarioDraft.Edit(
      file: file, line: answer.line + 1, find: unique, replacement: unique + " {{token}}",
      path: path, reason: answer.reason)
  }

  /// A page that stands in the sources: its heading.
  private mutating func page(among files: [String]) {
    let pages = files.filter { ProjectPath.name($0) == "index.html" }
    guard pages.count == 1, let file = pages.first, let text = tree.text(file),
      let answer = PageHeading(text).answer
    else {
      for page in pages where candidates.count < Self.mostCandidates {
        candidates.append("\(page):1")
      }
      return
    }
    edit = self.edit(
      Answer(
        line: answer.line, literal: answer.literal, path: "/",
        reason: "the only index.html; check that / shows it"), in: file)
  }

  private mutating func offerGreetings(in files: [String]) {
    for file in files where candidates.count < Self.mostCandidates {
      let isSource = [
        ".py", ".js", ".ts", ".tsx", ".jsx", ".go", ".rb", ".php", ".java", ".kt", ".rs", ".cs",
        ".html",
        ".erb", ".vue", ".svelte", ".ex", ".swift",
      ].contains(where: file.hasSuffix)
      guard isSource, let text = tree.text(file) else { continue }
      let lines = text.textLines
      if let index = lines.firstIndex(where: { $0.contains(/(?i)\b(?:hello|welcome)\b/) }) {
        let entry =
          "\(PlainWords.line(file)):\(index + 1): \(PlainWords.line(Self.trimmed(String(lines[index]))))"
        if !candidates.contains(entry) { candidates.append(entry) }
      }
    }
  }

  static func trimmed(_ text: String) -> String {
    let start = text.drop(while: \.isWhitespace)
    return String(start.reversed().drop(while: \.isWhitespace).reversed())
  }

  private static func count(_ text: String, in whole: String) -> Int {
    let (wanted, bytes) = (Array(text.utf8), Array(whole.utf8))
    guard !wanted.isEmpty, wanted.count <= bytes.count else { return 0 }
    return (0...(bytes.count - wanted.count)).count { bytes[$0...].starts(with: wanted) }
  }
}

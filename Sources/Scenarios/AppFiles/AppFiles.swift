/// The app's directory, as far as edits need to know it.
final class AppFiles {
  /// Sources that people edit are far smaller.
  static let largestFile = 4 << 20
  private static let place = "the app's directory"

  /// Absolute, without symbolic links.
  let directory: String
  private var contents: [String: Result<[UInt8], FileSystem.ReadError>] = [:]

  init(directory: String) {
    self.directory = directory
  }

  /// The absolute path of a file that an edit changes; reports why it can't.
  func existing(_ file: String, at position: Position, faults: FaultList) -> String? {
    guard let path = inner(file, at: position, faults: faults) else { return nil }
    let name = Wording.quote(file)
    switch FileSystem.kind(path) {
    case .file:
      return path
    case .missing:
      faults.report(
        "no file \(name) in the app's directory; write the path of a file that it has",
        at: position)
    case .directory:
      faults.report("\(name) is a directory; write the path of a file in it", at: position)
    case .other:
      faults.report("\(name) isn't a regular file; write the path of one", at: position)
    case .unreadable(let reason):
      faults.report("\(name) can't be read: \(reason); make it readable", at: position)
    }
    return nil
  }

  /// The absolute path of a directory of the app; reports why there is none.
  func existingDirectory(_ path: String, at position: Position, faults: FaultList) -> String? {
    guard let inner = inner(path, at: position, faults: faults) else { return nil }
    let name = Wording.quote(path)
    switch FileSystem.kind(inner) {
    case .directory:
      return inner
    case .missing:
      faults.report(
        "no directory \(name) in the app's directory; write the path of one that it has",
        at: position)
    case .file, .other:
      faults.report("\(name) isn't a directory; write the path of one", at: position)
    case .unreadable(let reason):
      faults.report("\(name) can't be read: \(reason); make it readable", at: position)
    }
    return nil
  }

  /// The absolute path of a file that an edit creates; reports why it can't.
  func missing(_ file: String, at position: Position, faults: FaultList) -> String? {
    guard let path = inner(file, at: position, faults: faults) else { return nil }
    if FileSystem.exists(FileSystem.absolute(file, from: directory)) {
      faults.report(
        "\(Wording.quote(file)) exists already; write the path of a new file, or change this one "
          + "with file, find and replace", at: position)
      return nil
    }
    var parent = path
    while let slash = parent.lastIndex(of: "/"), slash > parent.startIndex {
      parent = String(parent[..<slash])
      switch FileSystem.kind(parent) {
      case .missing: continue
      case .directory: return path
      case .file, .other, .unreadable:
        faults.report(
          "\(Wording.quote(file)) can't be created, since a part of its path isn't a directory; "
            + "write another path", at: position)
        return nil
      }
    }
    return path
  }

  /// Where the text stands in the file, in bytes; reports why it isn't there just once.
  func range(
    of text: String, in path: String, named file: String, at position: Position, faults: FaultList
  ) -> Range<Int>? {
    let name = Wording.quote(file)
    let content: [UInt8]
    switch contents[path] ?? FileSystem.read(path, limit: Self.largestFile) {
    case .success(let bytes):
      content = bytes
      contents[path] = .success(bytes)
    case .failure(.tooLarge):
      contents[path] = .failure(.tooLarge)
      faults.report("\(name) is larger than 4 MiB; edit a smaller file", at: position)
      return nil
    case .failure(.system(let reason)):
      faults.report("\(name) can't be read: \(reason); make it readable", at: position)
      return nil
    }
    let found = FindText(text, in: content)
    if found.count == 1, let offset = found.offsets.first {
      return offset..<(offset + text.utf8.count)
    }
    if found.count == 0 {
      let windows = text.split(separator: "\n", omittingEmptySubsequences: false)
        .joined(separator: "\r\n")
      let hint =
        FindText(windows, in: content).count > 0
        ? "the file's lines end in CR LF, so write one line only"
        : "copy the text from the file, spaces included"
      faults.report("the text occurs nowhere in \(name); \(hint)", at: position)
    } else {
      let times = found.count == 2 ? "twice" : "\(found.count) times"
      faults.report(
        "the text occurs \(times) in \(name), on \(found.lines); add neighbouring text until it "
          + "occurs once", at: position)
    }
    return nil
  }

  private func inner(_ file: String, at position: Position, faults: FaultList) -> String? {
    if let problem = InnerPath.problem(file, in: Self.place) {
      faults.report(problem, at: position)
      return nil
    }
    switch InnerPath.resolve(file, in: directory) {
    case .inside(let path):
      return path
    case .leaves:
      faults.report(
        "\(Wording.quote(file)) leads through a symbolic link out of \(Self.place), or nowhere; write "
          + "the path of a file inside it", at: position)
      return nil
    }
  }
}

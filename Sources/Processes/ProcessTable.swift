package import Glibc

/// The machine's processes, read from /proc.
package enum ProcessTable {
  /// The environment variable that marks every process devbench starts, and what those start.
  /// Its value is `owner/sequence`: the identity of the devbench that started it, and which start.
  package static let label = "DEVBENCH_PROCESS"

  /// The environment variable that marks what devbench starts to stand for another machine: what such a process
  /// and its descendants take isn't the workstation's to give.
  package static let elsewhere = "DEVBENCH_ELSEWHERE"

  /// The numbers of all processes.
  package static func pids() -> [pid_t] { pids(in: "/proc") }

  static func pids(in root: String) -> [pid_t] {
    guard let directory = opendir(root) else { return [] }
    defer { closedir(directory) }
    var pids: [pid_t] = []
    while let entry = readdir(directory) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      if let pid = pid_t(name) { pids.append(pid) }
    }
    return pids
  }

  /// A process that runs, as the table shows it.
  package struct Entry: Sendable, Hashable {
    package let process: ProcessIdentity
    package let group: pid_t
    /// The label in its environment; nil if it has none.
    package let label: String?
  }

  /// The processes whose group or label is wanted, zombies and the asking process left out.
  ///
  /// - Parameters:
  ///   - group: a process group whose members are wanted, labelled or not.
  ///   - isWanted: asked with each label found.
  package static func living(
    group: pid_t? = nil, orLabelled isWanted: (String) -> Bool
  ) -> [Entry] {
    Snapshot().entries.filter { $0.group == group || $0.label.map(isWanted) ?? false }
  }

  /// The children of a process, and theirs, zombies left out.
  package static func descendants(of ancestor: pid_t) -> [Entry] {
    Snapshot().descendants(of: [ancestor])
  }

  /// All processes at one look, zombies and the asking process left out.
  struct Snapshot {
    let entries: [Entry]
    private let children: [pid_t: [Int]]

    init() {
      var entries: [Entry] = []
      var children: [pid_t: [Int]] = [:]
      for pid in ProcessTable.pids() where pid != getpid() {
        guard let stat = ProcessStat(pid: pid), !stat.isZombie else { continue }
        children[stat.parent, default: []].append(entries.count)
        entries.append(
          Entry(
            process: ProcessIdentity(
              pid: pid, startTime: stat.startTime, boot: ProcessIdentity.currentBoot),
            group: stat.processGroup, label: ProcessTable.label(of: pid)))
      }
      self.entries = entries
      self.children = children
    }

    /// The children of processes, and theirs; the processes themselves only if they are among them.
    func descendants(of ancestors: [pid_t]) -> [Entry] {
      var next = ancestors
      var found: Set<Int> = []
      while let parent = next.popLast() {
        for child in children[parent] ?? [] where found.insert(child).inserted {
          next.append(entries[child].process.pid)
        }
      }
      return found.sorted().map { entries[$0] }
    }
  }

  /// The label of a process; nil if it has none, is gone, or is another user's.
  package static func label(of pid: pid_t) -> String? {
    guard let bytes = read("/proc/\(pid)/environ", limit: 1 << 20) else { return nil }
    let prefix = Array("\(label)=".utf8)
    for variable in bytes.split(separator: 0) where variable.starts(with: prefix) {
      return String(decoding: variable.dropFirst(prefix.count), as: UTF8.self)
    }
    return nil
  }

  /// The command line of a process, for messages; its name if it has none.
  package static func command(of pid: pid_t) -> String? {
    guard let stat = ProcessStat(pid: pid) else { return nil }
    let bytes = read("/proc/\(pid)/cmdline", limit: 4096) ?? []
    let words = bytes.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
    return words.isEmpty ? stat.name : words.joined(separator: " ")
  }

  /// The whole text of a file of /proc; nil if it can't be read.
  package static func text(of path: String) -> String? {
    read(path, limit: 64 << 20).map { String(decoding: $0, as: UTF8.self) }
  }

  /// A file of /proc, whose size isn't known before it is read, and which gives a page at a time: Foundation
  /// takes the first short read for the end.
  static func read(_ path: String, limit: Int) -> [UInt8]? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 4096)
    while bytes.count < limit {
      let count = Glibc.read(descriptor, &chunk, chunk.count)
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { break }
      bytes.append(contentsOf: chunk[..<count])
    }
    return bytes
  }
}

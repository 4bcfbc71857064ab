import Containers
import FileSync
import Glibc
import Processes

/// What some directories of an image hold, and whose they are.
///
/// A layer's file brings its directories along, and what it says of their owners and modes hides what
/// the layers below say; a link in its place would be replaced by a directory.
struct ImageTree: Sendable {
  struct Facts: Sendable, Hashable {
    /// As find(1) calls it: `f`, `d`, `l` …
    let kind: Character
    /// Permission bits, `0o7777` at most.
    let mode: UInt16
    let user: Int
    let group: Int
  }

  enum Lookup: Sendable, Hashable {
    case there(Facts)
    case absent
    /// It lies in a directory that wasn't looked into.
    case unknown
  }

  struct Unreadable: Error, CustomStringConvertible {
    let description: String
  }

  /// By absolute path; the root is “/”.
  private let facts: [TreePath: Facts]
  private let listed: Set<TreePath>

  init(facts: [TreePath: Facts], listed: Set<TreePath>) {
    self.facts = facts
    self.listed = listed
  }

  /// The image is mounted for a moment; an ordinary user can do that in a namespace of podman's.
  private static let script = #"""
    root=$("$1" image mount "$2") || exit
    trap '"$1" image unmount "$2" >&2' EXIT
    cd "$root" && xargs -0 -r sh -c 'find "$@" -maxdepth 1 -printf "%y %m %U %G %p\\0"' sh
    """#

  /// Looks into directories of an image of the store.
  ///
  /// - Parameter directories: absolute. Of one that is something else only the facts are read.
  init(
    of image: String, directories: Set<TreePath>, podman: Podman
  ) async throws(Unreadable) {
    var command = ["sh", "-c", Self.script, "sh", podman.program, image]
    if geteuid() != 0 { command = podman.command(["unshare"]) + command }
    var invocation = Invocation(command: command)
    invocation.environment = podman.environment
    invocation.ledger = podman.ledger
    for directory in directories.sorted() {
      invocation.input += [UInt8(ascii: ".")] + directory.bytes + [0]
    }
    let result: Invocation.Result
    do {
      result = try await invocation.run(limit: .seconds(60))
    } catch {
      throw Unreadable(description: "the image's directories can't be read: \(error)")
    }
    guard result.exit == .exited(0) else {
      throw Unreadable(
        description: "the image's directories can't be read: "
          + (result.errorTail.last ?? "podman image mount \(result.exit)"))
    }
    var facts: [TreePath: Facts] = [:]
    for line in result.output.split(separator: 0) {
      let fields = line.split(separator: UInt8(ascii: " "), maxSplits: 4)
      guard fields.count == 5, let kind = fields[0].first,
        let mode = UInt16(String(decoding: fields[1], as: UTF8.self), radix: 8),
        let user = Int(String(decoding: fields[2], as: UTF8.self)),
        let group = Int(String(decoding: fields[3], as: UTF8.self))
      else {
        throw Unreadable(
          description: "find(1) prints what isn't understood: "
            + String(decoding: line.prefix(100), as: UTF8.self))
      }
      // “./app” or “.//”, as the argument was.
      let path = TreePath("/").appending(
        TreePath(bytes: fields[4].dropFirst().drop { $0 == TreePath.slash }))
      facts[path] = Facts(
        kind: Character(Unicode.Scalar(kind)), mode: mode, user: user, group: group)
    }
    self.init(facts: facts, listed: directories)
  }

  func lookup(_ path: TreePath) -> Lookup {
    if let facts = facts[path] { return .there(facts) }
    let parent = path.parent ?? TreePath("/")
    if listed.contains(parent) { return .absent }
    guard parent != TreePath("/") else { return .unknown }
    switch lookup(parent) {
    case .absent: return .absent
    case .there(let facts): return facts.kind == "d" ? .unknown : .absent
    case .unknown: return .unknown
    }
  }
}

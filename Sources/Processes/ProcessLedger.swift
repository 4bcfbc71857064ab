import Foundation
import Glibc
import Synchronization

/// Records of the process groups that a run started, on disk, so that a later start can end them.
package struct ProcessLedger: Sendable, Hashable {
  package let directory: String

  package init(directory: String) {
    self.directory = directory
  }

  /// A record's third line: the program tidies up behind itself if what it started is ended first.
  private static let childrenFirst = "children first"

  private static let sequence = Atomic<Int>(0)

  /// A label that no other start of this or any other devbench has.
  static func nextLabel() -> String {
    let number = sequence.add(1, ordering: .relaxed).newValue
    return "\(ProcessIdentity.current)/\(number)"
  }

  /// The devbench that a label says the process was started by.
  static func owner(of label: String) -> ProcessIdentity? {
    label.lastIndex(of: "/").flatMap { ProcessIdentity(parsing: label[..<$0]) }
  }

  /// Records a group. The label in its environment covers the moment before the record exists.
  func record(
    _ group: ProcessGroup, ending: Invocation.Ending = .atOnce
  ) throws(ProcessFailure) {
    let path = file(of: group)
    var text = "\(group.leader)\n\(group.label)\n"
    if ending != .atOnce { text += "\(Self.childrenFirst)\n" }
    do {
      try Data(text.utf8).write(to: URL(fileURLWithPath: path))
    } catch {
      throw .unusableState(path: path, reason: error.localizedDescription)
    }
  }

  func forget(_ group: ProcessGroup) {
    unlink(file(of: group))
  }

  private func file(of group: ProcessGroup) -> String { "\(directory)/\(group.id)" }

  /// Ends everything a dead owner left.
  ///
  /// - Returns: the number of groups and strays that were ended.
  func endAll(of owner: ProcessIdentity) async -> Int {
    var ended = 0
    let names = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
    for name in names {
      guard let text = try? String(contentsOfFile: "\(directory)/\(name)", encoding: .utf8) else {
        continue
      }
      let lines = text.split(separator: "\n")
      guard lines.count >= 2, let leader = ProcessIdentity(parsing: lines[0]) else { continue }
      let group = ProcessGroup(leader: leader, label: String(lines[1]))
      guard group.isLiving else { continue }
      if lines.dropFirst(2).first.map(String.init) == Self.childrenFirst {
        await group.endChildrenFirst(limit: .seconds(10))
      } else {
        _ = await group.terminate(grace: .zero)
      }
      ended += 1
    }
    // What was started and not yet recorded is known by its label alone.
    let strays = ProcessTable.living { $0.hasPrefix("\(owner)/") }
    for stray in strays where stray.process.isAlive {
      guard let label = stray.label else { continue }
      _ = await ProcessGroup(leader: stray.process, label: label).terminate(grace: .zero)
      ended += 1
    }
    return ended
  }
}

import FileSync
import Measurement

/// Finds edits that a sync path can't take into the container by a copy.
struct SyncNotes {
  private struct Path {
    var name: PathName
    var mapping: SyncMapping
  }

  private let paths: [Path]

  /// - Parameter workflows: validated.
  init(workflows: [WorkflowSpec]) {
    paths = workflows.flatMap(\.paths).compactMap { path in
      guard path.path == .sync, let cluster = path.cluster else { return nil }
      do {
        return Path(name: path.pathName, mapping: try cluster.syncMapping())
      } catch {
        // The decoder has let only such through as can be made.
        return nil
      }
    }
  }

  /// It is allowed: the loop rebuilds then, and one scenario may measure both.
  func report(on files: [EditDecoder.ChangedFile], to notes: FaultList) {
    for file in files {
      let path = TreePath(
        file.name.replacing(Change.tokenPlaceholder, with: "t0123456789abcdef")
          .split(separator: "/").filter { $0 != "." }.joined(separator: "/"))
      let names = paths.filter { $0.mapping.targets(of: path).isEmpty }.map { path in
        Wording.quote("\(path.name)")
      }
      guard !names.isEmpty else { continue }
      notes.report(
        "no sync rule of \(names.joined(separator: " and ")) takes \(Wording.quote(file.name)), so "
          + "each save rebuilds the image there; add a rule, or leave the path out with --edit and "
          + "--path", at: file.position)
    }
  }
}

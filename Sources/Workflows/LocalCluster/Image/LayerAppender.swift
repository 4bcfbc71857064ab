import Containers
import FileSync
import Foundation
import Scenarios

/// Makes the image of a changed tree from the last full build's: with one layer more, which holds the
/// files that changed since, where the Dockerfile only copies them.
///
/// The image is equal in content to what a full build makes. Whenever that isn't certain, a full build
/// it is.
struct LayerAppender: Sendable {
  static let builderName = "append"

  /// What a full build is needed for.
  struct Obstacle: Error, CustomStringConvertible {
    let description: String
  }

  /// The last full build.
  let base: AppImage
  /// What its context held.
  let content: [TreePath: TreeEntry]
  /// Its Dockerfile.
  let dockerfileText: String
  let builder: ImageBuilder
  private let copies: CopiedFiles
  private let leftOut: DockerIgnore

  /// A layer is made in memory.
  static let sizeLimit: Int64 = 16 << 20

  /// - Parameter content: relative to the build's context.
  init(
    base: AppImage, content: [TreePath: TreeEntry], dockerfileText: String, leftOut: DockerIgnore,
    builder: ImageBuilder
  ) throws(Obstacle) {
    self.base = base
    self.content = content
    self.dockerfileText = dockerfileText
    self.builder = builder
    self.leftOut = leftOut
    do {
      copies = try Dockerfile(parsing: dockerfileText).copiedFiles
    } catch {
      throw Obstacle(description: "the Dockerfile can't be understood: \(error)")
    }
  }

  private struct Change {
    let path: TreePath
    let entry: TreeEntry
    let place: CopiedFiles.Place
  }

  /// Makes the image of the context as it is now.
  ///
  /// - Parameter now: relative to the build's context.
  /// - Throws: `Obstacle` if only a full build can make it.
  func append(
    _ now: [TreePath: TreeEntry], named name: String
  ) async throws -> AppImage {
    let changes = try changes(to: now)
    guard try builder.dockerfileText() == dockerfileText else {
      throw Obstacle(description: "the Dockerfile changed")
    }
    let layer = try layer(of: changes)
    let appended = try AppendedImage(
      base: base.document, layer: layer.bytes, name: name, created: Date())
    var archive = LayerTar()
    for file in appended.files {
      archive.add(Array(file.name.utf8), .file(file.content), mode: 0o644)
    }
    archive.finish()
    _ = try await builder.service.load(archive: archive.bytes)
    let document = base.document.withID(appended.id)
    let count = changes.count
    return AppImage(
      document: document, builder: "\(Self.builderName) (\(count) \(count == 1 ? "file" : "files"))"
    )
  }

  /// What a full build would find changed, and where it goes.
  private func changes(to now: [TreePath: TreeEntry]) throws(Obstacle) -> [Change] {
    for path in content.keys.sorted() where now[path] == nil && !leftOut.excludes(path) {
      if try !places(of: path, content[path]).isEmpty {
        throw Obstacle(description: "\(path) was removed")
      }
    }
    var changes: [Change] = []
    var size: Int64 = 0
    for path in now.keys.sorted() {
      guard let entry = now[path], entry != content[path], !leftOut.excludes(path) else { continue }
      if let old = content[path], old.kind != entry.kind {
        throw Obstacle(description: "\(path) was replaced by something else")
      }
      if case .file(let facts) = entry { size += facts.size }
      for place in try places(of: path, entry) {
        changes.append(Change(path: path, entry: entry, place: place))
      }
    }
    guard size <= Self.sizeLimit else {
      throw Obstacle(description: "\(size >> 20) MB changed")
    }
    let paths = changes.map(\.place.path)
    guard Set(paths).count == paths.count else {
      throw Obstacle(description: "several files are copied to one place")
    }
    return changes
  }

  private func places(
    of path: TreePath, _ entry: TreeEntry?
  ) throws(Obstacle) -> [CopiedFiles.Place] {
    guard let entry else { return [] }
    do {
      return try copies.places(of: path, entry.kind)
    } catch {
      throw Obstacle(description: "\(error)")
    }
  }

  private func layer(of changes: [Change]) throws -> LayerTar {
    var tar = LayerTar()
    for change in changes {
      let (user, group) = (change.place.owner?.user ?? 0, change.place.owner?.group ?? 0)
      let name = Array(change.place.path.bytes.drop { $0 == UInt8(ascii: "/") })
      switch change.entry {
      case .directory:
        tar.add(
          name, .directory, mode: change.place.mode ?? 0o755, user: user, group: group)
      case .link(let target):
        tar.add(name, .link(target: target.bytes), mode: 0o777, user: user, group: group)
      case .file(let facts):
        let path = "\(builder.context)/\(change.path)"
        let data = try Data(contentsOf: URL(fileURLWithPath: path))
        guard Int64(data.count) == facts.size else {
          throw Obstacle(description: "\(change.path) changes while it is read")
        }
        tar.add(
          name, .file(Array(data)), mode: change.place.mode ?? facts.mode, user: user,
          group: group, modifiedAt: facts.modifiedAt / 1_000_000_000)
      }
    }
    tar.finish()
    return tar
  }
}

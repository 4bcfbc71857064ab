import Containers
import FileSync
import Foundation

/// Makes the image of a changed context from the last full build's: with one layer more, which holds
/// the files that changed since, where the Dockerfile only copies them.
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
  private let recipe: BuildRecipe
  private let content: ContextTree
  private let builder: ImageBuilder
  /// Read beside what is waited for, since only the first change needs it.
  private let tree: Task<ImageTree, any Error>

  /// A layer is made in memory.
  static let sizeLimit: Int64 = 16 << 20

  /// - Parameters:
  ///   - recipe: what the build followed.
  ///   - content: the context before the build.
  init(
    base: AppImage, recipe: BuildRecipe, content: ContextTree, bases: BaseImageChoice,
    builder: ImageBuilder
  ) throws {
    self.base = base
    self.recipe = recipe
    self.builder = builder
    var content = content
    content.doubt(where: try recipe.context(of: builder))
    self.content = content
    let directories = Self.directories(of: recipe.copies, content)
    tree = Task {
      for image in bases.bases {
        guard try await builder.service.image(image.imageID).triggers.isEmpty else {
          throw Obstacle(
            description: "the base image \(image.reference) adds instructions of its own (ONBUILD)")
        }
      }
      return try await ImageTree(of: base.id, directories: directories, podman: builder.podman)
    }
  }

  /// Ends what still runs.
  func end() async {
    tree.cancel()
    _ = await tree.result
  }

  /// The directories of an image that say where copies land, and with what around them.
  private static func directories(
    of copies: CopiedFiles, _ content: ContextTree
  ) -> Set<TreePath> {
    var directories: Set<TreePath> = [TreePath("/")]
    for copy in copies.plain {
      directories.formUnion(copy.target.ancestors)
      if copy.targetIsDirectory != nil { directories.insert(copy.target) }
    }
    for (path, entry) in content.entries {
      guard case .directory = entry, let places = try? copies.places(of: path, entry.kind) else {
        // What an instruction uses can't be appended, wherever it lies.
        continue
      }
      directories.formUnion(places.map(\.path))
    }
    return directories
  }

  /// Makes the image of the context as it is now.
  ///
  /// - Throws: `Obstacle` if only a full build can make it.
  func append(named name: String) async throws -> AppImage {
    guard try recipe == BuildRecipe(of: builder) else {
      throw Obstacle(description: "the Dockerfile or what it leaves out changed")
    }
    let now: ContextTree
    do {
      now = try recipe.context(of: builder)
    } catch {
      throw Obstacle(description: "\(error)")
    }
    let tree: ImageTree
    do {
      tree = try await self.tree.value
    } catch let error as ImageTree.Unreadable {
      throw Obstacle(description: "\(error)")
    }
    let changed = try ChangedLayer(
      copies: recipe.copies, content: content, now: now, tree: tree)
    guard !changed.isEmpty else { return described(base.document, changed) }
    let layer = try changed.layer(context: builder.context, limit: Self.sizeLimit)
    let appended = try AppendedImage(
      base: base.document, layer: layer.bytes, name: name, created: Date())
    _ = try await builder.service.load(archive: appended.archive())
    var image = described(base.document.withID(appended.id), changed)
    image.appended = (appended, base.document)
    return image
  }

  private func described(_ document: ImageDocument, _ changed: ChangedLayer) -> AppImage {
    let count = changed.count
    return AppImage(
      document: document, builder: "\(Self.builderName) (\(count) \(count == 1 ? "file" : "files"))"
    )
  }
}

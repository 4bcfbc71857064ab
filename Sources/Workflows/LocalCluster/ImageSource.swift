import Containers
import FileSync
import Foundation
import Scenarios

/// Makes the app's image from the tree: by a full build, or by a layer on top of the last one.
actor ImageSource {
  private let spec: ClusterSpec
  private let builder: ImageBuilder
  private let tell: @Sendable (LoopEvent) -> Void
  /// The build's directory, relative to the tree.
  nonisolated let context: TreePath

  private var bases: BaseImageChoice?
  /// What the bases were chosen for.
  private var basedOn: String?
  private var appender: LayerAppender?
  private var appends = 0
  private var copies: CopiedFiles?

  init(
    spec: ClusterSpec, builder: ImageBuilder, tell: @escaping @Sendable (LoopEvent) -> Void
  ) {
    self.spec = spec
    self.builder = builder
    self.tell = tell
    context = TreePath(spec.image.context.split(separator: "/").filter { $0 != "." }.joined(separator: "/"))
  }

  /// What the build context leaves out, as the tree says now.
  nonisolated func leftOut() throws(WorkflowFailure) -> DockerIgnore {
    do {
      return try DockerIgnore(
        context: URL(fileURLWithPath: builder.context), dockerfile: spec.image.dockerfile)
    } catch {
      throw .build("\(error)", output: [])
    }
  }

  /// The image of the tree as it is now.
  ///
  /// - Parameter tree: all of it, relative to its root.
  func image(of tree: [TreePath: TreeEntry]) async throws(WorkflowFailure) -> AppImage {
    let content = inContext(tree)
    let text = try builder.dockerfileText()
    if spec.builder == .append, let appender, text == appender.dockerfileText {
      do {
        appends += 1
        return try await appender.append(content, named: "\(builder.reference)-\(appends)")
      } catch let obstacle as LayerAppender.Obstacle {
        note("built in full: \(obstacle)")
      } catch let failure as EngineFailure {
        throw .engine(failure)
      } catch let failure as WorkflowFailure {
        throw failure
      } catch {
        throw .watch("\(error)")
      }
    }
    return try await build(content, text)
  }

  private func build(
    _ content: [TreePath: TreeEntry], _ text: String
  ) async throws(WorkflowFailure) -> AppImage {
    let tell = tell
    let bases: BaseImageChoice
    if let known = self.bases, basedOn == text {
      bases = known
    } else {
      bases = try await builder.bases { line in tell(.output(source: "devbench", line: line)) }
    }
    let image = try await builder.build(bases: bases) { line in
      tell(.output(source: "build", line: line))
    }
    (self.bases, basedOn) = (bases, text)
    do {
      copies = try Dockerfile(parsing: text).copiedFiles
    } catch {
      copies = nil
    }
    do {
      appender = try LayerAppender(
        base: image, content: content, dockerfileText: text, leftOut: try leftOut(),
        builder: builder)
    } catch let obstacle as LayerAppender.Obstacle {
      appender = nil
      if spec.builder == .append { note("each change is built in full: \(obstacle)") }
    } catch {
      throw .watch("\(error)")
    }
    return image
  }

  /// Whether an image that is built now holds a file of the tree somewhere, as far as can be told.
  func mayHold(_ path: TreePath, _ entry: TreeEntry) throws(WorkflowFailure) -> Bool {
    guard let inner = path.relative(to: context), try !leftOut().excludes(inner) else {
      return false
    }
    guard let copies else { return true }
    do {
      return try !copies.places(of: inner, entry.kind).isEmpty
    } catch {
      // Something is done with it that only a build can do.
      return true
    }
  }

  /// Takes away the names that the images have for this session, and those that have no other.
  func removeImages(by service: PodmanService) async throws(EngineFailure) {
    for name in [builder.reference] + (0..<appends).map({ "\(builder.reference)-\($0 + 1)" }) {
      try await service.remove(image: name)
    }
  }

  private func inContext(_ tree: [TreePath: TreeEntry]) -> [TreePath: TreeEntry] {
    guard !context.isEmpty else { return tree }
    var content: [TreePath: TreeEntry] = [:]
    for (path, entry) in tree {
      if let inner = path.relative(to: context) { content[inner] = entry }
    }
    return content
  }

  private func note(_ text: String) {
    tell(.output(source: "devbench", line: text))
  }
}

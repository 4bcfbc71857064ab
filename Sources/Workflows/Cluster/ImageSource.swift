import Clock
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

  private(set) var bases: BaseImageChoice?
  /// When the bases were there that had to be pulled; nil if none had.
  private(set) var pulledAt: MonotonicInstant?
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
    context = TreePath(
      spec.image.context.split(separator: "/").filter { $0 != "." }.joined(separator: "/"))
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
  func image() async throws(WorkflowFailure) -> AppImage {
    if spec.builder == .append, let appender {
      do {
        appends += 1
        return try await appender.append(named: builder.tag.reference(appends))
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
    return try await build()
  }

  private func build() async throws(WorkflowFailure) -> AppImage {
    let tell = tell
    let text = try builder.dockerfileText()
    let bases: BaseImageChoice
    if let known = self.bases, basedOn == text {
      bases = known
    } else {
      bases = try await builder.bases { line in tell(.output(source: "devbench", line: line)) }
      if bases.bases.contains(where: { $0.origin == .pulled }) { pulledAt = .now() }
    }
    // Looked at before the build, so that what changes meanwhile counts as changed.
    let look = try look()
    let image = try await builder.build(bases: bases) { line in
      tell(.output(source: "build", line: line))
    }
    (self.bases, basedOn, copies) = (bases, text, look?.recipe.copies)
    await appender?.end()
    appender = nil
    guard spec.builder == .append, let look else { return image }
    do {
      appender = try LayerAppender(
        base: image, recipe: look.recipe, content: look.content, bases: bases, builder: builder)
    } catch {
      note("each change is built in full: \(error)")
    }
    return image
  }

  /// What the build is about to do, and with what; nil if it can't be told.
  private func look() throws(WorkflowFailure) -> (recipe: BuildRecipe, content: ContextTree)? {
    do {
      let recipe = try BuildRecipe(of: builder)
      return (recipe, try recipe.context(of: builder))
    } catch let failure as WorkflowFailure {
      throw failure
    } catch {
      if spec.builder == .append { note("each change is built in full: \(error)") }
      return nil
    }
  }

  func end() async {
    await appender?.end()
    appender = nil
  }

  /// Whether a program can be run by the image's own shell.
  func hasShell(_ image: AppImage) async throws(WorkflowFailure) -> Bool {
    try await builder.hasShell(image)
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

  private func note(_ text: String) {
    tell(.output(source: "devbench", line: text))
  }
}

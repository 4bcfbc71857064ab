import Containers
import FileSync
import Foundation
import Scenarios

/// What a build does with its context: as long as it stays the same, a changed file changes only its
/// copies.
struct BuildRecipe: Sendable, Equatable {
  private let dockerfile: String
  private let leftOut: DockerIgnore
  let copies: CopiedFiles

  /// Reads it as it is now.
  ///
  /// - Throws: `LayerAppender.Obstacle` for what isn't understood, `WorkflowFailure` for a Dockerfile
  ///   that can't be read.
  init(of builder: ImageBuilder) throws {
    dockerfile = try builder.dockerfileText()
    do {
      leftOut = try DockerIgnore(
        context: URL(fileURLWithPath: builder.context), dockerfile: builder.spec.dockerfile)
      copies = try Dockerfile(parsing: dockerfile).copiedFiles
    } catch {
      throw LayerAppender.Obstacle(description: "\(error)")
    }
    let podmansOwn = "\(builder.context)/.containerignore"
    if builder.ignoreFile() == nil, FileManager.default.fileExists(atPath: podmansOwn) {
      throw LayerAppender.Obstacle(description: "there is a .containerignore")
    }
  }

  /// The context as it is now.
  func context(of builder: ImageBuilder) throws(ContextTree.Unreadable) -> ContextTree {
    try ContextTree(root: builder.context, leftOut: leftOut, wanted: copies.mayTake)
  }
}

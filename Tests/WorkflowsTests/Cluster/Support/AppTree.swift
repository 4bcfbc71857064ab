import Containers
import Foundation
import Glibc
import Processes
import Scenarios
import TestSupport

@testable import Workflows

/// An app's sources with a Dockerfile, and what builds it.
final class AppTree: Sendable {
  let directory: TemporaryDirectory
  let engine: ClusterEngine
  let builder: ImageBuilder
  private let scratch: TemporaryDirectory

  init(
    _ engine: ClusterEngine, dockerfile: String, files: [String: String] = [:],
    image: ImageSpec = ImageSpec(name: "app")
  ) throws {
    directory = try TemporaryDirectory()
    scratch = try TemporaryDirectory()
    self.engine = engine
    builder = ImageBuilder(
      podman: engine.podman, service: engine.service, spec: image, tree: directory.path,
      scratch: scratch.path, tag: SessionTag(session: "test"),
      label: ContainerLabel(session: "test"))
    for (name, text) in files { try directory.write(name, text) }
    try write(dockerfile: dockerfile)
  }

  func write(dockerfile: String) throws {
    let prefix = builder.spec.context == "." ? "" : "\(builder.spec.context)/"
    try directory.write(
      prefix + builder.spec.dockerfile, "FROM \(ClusterEngine.base)\n\(dockerfile)")
  }

  func chmod(_ name: String, _ mode: mode_t) throws {
    guard Glibc.chmod(directory(name), mode) == 0 else { throw POSIXError(.EPERM) }
  }

  func link(_ name: String, to target: String) throws {
    try remove(name)
    try FileManager.default.createSymbolicLink(
      atPath: directory(name), withDestinationPath: target)
  }

  func remove(_ name: String) throws {
    do {
      try FileManager.default.removeItem(atPath: directory(name))
    } catch let error as CocoaError where error.code == .fileNoSuchFile {}
  }

  func move(_ name: String, to other: String) throws {
    guard rename(directory(name), directory(other)) == 0 else { throw POSIXError(.EIO) }
  }

  func bases() async throws -> BaseImageChoice { try await builder.bases { _ in } }

  func build() async throws -> AppImage {
    try await builder.build(bases: bases()) { _ in }
  }

  /// A full build, and what appends to it.
  func buildForAppending() async throws -> LayerAppender {
    let recipe = try BuildRecipe(of: builder)
    let content = try recipe.context(of: builder)
    let bases = try await bases()
    let image = try await builder.build(bases: bases) { _ in }
    return try LayerAppender(
      base: image, recipe: recipe, content: content, bases: bases, builder: builder)
  }
}

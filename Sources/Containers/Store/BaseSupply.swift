import Clock
package import Processes

/// Sees to it that a build in an empty store finds its base images: by a pull, as for anybody who begins, or, where
/// no registry answers, from an archive of what this machine's own store has.
package struct BaseSupply: Sendable {
  /// A base that can't be pulled.
  package struct Archive: Sendable, Hashable {
    /// Of an OCI archive.
    package let path: String
    /// What the image is called in it.
    package let reference: String
    /// What the Dockerfile asks for.
    package let wanted: String
    /// Why it isn't pulled.
    package let reason: String
    /// What a stand-in has; nil for the image itself.
    package let standIn: String?

    /// What that means for figures.
    package var note: String {
      let what = standIn.map { "\(reference) (\($0)), which stands for \(wanted)," } ?? wanted
      return
        "no registry answered for \(wanted): the base \(what) was loaded from an archive on this machine's "
        + "disk, so “pull” holds its unpacking, and no network"
    }
  }

  /// This machine's engine with the user's store.
  private let podman: Podman
  private let store: EngineStore
  private let builder: StandInBuilder
  private let silence: RegistrySilence

  package init(of podman: Podman, for store: EngineStore, state: StateDirectory) {
    self.podman = podman
    self.store = store
    builder = StandInBuilder(podman: podman, state: state)
    silence = RegistrySilence(state: state)
  }

  /// Asks the registries of a Dockerfile's bases, and makes the archives of those that can't be pulled. In the
  /// user's store images are only read.
  ///
  /// - Throws: `unusableDockerfile`, `noBaseImage`, and what podman fails with.
  package func archives(
    dockerfile text: String, path: String, values: [String: String]
  ) async throws(EngineFailure) -> [Archive] {
    let dockerfile: Dockerfile
    do {
      dockerfile = try Dockerfile(parsing: text)
    } catch {
      throw .unusableDockerfile(path: path, reason: "\(error)")
    }
    var archives: [Archive] = []
    for (index, base) in dockerfile.bases(values).enumerated() {
      guard let reason = try await silence(for: base.reference) else { continue }
      archives.append(
        try await archive(base.reference, to: store.file("base-\(index).tar"), because: reason))
    }
    return archives
  }

  /// Brings an archive's image into the store, under the name that a build looks for.
  ///
  /// - Parameter engine: of the store.
  package static func load(
    _ archive: Archive, into engine: Podman
  ) async throws(EngineFailure) {
    _ = try await engine.run(
      ["load", "--quiet", "--input", archive.path], limit: .seconds(900))
  }

  /// Why a registry isn't asked for an image; nil if it answers, whatever it says.
  private func silence(for wanted: String) async throws(EngineFailure) -> String? {
    guard let reference = ImageReference(wanted) else {
      throw .noBaseImage(
        reference: wanted, reason: "that is no image's name", mend: "write it as registry/name:tag")
    }
    if let known = silence.reason(of: reference.registry) { return known }
    let reason: String
    do throws(EngineFailure) {
      // Fetches a manifest and no layer; the store has none, so it is the registry that is asked.
      _ = try await store.engine(podman).run(
        ["manifest", "inspect", "\(reference)"], limit: BaseImages.patience)
      return nil
    } catch {
      switch error {
      case .failed(_, _, let lines):
        let line = lines.last { $0.hasPrefix("Error") } ?? lines.last ?? ""
        guard let silent = lines.first(where: BaseImages.isSilence) else { return nil }
        reason = BaseImages.isSilence(line) ? line : silent
      case .timedOut: reason = "no registry answered within \(BaseImages.patience)"
      default: throw error
      }
    }
    silence.remember(reference.registry, reason: reason)
    return reason
  }

  private func archive(
    _ wanted: String, to path: String, because reason: String
  ) async throws(EngineFailure) -> Archive {
    let reference: String
    var standIn: StandIn?
    if try await podman.image(wanted) != nil {
      reference = wanted
    } else if let known = ImageReference(wanted).flatMap({ StandIn(for: $0) }) {
      guard try await builder.image(known) != nil else {
        throw .noBaseImage(
          reference: wanted, reason: reason,
          mend: "“\(StandIn.command)” makes a stand-in from Debian's packages")
      }
      (reference, standIn) = (known.reference, known)
    } else {
      throw .noBaseImage(
        reference: wanted, reason: reason,
        mend: "bring it from another machine with “podman save” and “podman load”, or name "
          + "another base")
    }
    _ = try await podman.run(
      ["save", "--quiet", "--format", "oci-archive", "--output", path, reference],
      limit: .seconds(900))
    return Archive(
      path: path, reference: reference, wanted: wanted, reason: reason,
      standIn: standIn?.contents)
  }
}

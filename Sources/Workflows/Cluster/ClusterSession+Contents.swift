import Containers

extension ClusterSession {
  /// The files of the image that runs, and its settings.
  package func contents() async throws(WorkflowFailure) -> SetUpContents? {
    guard let image = await runningLoop?.image, let engine = imageEngine else {
      throw .noContainer(image: imageName)
    }
    do {
      let document = try await engine.service.image(image.id)
      let files = try await engine.service.files(
        of: image.id, by: engine.podman, label: engine.label)
      return SetUpContents(
        files: files.mapValues { SetUpContents.Entry($0) }, settings: try document.settings(),
        imageID: document.id)
    } catch {
      throw WorkflowFailure(error)
    }
  }
}

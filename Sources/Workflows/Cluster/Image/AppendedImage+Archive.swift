import Containers

extension AppendedImage {
  /// The layer and what makes it an image, as a tar archive.
  ///
  /// - Parameter name: what the image is to be called; nil for the name it was made with.
  func archive(named name: String? = nil) throws(EngineFailure) -> [UInt8] {
    var archive = LayerTar()
    for file in try files(named: name) {
      archive.add(Array(file.name.utf8), .file(file.content), mode: 0o644)
    }
    archive.finish()
    return archive.bytes
  }
}

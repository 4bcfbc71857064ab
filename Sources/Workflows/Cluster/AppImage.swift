import Containers
import FileSync

/// An image of the app that was built in this session.
struct AppImage: Sendable {
  let document: ImageDocument
  /// The name of the builder that made it, and what it took: `append (1 file)`.
  let builder: String
  /// What it consists of, if it is another one with a layer more.
  var appended: (image: AppendedImage, base: ImageDocument)?

  var id: String { document.id }
}

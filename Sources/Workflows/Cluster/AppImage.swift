import Containers
import FileSync

/// An image of the app that was built in this session.
struct AppImage: Sendable {
  let document: ImageDocument
  /// The name of the builder that made it, and what it took: `append (1 file)`.
  let builder: String

  var id: String { document.id }
}

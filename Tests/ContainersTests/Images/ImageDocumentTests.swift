import Foundation
import Testing

@testable import Containers

struct ImageDocumentTests {
  @Test(
    "instructions for builds on top are read from the history, where podman shows them",
    arguments: [
      ("/bin/sh -c #(nop) ONBUILD COPY . /app", true), ("ONBUILD RUN make", true),
      ("/bin/sh -c #(nop) COPY dir:1 in /app", false),
    ])
  func triggers(_ created: String, _ wanted: Bool) throws {
    let text = """
      {"Id": "aa", "Architecture": "amd64", "Os": "linux", "RootFS": {"Layers": []}, "Config": {},
       "History": [{"created_by": "\(created)"}]}
      """
    let image = try JSONDecoder().decode(ImageDocument.self, from: Data(text.utf8))
    #expect(image.triggers.isEmpty == !wanted)
  }
}

import Foundation
import Testing

@testable import Containers

struct AppendedImageTests {
  private static let base = """
    {"Id": "aa", "Architecture": "arm64", "Os": "linux", "RootFS": {"Layers": ["sha256:11"]},
     "Config": {"Env": ["A=1"], "Cmd": ["x"], "StopSignal": "SIGINT", "Labels": {"l": "1"},
       "Healthcheck": {"Interval": 5}},
     "History": [{"created_by": "first"}]}
    """

  private func appended() throws -> (AppendedImage, ImageDocument) {
    let document = try JSONDecoder().decode(ImageDocument.self, from: Data(Self.base.utf8))
    return (
      try AppendedImage(
        base: document, layer: [1, 2, 3], name: "localhost/x:1", labels: ["m": "2"],
        created: Date(timeIntervalSince1970: 0)), document
    )
  }

  private func json(_ image: AppendedImage, _ name: String) throws -> [String: Any] {
    let file = try #require(image.files().first { $0.name == name }, "\(name)")
    return try #require(
      try JSONSerialization.jsonObject(with: Data(file.content)) as? [String: Any])
  }

  @Test func configurationIsTheBasesWithOneLayerMore() throws {
    let (image, _) = try appended()
    let file = try json(image, "blobs/sha256/\(image.id)")
    #expect(file["architecture"] as? String == "arm64")
    let config = try #require(file["config"] as? [String: Any])
    #expect(config["Env"] as? [String] == ["A=1"])
    #expect(config["StopSignal"] as? String == "SIGINT")
    #expect(config["Labels"] as? [String: String] == ["l": "1", "m": "2"])
    #expect((config["Healthcheck"] as? [String: Int]) == ["Interval": 5])
    let rootfs = try #require(file["rootfs"] as? [String: Any])
    // printf '\1\2\3' | sha256sum
    let digest = "039058c6f2c0cb492c533b0a4d14ef77cc0f78abccced5287d84a1a2011cfb81"
    #expect(rootfs["diff_ids"] as? [String] == ["sha256:11", "sha256:\(digest)"])
    #expect((file["history"] as? [Any])?.count == 2)
    #expect(
      try image.files().contains { $0.name == "blobs/sha256/\(digest)" && $0.content == [1, 2, 3] })
  }

  @Test func manifestNamesEveryBlobByItsDigestAndSize() throws {
    let (image, _) = try appended()
    let index = try json(image, "index.json")
    let entry = try #require((index["manifests"] as? [[String: Any]])?.first)
    #expect(
      (entry["annotations"] as? [String: String])?["org.opencontainers.image.ref.name"]
        == "localhost/x:1")
    let digest = try #require(entry["digest"] as? String).dropFirst("sha256:".count)
    let manifest = try json(image, "blobs/sha256/\(digest)")
    let config = try #require(manifest["config"] as? [String: Any])
    #expect(config["digest"] as? String == "sha256:\(image.id)")
    let size = try image.files().first { $0.name == "blobs/sha256/\(image.id)" }?.content.count
    #expect(config["size"] as? Int == size)
    let layers = try #require(manifest["layers"] as? [[String: Any]])
    #expect(layers.map { $0["digest"] as? String }.first == "sha256:11")
    #expect(layers.last?["size"] as? Int == 3)
  }

  @Test func labelsAloneDontMakeAnotherConfiguration() throws {
    let (_, base) = try appended()
    func other(_ old: String, _ new: String) throws -> ImageDocument {
      try JSONDecoder().decode(
        ImageDocument.self, from: Data(Self.base.replacing(old, with: new).utf8))
    }
    #expect(base.isConfigured(like: try other(#""l": "1""#, #""l": "2""#)))
    #expect(!base.isConfigured(like: try other("A=1", "A=2")))
    #expect(base.withID("bb").id == "bb")
    #expect(base.stopSignal == "SIGINT")
  }
}

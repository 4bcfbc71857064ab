import Foundation
import Processes
import Testing

@testable import Containers

/// Archives are made by the machine's own tar, in each of the formats that an engine may write.
struct TarReaderTests {
  /// printf hello | sha256sum
  private static let hello = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"
  /// printf '' | sha256sum
  private static let nothing = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
  private static let long = String(repeating: "long-name-", count: 20)

  private func archive(format: String) async throws -> [UInt8] {
    let script = #"""
      d=$(mktemp -d) && cd "$d" && mkdir -p "a/$1" && printf hello >"a/$1/file" && chmod 4755 "a/$1/file" &&
        : >a/empty && ln -s "$1/file" a/link && ln "a/$1/file" a/other && mkfifo a/pipe &&
        chmod 640 a/empty && chmod 755 a "a/$1" &&
        tar --format="$2" --sort=name --owner=5:5 --group=6:6 -cf - ./a; status=$?; rm -rf "$d"; exit $status
      """#
    // The old formats have room for less.
    let name = ["ustar", "v7"].contains(format) ? "short" : Self.long
    let result = try await Invocation(command: ["sh", "-c", script, "sh", name, format])
      .run(limit: .seconds(20))
    try #require(result.exit == .exited(0), "\(result.errorTail)")
    return result.output
  }

  private func entries(_ bytes: [UInt8], parts: Int) throws -> [String: TarEntry] {
    var reader = TarReader()
    for start in stride(from: 0, to: bytes.count, by: parts) {
      try bytes[start..<min(start + parts, bytes.count)].withUnsafeBytes { try reader.feed($0) }
    }
    try reader.finish()
    return reader.entries
  }

  @Test(
    "every kind of entry is read, however the archive is cut",
    arguments: [
      "gnu", "pax", "ustar", "oldgnu",
    ], [1, 7, 512, 100_000])
  func kinds(format: String, parts: Int) async throws {
    let name = format == "ustar" ? "short" : Self.long
    let read = try entries(try await archive(format: format), parts: parts)
    func entry(
      _ kind: TarEntry.Kind, _ mode: Int, size: Int64 = 0, _ digest: String = "", link: String = ""
    ) -> TarEntry {
      TarEntry(kind: kind, mode: mode, owner: "5:6", size: size, digest: digest, link: link)
    }
    #expect(read["a"] == entry(.directory, 0o755))
    #expect(read["a/\(name)"] == entry(.directory, 0o755))
    #expect(read["a/\(name)/file"] == entry(.file, 0o4755, size: 5, Self.hello))
    #expect(read["a/empty"] == entry(.file, 0o640, Self.nothing))
    #expect(read["a/link"] == entry(.symbolicLink, 0o777, link: "\(name)/file"))
    #expect(read["a/other"] == read["a/\(name)/file"])
    #expect(read["a/pipe"]?.kind == .fifo)
    #expect(read.count == 7)
  }

  @Test("what is cut short or damaged is said to be")
  func damaged() async throws {
    let whole = try await archive(format: "gnu")
    #expect(throws: TarFault.self) { try entries(Array(whole.prefix(700)), parts: 512) }
    var damaged = whole
    damaged[20] ^= 1
    #expect(throws: TarFault(description: "the checksum of a member's header is wrong")) {
      try entries(damaged, parts: 512)
    }
  }
}

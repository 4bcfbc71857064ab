import Foundation
import Glibc
import Testing

@testable import FileSync

@Suite(.timeLimit(.minutes(5)))
struct TarArchiveTests {
  private let scratch: Scratch

  init() throws {
    scratch = try Scratch()
  }

  private func bytes(of archive: TarArchive) throws -> (bytes: [UInt8], torn: [TreePath]) {
    var sink = ByteBuffer()
    var lines = DigestLines(.none)
    let torn = try archive.write(to: &sink, lines: &lines)
    return (sink.bytes, torn)
  }

  private func file(_ name: TreePath) throws -> OpenFile {
    let file = try OpenFile(scratch.root.appending(name))
    return try #require(file)
  }

  @Test("an archive is as long as it says and in whole blocks; long names cost two more members")
  func length() throws {
    try scratch.write("f", String(repeating: "x", count: 513))
    for count in [1, 99, 100, 101, 255, 256, 511, 512, 513, 4000] {
      let name = TreePath("/" + String(repeating: "n", count: count))
      let archive = TarArchive([
        .init(target: name, content: .file(try file("f"))),
        .init(target: name, content: .directory),
        .init(target: "/l", content: .link(target: name)),
      ])
      let bytes = try bytes(of: archive).bytes
      #expect(Int64(bytes.count) == archive.length && bytes.count % 512 == 0, "\(count)")
    }
  }

  @Test("edge 10: a file that shrinks is filled up and one that grows is cut, and both are torn")
  func changing() throws {
    let content = [UInt8](repeating: 7, count: 300_000)
    for name: TreePath in ["shrinks", "grows", "stays"] { try scratch.write(name, content) }
    let archive = TarArchive([
      .init(target: "/shrinks", content: .file(try file("shrinks"))),
      .init(target: "/grows", content: .file(try file("grows"))),
      .init(target: "/stays", content: .file(try file("stays"))),
    ])
    try scratch.write("shrinks", [UInt8](repeating: 7, count: 1000))
    try scratch.write("grows", content + content)
    let (bytes, torn) = try bytes(of: archive)
    #expect(torn == ["/shrinks", "/grows"])
    #expect(Int64(bytes.count) == archive.length)
    #expect(
      bytes[512..<1512].allSatisfy { $0 == 7 } && bytes[1512..<300_512].allSatisfy { $0 == 0 })
  }

  @Test(
    "edge 42: an archive's members are as old as the archive, whatever the host's files are",
    arguments: [0, 1_000_000_000, 4_000_000_000])
  func times(seconds: Int) throws {
    try scratch.write(TreePath("d/f"), [1])
    for name in ["d/f", "d"] { try scratch.setTime(TreePath(name), seconds: seconds) }
    let before = Int(time(nil))
    var changes = ChangeSet(image: [:])
    changes.add(container: "c")
    changes.mark("")
    let next = changes.nextBatch(for: "c", from: try TreeScan(root: scratch.path))
    let batch = try #require(next)
    let archive = try WholeArchive(
      batch, mapping: SyncMapping([SyncRule(from: "**", to: "/app")]), root: scratch.root)
    let headers = [0, 512].map { archive.bytes[($0 + 136)..<($0 + 147)] }
    for digits in headers {
      let written = try #require(Int(String(decoding: digits, as: UTF8.self), radix: 8))
      #expect((before...Int(time(nil))).contains(written))
    }
  }

  @Test("what isn't a regular file can't be opened to be sent")
  func irregular() throws {
    try scratch.write("d/f", "x")
    try scratch.link("l", to: "d/f")
    for path: TreePath in ["d", "l", "missing", "d/f/below"] {
      #expect(try OpenFile(scratch.root.appending(path)) == nil, "\(path)")
    }
  }

  /// Counts and forgets.
  private struct Counter: ByteSink {
    var count: Int64 = 0
    var largest = 0

    mutating func write(_ bytes: UnsafeRawBufferPointer) {
      count += Int64(bytes.count)
      largest = max(largest, bytes.count)
    }
  }

  @Test("a file of 100 MB passes in pieces of at most 128 KiB")
  func large() throws {
    let path = scratch.path + "/large"
    #expect(FileManager.default.createFile(atPath: path, contents: nil))
    #expect(truncate(path, 100 << 20) == 0)
    let archive = TarArchive([.init(target: "/large", content: .file(try file("large")))])
    var counter = Counter()
    var lines = DigestLines(.none)
    #expect(try archive.write(to: &counter, lines: &lines).isEmpty)
    #expect(counter.count == archive.length && counter.largest <= OpenFile.chunk)
  }

  @Test(
    "digests are those of the programs",
    arguments: [
      (
        ContentDigest.sha256, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", ""
      ),
      (.sha256, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", "abc"),
      (.md5, "900150983cd24fb0d6963f7d28e17f72", "abc"), (.cksum, "4294967295", ""),
      (.cksum, "1219131554", "abc"), (.none, "-", "abc"),
    ])
  func digests(_ kind: ContentDigest, _ expected: String, _ text: String) {
    var digest = Digester(kind)
    Array(text.utf8).withUnsafeBytes { digest.update($0) }
    #expect(digest.finish() == expected)
  }
}

import Foundation
import TestSupport
import Testing

@testable import Workflows

struct LayerTarTests {
  /// Read back by a reader of another author.
  @Test func archiveIsWhatPythonReads() throws {
    let long = String(repeating: "d", count: 90) + "/" + String(repeating: "é", count: 120)
    let target = String(repeating: "t/", count: 80) + "x"
    var tar = LayerTar()
    tar.add(Array("app".utf8), .directory, mode: 0o2750, user: 7, group: 8)
    tar.add(
      Array("app/a.py".utf8), .file(Array("print(1)\n".utf8)), mode: 0o640, user: 1_000_000,
      group: 100_000, modifiedAt: 1_700_000_000)
    tar.add(Array("empty".utf8), .file([]), mode: 0o755, user: 2_097_152, group: 4_294_967_294)
    tar.add(Array(long.utf8), .file([UInt8](repeating: 1, count: 1024)), mode: 0o600)
    tar.add(Array("link".utf8), .link(target: Array(target.utf8)), mode: 0o777)
    tar.add(Array(" -x\n'\"\\".utf8), .file([10]), mode: 0o644)
    tar.add(Array(String(repeating: "n", count: 100).utf8), .file([1]), mode: 0o644)
    tar.finish()
    let directory = try TemporaryDirectory()
    try Data(tar.bytes).write(to: URL(fileURLWithPath: directory("layer.tar")))
    #expect(tar.bytes.count % 512 == 0)

    let script = """
      import json, sys, tarfile
      for m in tarfile.open(sys.argv[1]):
        print(json.dumps([m.name, m.type.decode(), oct(m.mode), m.uid, m.gid, m.size, m.mtime, m.linkname]))
      """
    let output = Pipe()
    let process = Process()
    process.executableURL = URL(fileURLWithPath: try Python.path())
    process.arguments = ["-c", script, directory("layer.tar")]
    process.standardOutput = output
    try process.run()
    let bytes = try output.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
    let members = try lines.map {
      try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [Any]).map { "\($0)" }
        .joined(separator: "|")
    }
    #expect(
      members == [
        "app|5|0o2750|7|8|0|0|", "app/a.py|0|0o640|1000000|100000|9|1700000000|",
        "empty|0|0o755|2097152|4294967294|0|0|", "\(long)|0|0o600|0|0|1024|0|",
        "link|2|0o777|0|0|0|0|\(target)", " -x\n'\"\\|0|0o644|0|0|1|0|",
        "\(String(repeating: "n", count: 100))|0|0o644|0|0|1|0|",
      ])
  }
}

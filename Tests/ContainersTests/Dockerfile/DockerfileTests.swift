import Foundation
import Testing

@testable import Containers

@Suite struct DockerfileTests {
  @Test(
    "the images that a build needs are found, however they are written",
    arguments: [
      ("FROM python:3.13-slim", [:], ["python:3.13-slim"]),
      ("from python\nrun true", [:], ["python"]),
      ("ARG BASE=a/b:1\nFROM ${BASE}", [:], ["a/b:1 BASE"]),
      ("ARG BASE=a/b:1\nFROM $BASE AS x", ["BASE": "c:2"], ["c:2 BASE"]),
      ("ARG BASE\nFROM ${BASE:-d:4}", [:], ["d:4"]),
      ("ARG V=3.13\nARG TAG=$V-slim\nFROM python:${TAG}", [:], ["python:3.13-slim"]),
      ("ARG V=3.13\nFROM python:${V}${X:+-slim}", ["X": "1"], ["python:3.13"]),
      (
        "FROM --platform=$BUILDPLATFORM golang:1 AS build\nFROM scratch\nCOPY --from=build /a /a",
        [:], ["golang:1"]
      ),
      ("FROM a AS one\nFROM b AS two\nFROM one", [:], ["a"]),
      ("FROM a AS One\nFROM b\nCOPY --from=one /x /x", [:], ["a", "b"]),
      ("FROM a\nFROM b\nCOPY --from=0 /x /x", [:], ["a", "b"]),
      ("FROM a\nCOPY --from=busybox:1 /x /x", [:], ["a", "busybox:1"]),
      (
        "FROM a\nRUN --mount=type=bind,from=tools:1,target=/t --network=none true", [:],
        ["a", "tools:1"]
      ),
      ("FROM a\nFROM a", [:], ["a"]),
      ("FROM \\\n  # why\n\n  a \\\n  AS x\nFROM x", [:], ["a"]),
      ("# escape=`\nFROM `\n a\nRUN dir c:\\\nFROM b", [:], ["b"]),
      ("# syntax=docker/dockerfile:1\n\n# FROM no\nFROM a # not a comment", [:], []),
      (
        "FROM a\nRUN <<EOF\nFROM nothing\nEOF\nCOPY <<-\"E.1\" /x\n\tFROM never\n\tE.1\n", [:],
        ["a"]
      ),
      ("FROM a\nRUN cat <<<EOF", [:], ["a"]),
      ("\u{FEFF}FROM a\r\nRUN x \\\r\n  y\r\n", [:], ["a"]),
      ("FROM a@sha256:0123", [:], ["a@sha256:0123"]),
    ] as [(String, [String: String], [String])])
  func bases(text: String, values: [String: String], wanted: [String]) {
    // One line of the table isn't a Dockerfile: what follows FROM is no comment.
    guard let dockerfile = try? Dockerfile(parsing: text) else {
      #expect(wanted.isEmpty)
      return
    }
    let found = dockerfile.bases(values).map { base in
      base.reference + (base.argument.map { " \($0)" } ?? "")
    }
    #expect(found == wanted)
  }

  @Test("only the stages of the wanted target count")
  func target() throws {
    let dockerfile = try Dockerfile(
      parsing: "FROM a AS one\nFROM b AS two\nCOPY --from=one /x /x\nFROM c")
    #expect(dockerfile.bases(target: "two").map(\.reference) == ["a", "b"])
    #expect(dockerfile.bases(target: "one").map(\.reference) == ["a"])
    #expect(dockerfile.bases().map(\.reference) == ["c"])
  }

  @Test(
    "what is no Dockerfile is told with its line",
    arguments: [
      ("", 1), ("RUN true\nFROM a", 1), ("FROM", 1), ("FROM a\n\nFROM b BUT c", 3),
      ("FROM a\nRUN <<EOF\nopen", 2),
    ])
  func faults(text: String, line: Int) {
    let fault = #expect(throws: Dockerfile.Fault.self) { try Dockerfile(parsing: text) }
    #expect(fault?.line == line)
  }

  @Test(
    "an instruction's options and words are told apart",
    arguments: [
      (
        "COPY --from=x --chown=1:2 a b /c", ["from": "x", "chown": "1:2"], ["a", "b", "/c"], false
      ),
      ("COPY [\"a b\", \"/c\"]", [:], ["a b", "/c"], true),
      ("COPY --link [\"a b\", \"/c\"]", ["link": ""], ["a b", "/c"], true),
      ("COPY \"a b\" 'c d' e\\ f /g", [:], ["a b", "c d", "e f", "/g"], false),
      ("CMD [\"python3\", \"-m\", \"flask\"]", [:], ["python3", "-m", "flask"], true),
      ("CMD python3 \\\n  -m flask", [:], ["python3", "-m", "flask"], false),
      ("RUN [ -f x ]", [:], ["[", "-f", "x", "]"], false),
    ] as [(String, [String: String], [String], Bool)])
  func words(line: String, flags: [String: String], words: [String], isJSON: Bool) throws {
    let dockerfile = try Dockerfile(parsing: "FROM a\n" + line)
    let instruction = try #require(dockerfile.stages[0].instructions.first)
    #expect(instruction.flags == flags)
    #expect(instruction.words == words)
    #expect(instruction.isJSON == isJSON)
    #expect(instruction.line == 2)
  }

  @Test("the shipped apps start from public images, by an argument")
  func shipped() throws {
    let root = #filePath.components(separatedBy: "/Tests/")[0]
    for (app, base) in [("flask-hello", "python:3.13-slim"), ("node-hello", "node:22-slim")] {
      let text = try String(
        contentsOfFile: "\(root)/scenarios/apps/\(app)/Dockerfile", encoding: .utf8)
      let bases = try Dockerfile(parsing: text).bases()
      #expect(bases.map(\.reference) == ["docker.io/library/\(base)"])
      #expect(bases.map(\.argument) == ["BASE"])
    }
  }
}

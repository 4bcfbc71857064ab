import Testing

@testable import Processes

@Suite("ProcessStat")
struct ProcessStatTests {
  private static let rest = "S 7 42 42 0 -1 4194560 9 0 0 0 11 5 0 0 20 0 1 0 8123 2326528 290"

  @Test(
    "fields are counted from the last parenthesis, whatever the name holds",
    arguments: [
      "sh", "two words", "(sd-pam)", "a) R 1 2 3", "))))", "", " ", "line\nbreak", "tab\tname",
      "naïve ☕", ") S 1 1 1 1 1 1 1",
    ])
  func names(name: String) throws {
    let stat = try #require(ProcessStat(parsing: "1234 (\(name)) \(Self.rest)\n"))
    #expect(stat.pid == 1234)
    #expect(stat.name == name)
    #expect(stat.state == "S")
    #expect(stat.parent == 7)
    #expect(stat.processGroup == 42)
    #expect(stat.cpuTicks == 16)
    #expect(stat.startTime == 8123)
  }

  @Test(
    "what isn't such a line is nothing",
    arguments: [
      "", "1234", "1234 (sh", "1234 sh) \(rest)", "x (sh) \(rest)", "1234 (sh) S 7 42",
      ")( \(rest)", "1234 (sh) S x 42 42 0 -1 0 9 0 0 0 11 5 0 0 20 0 1 0 8123 0 0",
    ])
  func malformed(line: String) {
    #expect(ProcessStat(parsing: line) == nil)
  }

  @Test("only Z and X are dead", arguments: zip("RSDTtIZX", [0, 0, 0, 0, 0, 0, 1, 1]))
  func zombies(state: Character, isDead: Int) throws {
    let line = "1 (sh) \(state)\(Self.rest.dropFirst())"
    #expect(try #require(ProcessStat(parsing: line)).isZombie == (isDead == 1))
  }

  @Test("a file of /proc is read to its end, though each read gives a page at most")
  func wholeText() throws {
    let maps = try #require(ProcessTable.text(of: "/proc/self/maps"))
    #expect(maps.utf8.count > 8192)
    // Near the last of its lines.
    #expect(maps.contains("[stack]"))
    #expect(ProcessTable.text(of: "/proc/self/nothing") == nil)
  }
}

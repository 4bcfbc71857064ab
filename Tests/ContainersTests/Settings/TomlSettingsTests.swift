import Testing

@testable import Containers

@Suite struct TomlSettingsTests {
  @Test(
    "a value is kept as it stands, whatever it is",
    arguments: [
      ("[engine]\nruntime = \"runc\" # why\n", ["engine", "runtime"], "\"runc\""),
      ("[engine]\r\nruntime=\"runc\"\r\n", ["engine", "runtime"], "\"runc\""),
      ("engine.runtime = 'runc'", ["engine", "runtime"], "'runc'"),
      (
        "[ engine . runtimes ]\n\"my run\" = [\"/x\"]", ["engine", "runtimes", "my run"], "[\"/x\"]"
      ),
      (
        "[containers]\nannotations = [\n  \"a=]\", # ]\n  'b',\n]\ntz = \"local\"",
        ["containers", "annotations"], "[\n  \"a=]\", # ]\n  'b',\n]"
      ),
      ("[a]\nb = { c = 1, d = \"}\" }", ["a", "b"], "{ c = 1, d = \"}\" }"),
      ("[a]\nb = \"\"\"\nx\n\"\"\"\nc = 1", ["a", "b"], "\"\"\"\nx\n\"\"\""),
      ("[a]\nb = \"say \\\"hi\\\" # no comment\"", ["a", "b"], "\"say \\\"hi\\\" # no comment\""),
      ("[a]\nb = true", ["a", "b"], "true"),
      ("# [a]\n[b]\n#c = 1\nd = -1.5e3   ", ["b", "d"], "-1.5e3"),
    ])
  func values(text: String, path: [String], value: String) throws {
    let settings = try TomlSettings(parsing: text)
    #expect(settings[TomlSettings.Key(path: path)] == value)
    #expect(try TomlSettings(parsing: settings.text) == settings)
  }

  @Test(
    "what isn't TOML is told with its line",
    arguments: [
      ("[engine\n", 1), ("x", 1), ("a = 1\n\n[[b]]\n", 3), ("a = \"open\n", 1), ("a = [1,\n2", 2),
      ("a =\n", 1), ("[a]\nb = 1\n= 2", 3), ("a b = 1", 1),
    ])
  func faults(text: String, line: Int) {
    let fault = #expect(throws: TomlSettings.Fault.self) { try TomlSettings(parsing: text) }
    #expect(fault?.line == line)
  }

  @Test("a later file's key replaces an earlier one's, and all others stay")
  func overlay() throws {
    var settings = try TomlSettings(parsing: "[engine]\nruntime = \"crun\"\nretry = 3\n")
    settings.overlay(try TomlSettings(parsing: "top = 1\n[engine]\nruntime = \"runc\"\n"))
    #expect(settings.text == "top = 1\n\n[engine]\nruntime = \"runc\"\nretry = 3\n")
  }

  @Test(
    "the strings of an array are read",
    arguments: [
      ("[]", []), ("[\"a=1\", 'b']", ["a=1", "b"]),
      ("[\n \"x\", # \"no\"\n \"y\\\"z\" ]", ["x", "y\"z"]),
    ])
  func strings(value: String, strings: [String]) throws {
    let settings = try TomlSettings(parsing: "a = \(value)")
    #expect(settings.strings(.init("a")) == strings)
    #expect(settings.strings(.init("b")) == nil)
  }
}
